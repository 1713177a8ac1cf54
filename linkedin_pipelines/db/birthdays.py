"""Rows of stated birthdays, and the birthday that a contact gets out of them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.forgotten import known_to
from linkedin_pipelines.db.models import BirthdayRecord, Contact
from linkedin_pipelines.db.people import BATCH, Counts, somebody_elses
from linkedin_pipelines.domain.birthday_sources import Statement
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.records import StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource, MatchRule


def record_key(row: StatedBirthday) -> str:
    """SHA-256 of who and when, as the source states it."""
    who_and_when = [row.name, row.slugs, row.emails, row.raw, row.month, row.day, row.year]
    return hashlib.sha256(json.dumps(who_and_when, ensure_ascii=False).encode()).hexdigest()


def put_birthdays(
    session: Session,
    account_id: int,
    import_id: int | None,
    rows: Sequence[StatedBirthday],
    now: datetime,
    *,
    seen_at: datetime | None = None,
) -> Counts:
    """Store up to `BATCH` stated birthdays. One that was stated before is the same record, stated again.

    They come from the file `import_id`, or from a page that was read at `seen_at`. Refused dates are stored too, so
    that the person is still matched and shown, but counted as refused by the caller.
    """
    kept = without_forgotten(session, account_id, rows)
    by_key = {(row.source, record_key(row)): row for row in kept}
    known = {
        (source, key): record_id
        for record_id, source, key in session.execute(
            select(BirthdayRecord.id, BirthdayRecord.source, BirthdayRecord.record_key).where(
                BirthdayRecord.account_id == account_id, BirthdayRecord.record_key.in_([key for _, key in by_key])
            )
        )
    }
    new = [
        {
            "account_id": account_id,
            "source": row.source,
            "record_key": key,
            "name": row.name,
            "name_key": name_key(row.name),
            "profile_slugs": list(row.slugs),
            "emails": list(row.emails),
            "month": row.month,
            "day": row.day,
            "year": row.year,
            "raw_date": row.raw,
            "refusal": row.refusal,
            "unmatched_reason": None,
            "first_seen_at": now,
            "seen_at": seen_at,
            "import_id": import_id,
        }
        for (source, key), row in by_key.items()
        if (source, key) not in known
    ]
    if new:
        session.execute(insert(BirthdayRecord), new)
    if known:
        session.execute(
            update(BirthdayRecord)
            .where(BirthdayRecord.id.in_(list(known.values())))
            .values(import_id=import_id, seen_at=seen_at)
            .execution_options(synchronize_session=False)
        )
    readable = sum(row.refusal is None for row in kept)
    fresh = sum(row["refusal"] is None for row in new)
    forgotten = sum(row.refusal is None for row in rows) - readable
    return Counts(new=fresh, unchanged=readable - fresh, forgotten=forgotten)


def without_forgotten(session: Session, account_id: int, rows: Sequence[StatedBirthday]) -> list[StatedBirthday]:
    """The rows but for those of people who asked to be forgotten.

    A name that was theirs alone tells them too, unless what stands beside it belongs to another connection.
    """
    forgotten = known_to(session, account_id)
    if not forgotten:
        return list(rows)
    rest = [
        row for row in rows if not (any(map(forgotten.profile, row.slugs)) or any(map(forgotten.email, row.emails)))
    ]
    named = [row for row in rest if forgotten.name(name_key(row.name))]
    others = somebody_elses(session, account_id, [(row.slugs, row.emails) for row in named])
    gone = {id(row) for row, other in zip(named, others, strict=True) if not other}
    return [row for row in rest if id(row) not in gone]


@dataclass(frozen=True, slots=True)
class RecordToMatch:
    """Who a stated birthday is of, and the contact found for it so far."""

    id: int
    source: BirthdaySource
    name: str
    name_key: str
    slugs: tuple[str, ...]
    emails: tuple[str, ...]
    contact_id: int | None
    rule: MatchRule | None
    unmatched_reason: str | None


def records_to_match(session: Session, account_id: int) -> Iterator[list[RecordToMatch]]:
    """All stated birthdays of the account, refused dates too, in batches."""
    after = 0
    while True:
        query = select(
            BirthdayRecord.id,
            BirthdayRecord.source,
            BirthdayRecord.name,
            BirthdayRecord.name_key,
            BirthdayRecord.profile_slugs,
            BirthdayRecord.emails,
            BirthdayRecord.contact_id,
            BirthdayRecord.match_rule,
            BirthdayRecord.unmatched_reason,
        ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.id > after)
        rows = session.execute(query.order_by(BirthdayRecord.id).limit(BATCH)).all()
        if not rows:
            return
        yield [RecordToMatch(*row[:4], tuple(row[4]), tuple(row[5]), *row[6:]) for row in rows]
        after = rows[-1][0]


def write_matches(session: Session, matches: Sequence[tuple[int, int | None, MatchRule | None, str | None]]) -> None:
    """Set contact, rule and reason of records, by id."""
    if matches:
        session.execute(
            update(BirthdayRecord),
            [
                {"id": record_id, "contact_id": contact_id, "match_rule": rule, "unmatched_reason": reason}
                for record_id, contact_id, rule, reason in matches
            ],
        )


@dataclass(frozen=True, slots=True)
class ContactBirthday:
    """The birthday that a contact has."""

    contact_id: int
    month: int | None
    day: int | None
    year: int | None
    source: BirthdaySource | None
    disputed: bool


def contacts_with_records(session: Session, account_id: int) -> Iterator[tuple[list[ContactBirthday], list[Statement]]]:
    """Contacts that have a birthday or a readable record of one, in batches, each with its records."""
    after = 0
    matched = select(BirthdayRecord.contact_id).where(
        BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.is_not(None)
    )
    while True:
        query = select(
            Contact.id,
            Contact.birth_month,
            Contact.birth_day,
            Contact.birth_year,
            Contact.birthday_source,
            Contact.birthday_disputed,
        ).where(
            Contact.account_id == account_id,
            Contact.id > after,
            or_(Contact.birth_month.is_not(None), Contact.id.in_(matched)),
        )
        contacts = [ContactBirthday(*row) for row in session.execute(query.order_by(Contact.id).limit(BATCH))]
        if not contacts:
            return
        yield contacts, _records_of(session, account_id, [contact.contact_id for contact in contacts])
        after = contacts[-1].contact_id


def statements_about(session: Session, account_id: int, contact_ids: Sequence[int]) -> dict[int, list[Statement]]:
    """Every readable birthday that was stated of each of these contacts."""
    found: dict[int, list[Statement]] = defaultdict(list)
    for start in range(0, len(contact_ids), BATCH):
        for record in _records_of(session, account_id, contact_ids[start : start + BATCH]):
            found[record.contact_id].append(record)
    return dict(found)


def disputed_contacts(session: Session, account_id: int) -> list[tuple[int, str, str | None]]:
    """Number, name and slug of everybody whose sources name different days, by name."""
    query = select(Contact.id, Contact.full_name, Contact.profile_slug).where(
        Contact.account_id == account_id, Contact.birthday_disputed.is_(True)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Contact.name_key, Contact.id))]


def contacts_of_slugs(session: Session, account_id: int, slugs: Sequence[str]) -> dict[str, int]:
    """The contact of each profile slug that one has."""
    found: dict[str, int] = {}
    for start in range(0, len(slugs), BATCH):
        query = select(Contact.profile_slug, Contact.id).where(
            Contact.account_id == account_id, Contact.profile_slug.in_(slugs[start : start + BATCH])
        )
        found.update({slug: contact_id for slug, contact_id in session.execute(query) if slug is not None})
    return found


def _records_of(session: Session, account_id: int, contact_ids: Sequence[int]) -> list[Statement]:
    query = select(
        BirthdayRecord.id,
        BirthdayRecord.contact_id,
        BirthdayRecord.source,
        BirthdayRecord.name_key,
        BirthdayRecord.profile_slugs,
        BirthdayRecord.emails,
        BirthdayRecord.match_rule,
        BirthdayRecord.month,
        BirthdayRecord.day,
        BirthdayRecord.year,
        func.coalesce(BirthdayRecord.import_id, 0),
        BirthdayRecord.seen_at,
    ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.in_(contact_ids))
    return [
        Statement(row[0], row[1], row[2], (row[3], tuple(row[4]), tuple(row[5])), *row[6:])  # type: ignore[arg-type]
        for row in session.execute(query.where(BirthdayRecord.refusal.is_(None)).order_by(BirthdayRecord.id))
    ]


def write_birthdays(session: Session, birthdays: Sequence[ContactBirthday], now: datetime) -> None:
    """Set the birthday of contacts, by id."""
    if birthdays:
        session.execute(
            update(Contact),
            [
                {
                    "id": born.contact_id,
                    "birth_month": born.month,
                    "birth_day": born.day,
                    "birth_year": born.year,
                    "birthday_source": born.source,
                    "birthday_disputed": born.disputed,
                    "updated_at": now,
                }
                for born in birthdays
            ],
        )


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


def unmatched_birthdays(session: Session, account_id: int) -> list[UnmatchedBirthday]:
    """Each once, however often its source stated it with another date; the newest date of it."""
    query = (
        select(
            BirthdayRecord.source,
            BirthdayRecord.name,
            BirthdayRecord.raw_date,
            func.coalesce(BirthdayRecord.unmatched_reason, ""),
            BirthdayRecord.refusal,
            BirthdayRecord.name_key,
            BirthdayRecord.profile_slugs,
            BirthdayRecord.emails,
        )
        .where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.is_(None))
        .order_by(func.coalesce(BirthdayRecord.import_id, 0), BirthdayRecord.id)
    )
    newest: dict[Any, UnmatchedBirthday] = {}
    for source, name, raw, reason, refusal, key, slugs, emails in session.execute(query):
        newest[source, key, tuple(slugs), tuple(emails)] = UnmatchedBirthday(source, name, raw, reason, refusal)
    return sorted(newest.values(), key=lambda row: (row.name.casefold(), row.source, row.raw_date))
