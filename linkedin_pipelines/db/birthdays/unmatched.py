"""Stated birthdays for which no contact was found, and what the member settled about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts.people import BATCH
from linkedin_pipelines.db.models import BirthdayDecision, BirthdayRecord
from linkedin_pipelines.domain.states import BirthdaySource, MatchRule


def count_unmatched(session: Session, account_id: int) -> int:
    """How many stated birthdays have no contact, each entry of an address book once; as `unmatched_birthdays` lists."""
    query = select(
        BirthdayRecord.source, BirthdayRecord.name_key, BirthdayRecord.profile_slugs, BirthdayRecord.emails
    ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.is_(None))
    rows = session.execute(query.execution_options(yield_per=BATCH))
    return len({hash((source, key, tuple(slugs), tuple(emails))) for source, key, slugs, emails in rows})


@dataclass(frozen=True)
class UnmatchedBirthday:
    """A stated birthday for which no contact was found, and why."""

    source: BirthdaySource
    name: str
    raw_date: str
    reason: str
    refusal: str | None
    entry_key: str
    slugs: tuple[str, ...]
    emails: tuple[str, ...]
    rule: MatchRule | None
    """`member` where the member settled that it is of none of the connections."""


def unmatched_birthdays(session: Session, account_id: int) -> list[UnmatchedBirthday]:
    """Each once, however often its source stated it with another date; the newest date of it."""
    query = (
        select(
            BirthdayRecord.source,
            BirthdayRecord.name,
            BirthdayRecord.raw_date,
            func.coalesce(BirthdayRecord.unmatched_reason, ""),
            BirthdayRecord.refusal,
            func.coalesce(BirthdayRecord.entry_key, ""),
            BirthdayRecord.name_key,
            BirthdayRecord.profile_slugs,
            BirthdayRecord.emails,
        )
        .where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.is_(None))
        .order_by(func.coalesce(BirthdayRecord.import_id, 0), BirthdayRecord.id)
    )
    decided = decisions(session, account_id)
    newest: dict[Any, UnmatchedBirthday] = {}
    for source, name, raw, reason, refusal, entry, key, slugs, emails in session.execute(query):
        newest[source, key, tuple(slugs), tuple(emails)] = UnmatchedBirthday(
            source,
            name,
            raw,
            reason,
            refusal,
            entry,
            tuple(slugs),
            tuple(emails),
            MatchRule.MEMBER if entry in decided else None,
        )
    return sorted(newest.values(), key=lambda row: (row.name.casefold(), row.source, row.raw_date))


def decisions(session: Session, account_id: int) -> dict[str, int | None]:
    """What the member settled, by entry: the contact, or None for nobody of this account."""
    query = select(BirthdayDecision.entry_key, BirthdayDecision.contact_id)
    rows = session.execute(query.where(BirthdayDecision.account_id == account_id))
    return {row.entry_key: row.contact_id for row in rows}


def put_decisions(session: Session, account_id: int, settled: Mapping[str, int | None], now: datetime) -> None:
    """Keep what the member settled; a later decision on the same entry replaces the earlier."""
    if not settled:
        return
    session.execute(
        delete(BirthdayDecision)
        .where(BirthdayDecision.account_id == account_id, BirthdayDecision.entry_key.in_(list(settled)))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert(BirthdayDecision),
        [
            {"account_id": account_id, "entry_key": entry, "contact_id": contact_id, "decided_at": now}
            for entry, contact_id in settled.items()
        ],
    )


def drop_decisions(session: Session, account_id: int, entries: Sequence[str]) -> None:
    """Take decisions back; the rules decide again."""
    session.execute(
        delete(BirthdayDecision)
        .where(BirthdayDecision.account_id == account_id, BirthdayDecision.entry_key.in_(entries))
        .execution_options(synchronize_session=False)
    )


def entries(session: Session, account_id: int) -> dict[str, str]:
    """The name of every entry that files stated, by its key."""
    query = select(BirthdayRecord.entry_key, BirthdayRecord.name)
    rows = session.execute(query.where(BirthdayRecord.account_id == account_id, BirthdayRecord.entry_key.is_not(None)))
    return {str(entry): name for entry, name in rows}
