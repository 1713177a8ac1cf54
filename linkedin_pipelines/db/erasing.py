"""Erasing people who asked to be forgotten, whoever the marks know again, from every table.

What belongs here: which rows go, and which stay without a name because a promise hangs on them. The ledger's rows stay:
they are what keeps limits and occasions. All of it goes by marks, so that a restored backup is purged as the store was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from linkedin_pipelines.db import people
from linkedin_pipelines.db.models import (
    Account,
    AccountBreaker,
    AccountChange,
    Base,
    BirthdayList,
    BirthdayRecord,
    CanarySight,
    Contact,
    FileImport,
    HandSentWish,
    Interaction,
    ListApproval,
    ListEntry,
    RefusedRow,
    SiteReading,
    StopRequest,
)
from linkedin_pipelines.domain.forgetting import FORGOTTEN_NAME, Forgotten
from linkedin_pipelines.domain.list_plan import content_hash
from linkedin_pipelines.domain.payloads import ApprovedContent
from linkedin_pipelines.domain.states import ContactStatus, InteractionStatus, Reason

_BATCH = people.BATCH
ASKED = "asked to be forgotten"
UNREAD = "Counted as sent: nobody had seen its end when the person asked to be forgotten, and nobody can read it now."


@dataclass
class Erased:
    """What was erased, by place, and what lies outside the database."""

    rows: Counter[str] = field(default_factory=Counter)
    evidence: set[str] = field(default_factory=set)
    """Pictures of the people erased, as paths below the evidence folder."""


def purge(session: Session, account_id: int, forgotten: Forgotten, now: datetime) -> Erased:
    """Erase everybody whom `forgotten` knows from everything of the account, in the caller's transaction.

    The caller holds the account's lease, or works on a copy, and derives birthdays again afterwards.
    """
    erased = Erased()
    if not forgotten:
        return erased
    ids = _contacts(session, account_id, forgotten)
    _birthday_records(session, account_id, forgotten, ids, erased)
    for some in _chunks(ids):
        erased.evidence |= _evidence_of(session, some)
        _keep_without_name(session, some, now, erased)
        _rows_of_contacts(session, some, erased)
    _lists_and_approvals(session, account_id, set(ids), erased)
    for some in _chunks(ids):
        _the_contacts_themselves(session, some, now, erased)
    _free_texts(session, account_id, forgotten, erased)
    session.expire_all()
    return erased


def _contacts(session: Session, account_id: int, forgotten: Forgotten) -> list[int]:
    query = select(Contact.id, Contact.profile_slug, Contact.email, Contact.full_name, Contact.connected_on)
    rows = session.execute(query.where(Contact.account_id == account_id).execution_options(yield_per=_BATCH))
    return sorted(
        contact_id for contact_id, slug, email, name, day in rows if forgotten.connection(slug, email, name, day)
    )


def _birthday_records(
    session: Session, account_id: int, forgotten: Forgotten, ids: Sequence[int], erased: Erased
) -> None:
    query = select(
        BirthdayRecord.id,
        BirthdayRecord.contact_id,
        BirthdayRecord.name_key,
        BirthdayRecord.profile_slugs,
        BirthdayRecord.emails,
    ).where(BirthdayRecord.account_id == account_id)
    gone, by_name, theirs = [], [], set(ids)
    for record_id, contact_id, name, slugs, emails in session.execute(query.execution_options(yield_per=_BATCH)):
        if contact_id in theirs or any(map(forgotten.profile, slugs)) or any(map(forgotten.email, emails)):
            gone.append(record_id)
        elif forgotten.name(name):
            by_name.append((record_id, slugs, emails))
    taken = people.somebody_elses(session, account_id, [(slugs, emails) for _, slugs, emails in by_name])
    gone += [record_id for (record_id, *_), other in zip(by_name, taken, strict=True) if not other]
    for some in _chunks(gone):
        erased.rows["birthdays"] += _count(session, delete(BirthdayRecord).where(BirthdayRecord.id.in_(some)))


def _evidence_of(session: Session, ids: Sequence[int]) -> set[str]:
    query = select(Interaction.evidence).where(Interaction.contact_id.in_(ids), Interaction.evidence.is_not(None))
    return {path for evidence in session.scalars(query) if evidence for path in evidence.screenshots}


def _keep_without_name(session: Session, ids: Sequence[int], now: datetime, erased: Erased) -> None:
    """The ledger's rows: what was spent stays spent; who, and in which words, is gone.

    A send whose end nobody saw counts as sent from now on: its conversation cannot be read any more, and anything else
    might let the account pass its limits. One that was never clicked did not go out.
    """
    rows = Interaction.contact_id.in_(ids)
    unseen = Interaction.status.in_((InteractionStatus.SENDING, InteractionStatus.IN_DOUBT))
    never_clicked = (Interaction.status == InteractionStatus.SENDING) & Interaction.clicked_at.is_(None)
    _count(
        session,
        update(Interaction)
        .where(rows, never_clicked)
        .values(status=InteractionStatus.FAILED, settled_at=now, reason=Reason.INTERRUPTED),
    )
    _count(
        session,
        update(Interaction)
        .where(rows, unseen)
        .values(
            status=InteractionStatus.SENT,
            settled_at=func.coalesce(Interaction.settled_at, now),
            sent_at=func.coalesce(Interaction.clicked_at, Interaction.claimed_at),
            reason=Reason.CLICK_UNPROVEN,
        ),
    )
    erased.rows["interactions kept without name and text"] += _count(
        session,
        update(Interaction)
        .where(rows)
        .values(
            body=case((Interaction.body.is_(None), None), else_=""),
            template=None,
            evidence=None,
            explanation=case((Interaction.reason == Reason.CLICK_UNPROVEN, UNREAD), else_=None),
        ),
    )


def _rows_of_contacts(session: Session, ids: Sequence[int], erased: Erased) -> None:
    """All other rows that hang on a contact, those of tables that nobody had thought of when this was written too."""
    named = {StopRequest.__tablename__: "requests to stop", HandSentWish.__tablename__: "wishes sent by hand"}
    apart = {table.__tablename__ for table in (Interaction, ListEntry, BirthdayRecord)}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in apart and "contact_id" in table.c:
            where = named.get(table.name, table.name)
            erased.rows[where] += _count(session, delete(table).where(table.c.contact_id.in_(ids)))


def _lists_and_approvals(session: Session, account_id: int, ids: set[int], erased: Erased) -> None:
    """Take people off lists, and out of what was approved; an approval of the others goes on standing."""
    if not ids:
        return
    touched = set()
    for some in _chunks(sorted(ids)):
        touched |= set(session.scalars(select(ListEntry.list_id).where(ListEntry.contact_id.in_(some))))
        erased.rows["entries of lists"] += _count(session, delete(ListEntry).where(ListEntry.contact_id.in_(some)))
    for built in session.scalars(select(BirthdayList).where(BirthdayList.id.in_(touched))):
        rest = select(Contact.identity_key, ListEntry.occurrence_year, ListEntry.body)
        rest = rest.join(Contact, Contact.id == ListEntry.contact_id)
        left = session.execute(rest.where(ListEntry.list_id == built.id, ListEntry.body.is_not(None)))
        built.content_hash = content_hash((key, year, str(body)) for key, year, body in left)
    for approval in session.scalars(select(ListApproval).where(ListApproval.account_id == account_id)).all():
        messages = tuple(m for m in approval.content.messages if m.contact_id not in ids)
        if len(messages) == len(approval.content.messages):
            continue
        erased.rows["approvals"] += 1
        keys = dict(session.execute(_KEYS.where(Contact.id.in_([m.contact_id for m in messages]))).all())
        digest = content_hash((keys[m.contact_id], m.occurrence_year, m.body) for m in messages)
        same = select(ListApproval.id).where(
            ListApproval.account_id == account_id,
            ListApproval.list_date == approval.list_date,
            ListApproval.content_hash == digest,
            ListApproval.id != approval.id,
        )
        if session.scalar(same) is not None:
            session.delete(approval)  # without the person it says what another one says
        else:
            approval.content, approval.content_hash = ApprovedContent(messages=messages), digest
        session.flush()


_KEYS = select(Contact.id, Contact.identity_key)


def _the_contacts_themselves(session: Session, ids: Sequence[int], now: datetime, erased: Erased) -> None:
    """Contacts go; one that the ledger refers to stays as a number without a person."""
    held = set(session.scalars(select(Interaction.contact_id).where(Interaction.contact_id.in_(ids))))
    erased.rows["contacts"] += len(ids)
    for contact_id in held:
        values: dict[str, Any] = {
            column.name: None for column in Contact.__table__.columns if column.nullable and not column.foreign_keys
        }
        values |= {
            "identity_key": f"forgotten:{contact_id}",
            "full_name": FORGOTTEN_NAME,
            "first_name": FORGOTTEN_NAME,
            "name_key": "",
            "status": ContactStatus.REMOVED,
            "birthday_disputed": False,
            "do_not_contact_since": now,
            "do_not_contact_reason": ASKED,
            "created_at": now,
            "updated_at": now,
        }
        session.execute(update(Contact).where(Contact.id == contact_id).values(values))
    _count(session, delete(Contact).where(Contact.id.in_([each for each in ids if each not in held])))


_FREE_TEXTS: tuple[tuple[str, InstrumentedAttribute[Any], str], ...] = (
    ("audit", AccountChange.reason, "account_id"),
    ("audit", AccountChange.old_value, "account_id"),
    ("audit", AccountChange.new_value, "account_id"),
    ("accounts", Account.pause_reason, "id"),
    ("accounts", Account.settle_first_reason, "id"),
    ("breaker", AccountBreaker.cause, "account_id"),
    ("canary", CanarySight.reason, "account_id"),
    ("readings of pages", SiteReading.explanation, "account_id"),
    ("imports", FileImport.file_name, "account_id"),
)
"""Texts of an account that somebody may have been named in."""


def _free_texts(session: Session, account_id: int, forgotten: Forgotten, erased: Erased) -> None:
    for place, column, owner in _FREE_TEXTS:
        table = column.class_.__table__
        _mask(session, table, [column.key], table.c[owner] == account_id, forgotten, place, erased)
    refused = RefusedRow.__table__
    ours = refused.c.import_id.in_(select(FileImport.id).where(FileImport.account_id == account_id))
    _mask(session, refused, ["excerpt", "reason", "member_file"], ours, forgotten, "refused rows", erased)


def _mask(
    session: Session, table: Any, names: Sequence[str], ours: Any, forgotten: Forgotten, place: str, erased: Erased
) -> None:
    keys = list(table.primary_key.columns)
    query = select(*keys, *(table.c[name] for name in names)).where(ours).execution_options(yield_per=_BATCH)
    changed = []
    for row in session.execute(query):
        before = row[len(keys) :]
        after = [masked(value, forgotten) for value in before]
        if list(before) != after:
            changed.append((row[: len(keys)], dict(zip(names, after, strict=True))))
    for key, values in changed:
        statement = update(table).values(values)
        for column, value in zip(keys, key, strict=True):
            statement = statement.where(column == value)
        session.execute(statement)
    if changed:
        erased.rows[place] += len(changed)


def masked(value: Any, forgotten: Forgotten) -> Any:
    """A text, or every text of a JSON value, without the words of forgotten people."""
    if isinstance(value, str):
        return forgotten.masked(value)
    if isinstance(value, dict):
        return {key: masked(each, forgotten) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, forgotten) for each in value]
    return value


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
