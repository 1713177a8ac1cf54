"""Queries of birthday lists: who has a birthday, what was said to them, and the lists and approvals themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.bulk import insert_rows
from linkedin_pipelines.db.ledger.spending import used_in_week
from linkedin_pipelines.db.models import (
    BirthdayList,
    Contact,
    Interaction,
    ListApproval,
    ListEntry,
    StopRequest,
)
from linkedin_pipelines.db.models.interactions import COUNTS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.quotas import QuotaUsage
from linkedin_pipelines.domain.states import (
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)

_CHUNK = 500
"""Ids in one statement: SQLite admits a limited number of parameters."""


class ListContact(NamedTuple):
    """What a list has to know of a contact: a day out of a million people is read as rows, not as whole objects."""

    id: int
    identity_key: str
    profile_slug: str | None
    full_name: str
    first_name: str
    language: str | None
    status: ContactStatus
    birth_month: int | None
    birth_day: int | None
    birthday_disputed: bool
    do_not_contact_reason: str | None


class Wish(NamedTuple):
    """A birthday row of the ledger, as far as a list has to know it."""

    contact_id: int
    occurrence_year: int | None
    status: InteractionStatus
    origin: InteractionOrigin
    reason: Reason | None
    list_date: date | None
    template: str | None
    body: str | None
    sent_at: datetime | None
    local_day: date


class EntryRow(NamedTuple):
    """An entry of a list with its contact."""

    contact_id: int
    identity_key: str
    slug: str | None
    full_name: str
    occurs_on: date
    occurrence_year: int
    days_late: int
    outcome: EntryOutcome
    reason: Reason | None
    explanation: str | None
    next_eligible_on: date | None
    template: str | None
    body: str | None


_CONTACT = [getattr(Contact, name) for name in ListContact._fields]
_WISH = [getattr(Interaction, name) for name in Wish._fields]
_OF_CONTACT = {"identity_key": Contact.identity_key, "slug": Contact.profile_slug, "full_name": Contact.full_name}
_ENTRY = [_OF_CONTACT[name] if name in _OF_CONTACT else getattr(ListEntry, name) for name in EntryRow._fields]


def born_on(session: Session, account_id: int, days: Collection[tuple[int, int]]) -> list[ListContact]:
    """Contacts whose birthday is one of the (month, day) pairs; served by `idx_contact_birth_date`."""
    found: list[ListContact] = []
    for month, group in groupby(sorted(days), key=lambda pair: pair[0]):  # one by one: an OR would not use the index
        query = select(*_CONTACT).where(
            Contact.account_id == account_id,
            Contact.birth_month == month,
            Contact.birth_day.in_([day for _, day in group]),
        )
        found += map(ListContact._make, session.execute(query))
    return sorted(found, key=lambda contact: contact.id)


def wishes_of(session: Session, contact_ids: Sequence[int]) -> dict[int, list[Wish]]:
    """The birthday rows of the ledger of each contact, oldest first."""
    found: dict[int, list[Wish]] = defaultdict(list)
    for chunk in _chunks(contact_ids):
        query = select(*_WISH).where(
            Interaction.contact_id.in_(chunk), Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE
        )
        for row in session.execute(query.order_by(Interaction.claimed_at, Interaction.id)):
            found[row.contact_id].append(Wish._make(row))
    return found


def newest_interaction(session: Session, account_id: int) -> int | None:
    """The id of the account's latest row of the ledger."""
    query = select(Interaction.id).where(Interaction.account_id == account_id)
    return session.scalar(query.order_by(Interaction.id.desc()).limit(1))


def open_stop_requests(session: Session, contact_ids: Sequence[int]) -> dict[int, StopRequest]:
    """The latest request to stop of each contact that the member has not declined."""
    found: dict[int, StopRequest] = {}
    for chunk in _chunks(contact_ids):
        query = select(StopRequest).where(
            StopRequest.contact_id.in_(chunk), or_(StopRequest.accepted.is_(None), StopRequest.accepted.is_(True))
        )
        found.update({row.contact_id: row for row in session.scalars(query.order_by(StopRequest.said_at))})
    return found


def find_list(session: Session, account_id: int, list_date: date, *, locked: bool = False) -> BirthdayList | None:
    """The list of that account and date."""
    query = select(BirthdayList).where(BirthdayList.account_id == account_id, BirthdayList.list_date == list_date)
    return session.scalars(query.with_for_update(key_share=True) if locked else query).one_or_none()


def add_list(
    session: Session, account_id: int, list_date: date, content_hash: str, now: datetime, run_id: str
) -> BirthdayList:
    """A new list without entries."""
    row = BirthdayList(
        account_id=account_id, list_date=list_date, content_hash=content_hash, built_at=now, built_by_run=run_id
    )
    session.add(row)
    session.flush()
    return row


def entries_of(session: Session, list_id: int) -> list[tuple[ListEntry, Contact]]:
    """The entries of a list in its order, each with its contact."""
    query = (
        select(ListEntry, Contact)
        .join(Contact, Contact.id == ListEntry.contact_id)
        .where(ListEntry.list_id == list_id)
        .order_by(ListEntry.position, ListEntry.id)
    )
    return [(entry, contact) for entry, contact in session.execute(query)]


def entry_rows(session: Session, list_id: int) -> list[EntryRow]:
    """The same, as rows that change nothing."""
    query = (
        select(*_ENTRY)
        .join_from(ListEntry, Contact, Contact.id == ListEntry.contact_id)
        .where(ListEntry.list_id == list_id)
        .order_by(ListEntry.position, ListEntry.id)
    )
    return list(map(EntryRow._make, session.execute(query)))


def count_planned(session: Session, list_id: int) -> int:
    """How many people of a list are to be wished."""
    planned = (ListEntry.list_id == list_id, ListEntry.outcome == EntryOutcome.PLANNED)
    return session.scalars(select(func.count()).where(*planned)).one()


def find_entry(session: Session, list_id: int, contact_id: int, occurrence_year: int) -> ListEntry | None:
    """One person's entry."""
    return session.scalars(
        select(ListEntry)
        .where(
            ListEntry.list_id == list_id,
            ListEntry.contact_id == contact_id,
            ListEntry.occurrence_year == occurrence_year,
        )
        .with_for_update(key_share=True)
    ).one_or_none()


def replace_entries(session: Session, list_id: int, entries: Sequence[EntryRow]) -> None:
    """Put `entries`, in their order, in the place of all that the list had."""
    session.execute(delete(ListEntry).where(ListEntry.list_id == list_id))
    own = [name for name in EntryRow._fields if name not in _OF_CONTACT]
    of = attrgetter(*own)
    rows = [(position, *of(entry)) for position, entry in enumerate(entries)]
    insert_rows(session, ListEntry, {"list_id": list_id}, ("position", *own), rows)
    session.expire_all()


def templates_chosen_today(
    session: Session, account_id: int, list_date: date, local_day: date, midnight: datetime
) -> list[str]:
    """Templates that others get or got on `local_day`: on other lists built since `midnight`, and in the ledger."""
    elsewhere = (
        select(ListEntry.template)
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .where(
            BirthdayList.account_id == account_id,
            BirthdayList.list_date != list_date,
            BirthdayList.built_at >= midnight,
            ListEntry.body.is_not(None),
        )
    )
    sent = select(Interaction.template).where(
        Interaction.account_id == account_id,
        Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
        COUNTS,
        Interaction.local_day == local_day,
        Interaction.claimed_at >= midnight - timedelta(days=2),  # bounds the index; a zone may have been edited
        or_(Interaction.list_date.is_(None), Interaction.list_date != list_date),
    )
    return [key for query in (elsewhere, sent) for key in session.scalars(query) if key is not None]


def used_this_week(session: Session, account_id: int, now: datetime) -> list[QuotaUsage]:
    """The birthday messages of the last seven days that count against the quotas."""
    return used_in_week(session, account_id, InteractionKind.BIRTHDAY_MESSAGE, now)


def approvals_of(session: Session, account_id: int, list_date: date) -> list[ListApproval]:
    """All approvals ever given to lists of that date, oldest first."""
    query = select(ListApproval).where(ListApproval.account_id == account_id, ListApproval.list_date == list_date)
    return list(session.scalars(query.order_by(ListApproval.approved_at, ListApproval.id)))


def approved_days(session: Session, account_id: int, first: date, last: date) -> list[date]:
    """Days from `first` to `last` with an approval, newest first."""
    between = ListApproval.list_date.between(first, last)
    query = select(ListApproval.list_date).where(ListApproval.account_id == account_id, between).distinct()
    return list(session.scalars(query.order_by(ListApproval.list_date.desc())))


def add_approval(session: Session, approval: ListApproval) -> ListApproval:
    """Keep a new approval."""
    session.add(approval)
    session.flush()
    return approval


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
