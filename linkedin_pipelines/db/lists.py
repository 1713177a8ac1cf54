"""Queries of birthday lists: who has a birthday, what was said to them, and the lists and approvals themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import (
    BirthdayList,
    Contact,
    Interaction,
    ListApproval,
    ListEntry,
    StopRequest,
)
from linkedin_pipelines.db.spending import week_of_spending
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.quotas import Spent
from linkedin_pipelines.domain.states import OCCUPYING, Reason

_CHUNK = 500
"""Ids in one statement: SQLite admits a limited number of parameters."""


def born_on(session: Session, account_id: int, days: Collection[tuple[int, int]]) -> list[Contact]:
    """Contacts whose birthday is one of the (month, day) pairs; served by `idx_contact_birth_date`."""
    found: list[Contact] = []
    for month, group in groupby(sorted(days), key=lambda pair: pair[0]):  # one by one: an OR would not use the index
        query = select(Contact).where(
            Contact.account_id == account_id,
            Contact.birth_month == month,
            Contact.birth_day.in_([day for _, day in group]),
        )
        found += session.scalars(query)
    return sorted(found, key=lambda contact: contact.id)


def wishes_of(session: Session, contact_ids: Sequence[int]) -> dict[int, list[Interaction]]:
    """The birthday rows of the ledger of each contact, oldest first."""
    found: dict[int, list[Interaction]] = defaultdict(list)
    for chunk in _chunks(contact_ids):
        query = select(Interaction).where(
            Interaction.contact_id.in_(chunk), Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE
        )
        for row in session.scalars(query.order_by(Interaction.claimed_at, Interaction.id)):
            found[row.contact_id].append(row)
    return found


def open_stop_requests(session: Session, contact_ids: Sequence[int]) -> dict[int, StopRequest]:
    """The latest request to stop of each contact that the member has not declined."""
    found: dict[int, StopRequest] = {}
    for chunk in _chunks(contact_ids):
        query = select(StopRequest).where(
            StopRequest.contact_id.in_(chunk), or_(StopRequest.accepted.is_(None), StopRequest.accepted.is_(True))
        )
        found.update({row.contact_id: row for row in session.scalars(query.order_by(StopRequest.said_at))})
    return found


def left_out(session: Session, account_id: int, contact_ids: Sequence[int], since: date) -> dict[tuple[int, int], str]:
    """Occasions (contact, year) that the member left out on a list of `since` or later, with the reason told."""
    found: dict[tuple[int, int], str] = {}
    for chunk in _chunks(contact_ids):
        query = (
            select(ListEntry)
            .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
            .where(
                BirthdayList.account_id == account_id,
                BirthdayList.list_date >= since,
                ListEntry.contact_id.in_(chunk),
                ListEntry.reason == Reason.LEFT_OUT,
            )
        )
        found.update({(row.contact_id, row.occurrence_year): row.explanation or "" for row in session.scalars(query)})
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


def replace_entries(session: Session, list_id: int, entries: Sequence[ListEntry]) -> None:
    """Put `entries` in the place of all that the list had."""
    session.execute(delete(ListEntry).where(ListEntry.list_id == list_id))
    session.flush()
    for entry in entries:
        entry.list_id = list_id
    session.add_all(entries)
    session.flush()


def drop_left_out(session: Session, account_id: int, contact_id: int) -> int:
    """Forget that the member left a contact out, on all lists; how many entries said so."""
    lists = select(BirthdayList.id).where(BirthdayList.account_id == account_id)
    removed = session.execute(
        delete(ListEntry)
        .where(ListEntry.list_id.in_(lists), ListEntry.contact_id == contact_id, ListEntry.reason == Reason.LEFT_OUT)
        .returning(ListEntry.id)
    )
    return len(removed.all())


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
        Interaction.status.in_(OCCUPYING),
        Interaction.local_day == local_day,
        Interaction.claimed_at >= midnight - timedelta(days=2),  # bounds the index; a zone may have been edited
        or_(Interaction.list_date.is_(None), Interaction.list_date != list_date),
    )
    return [key for query in (elsewhere, sent) for key in session.scalars(query) if key is not None]


def spent_in_week(session: Session, account_id: int, now: datetime) -> list[Spent]:
    """The birthday messages of the last seven days that count against the quotas."""
    query = week_of_spending(account_id, InteractionKind.BIRTHDAY_MESSAGE, now)
    return [Spent(*row) for row in session.execute(query)]


def approvals_of(session: Session, account_id: int, list_date: date) -> list[ListApproval]:
    """All approvals ever given to lists of that date, oldest first."""
    query = select(ListApproval).where(ListApproval.account_id == account_id, ListApproval.list_date == list_date)
    return list(session.scalars(query.order_by(ListApproval.approved_at, ListApproval.id)))


def add_approval(session: Session, approval: ListApproval) -> ListApproval:
    """Keep a new approval."""
    session.add(approval)
    session.flush()
    return approval


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
