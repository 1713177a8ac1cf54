"""Erasing people who asked to be forgotten, whoever the marks know again, from every table.

What belongs here: which rows go, and which stay without a name because a promise hangs on them. The ledger's rows stay:
they are what keeps limits and occasions. All of it goes by marks: a restored backup is purged as the database was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, delete, func, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import people
from linkedin_pipelines.db.models import (
    Base,
    BirthdayDecision,
    BirthdayList,
    BirthdayRecord,
    Contact,
    ContactMoment,
    HandSentWish,
    Interaction,
    LegacyRow,
    ListApproval,
    ListEntry,
    PlanApproval,
    SearchResult,
    SentInvitation,
    SourcedProfile,
    StopRequest,
)
from linkedin_pipelines.db.privacy.free_texts import mask_free_texts
from linkedin_pipelines.domain.forgetting import FORGOTTEN_NAME, Forgotten
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.list_plan import content_hash
from linkedin_pipelines.domain.payloads import ApprovedContent, ApprovedPlan
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
    _rows_by_profile(session, account_id, forgotten, erased)
    _legacy_rows(session, account_id, forgotten, ids, erased)
    for some in _chunks(ids):
        erased.evidence |= _evidence_of(session, some)
        _keep_without_name(session, some, now, erased)
        _rows_of_contacts(session, some, erased)
    _lists_and_approvals(session, account_id, set(ids), erased)
    _plan_approvals(session, account_id, set(ids), erased)
    for some in _chunks(ids):
        _the_contacts_themselves(session, some, now, erased)
    erased.rows.update(mask_free_texts(session, account_id, forgotten))
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
    taken = people.other_contacts_of(session, account_id, [(slugs, emails) for _, slugs, emails in by_name])
    gone += [record_id for (record_id, *_), other in zip(by_name, taken, strict=True) if not other]
    for some in _chunks(gone):
        keys = select(BirthdayRecord.entry_key).where(BirthdayRecord.id.in_(some))
        settled = delete(BirthdayDecision).where(
            BirthdayDecision.account_id == account_id, BirthdayDecision.entry_key.in_(keys)
        )
        erased.rows["decisions on birthdays"] += _count(session, settled)
        erased.rows["birthdays"] += _count(session, delete(BirthdayRecord).where(BirthdayRecord.id.in_(some)))


def _rows_by_profile(session: Session, account_id: int, forgotten: Forgotten, erased: Erased) -> None:
    """Rows that name a person by address, who need be no contact: found, visited or invited."""
    tables = (
        (SourcedProfile, "profiles read"),
        (SearchResult, "search results"),
        (SentInvitation, "sent invitations"),
    )
    for table, place in tables:
        query = select(table.id, table.profile_slug).where(table.account_id == account_id)
        rows = session.execute(query.execution_options(yield_per=_BATCH))
        gone = [row_id for row_id, slug in rows if forgotten.profile(slug)]
        for some in _chunks(gone):
            erased.rows[place] += _count(session, delete(table).where(table.id.in_(some)))


def _legacy_rows(session: Session, account_id: int, forgotten: Forgotten, ids: Sequence[int], erased: Erased) -> None:
    """Empty the rows that an imported database stated of a person; each stays counted, so that undoing still adds up.

    A row under a name that others bear may be about them. It stays, for their occasions are held by it, and only leaves
    the contact; birthdays are derived again afterwards, which places it anew.
    """
    query = select(LegacyRow.id, LegacyRow.fact).where(LegacyRow.account_id == account_id, LegacyRow.fact.is_not(None))
    gone = []
    for row_id, fact in session.execute(query.execution_options(yield_per=_BATCH)):
        slug, name = fact["slug"], fact["name"]
        if forgotten.profile(slug) if slug else forgotten.name(name_key(name or "")):
            gone.append(row_id)
    emptied: dict[str, object] = {
        "fact": None,
        "digest": "",
        "outcome": "refused",
        "why": "forgotten",
        "into_row": None,
        "notes": [],
    }
    for some in _chunks(gone):
        rows = update(LegacyRow).where(LegacyRow.id.in_(some))
        erased.rows["rows of imported databases"] += _count(session, rows.values(contact_id=None, **emptied))
    for some in _chunks(ids):
        _count(session, update(LegacyRow).where(LegacyRow.contact_id.in_(some)).values(contact_id=None))


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
    named[ContactMoment.__tablename__] = "moments"
    apart = {table.__tablename__ for table in (Interaction, LegacyRow, ListEntry, BirthdayRecord)}
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


def _plan_approvals(session: Session, account_id: int, ids: set[int], erased: Erased) -> None:
    """Take people out of approved plans; an approval of the others goes on standing, since it covers them one by one.

    Its hash stays: it says which content was approved, and names nobody.
    """
    for approval in session.scalars(select(PlanApproval).where(PlanApproval.account_id == account_id)).all():
        items = tuple(item for item in approval.content.items if item.contact_id not in ids)
        if len(items) < len(approval.content.items):
            erased.rows["approvals"] += 1
            approval.content = ApprovedPlan(items=items)
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


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
