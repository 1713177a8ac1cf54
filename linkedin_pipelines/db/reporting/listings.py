"""The listings of the read API: which rows, in which order, under which filters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import (
    Account,
    BirthdayList,
    Contact,
    ContactMoment,
    Interaction,
    ListApproval,
    ListEntry,
    SentInvitation,
    SourcedProfile,
)
from linkedin_pipelines.db.reporting.keyset import Order
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.invitations import WithdrawalOutcome
from linkedin_pipelines.domain.moments import MomentKind
from linkedin_pipelines.domain.states import BirthdaySource, ContactStatus, EntryOutcome, InteractionStatus

CONTACTS = Order((Contact.id,))
INTERACTIONS = Order((Interaction.id,), descending=True)
INVITATIONS = Order((SentInvitation.id,), descending=True)
MOMENTS = Order((ContactMoment.id,), descending=True)
PROFILES = Order((SourcedProfile.id,))
LISTS = Order((BirthdayList.list_date, BirthdayList.id), descending=True)


def _of_account(table: Any, account_id: int | None) -> Any:
    """Rows with the slug of their account: of this one, or of all."""
    query = select(table, Account.slug).join(Account, Account.id == table.account_id)
    return query if account_id is None else query.where(table.account_id == account_id)


def _set(column: Any, wanted: bool) -> Any:
    return column.is_not(None) if wanted else column.is_(None)


def contacts(account_id: int | None, *, status: ContactStatus | None = None, do_not_contact: bool | None = None) -> Any:
    """Contacts with the slug of their account."""
    query = _of_account(Contact, account_id)
    if status is not None:
        query = query.where(Contact.status == status)
    if do_not_contact is not None:
        query = query.where(_set(Contact.do_not_contact_since, do_not_contact))
    return query


def birthdays(
    account_id: int | None,
    *,
    month: int | None = None,
    day: int | None = None,
    source: BirthdaySource | None = None,
    disputed: bool | None = None,
) -> Any:
    """Contacts that have a birthday, with the slug of their account."""
    query = contacts(account_id).where(Contact.birth_month.is_not(None))
    if month is not None:
        query = query.where(Contact.birth_month == month)
    if day is not None:
        query = query.where(Contact.birth_day == day)
    if source is not None:
        query = query.where(Contact.birthday_source == source)
    if disputed is not None:
        query = query.where(Contact.birthday_disputed.is_(disputed))
    return query


def interactions(
    account_id: int | None,
    *,
    kind: InteractionKind | None = None,
    status: InteractionStatus | None = None,
    contact_id: int | None = None,
    list_date: date | None = None,
    run_id: str | None = None,
) -> Any:
    """Rows of the ledger with their contact and the slug of their account."""
    query = (
        select(Interaction, Contact, Account.slug)
        .join(Contact, Contact.id == Interaction.contact_id)
        .join(Account, Account.id == Interaction.account_id)
    )
    wanted: dict[Any, object] = {
        Interaction.account_id: account_id,
        Interaction.kind: kind,
        Interaction.status: status,
        Interaction.contact_id: contact_id,
        Interaction.list_date: list_date,
        Interaction.run_id: run_id,
    }
    return query.where(*(column == value for column, value in wanted.items() if value is not None))


def invitations(
    account_id: int | None, *, outcome: WithdrawalOutcome | None = None, waiting: bool | None = None
) -> Any:
    """Sent invitations with the slug of their account."""
    query = _of_account(SentInvitation, account_id)
    if outcome is not None:
        query = query.where(SentInvitation.outcome == outcome)
    if waiting is not None:
        query = query.where(_set(SentInvitation.ended_on, not waiting))
    return query


def moments(account_id: int | None, *, kind: MomentKind | None = None, seen_since: date | None = None) -> Any:
    """Work anniversaries and new jobs with their contact and the slug of their account."""
    query = (
        select(ContactMoment, Contact, Account.slug)
        .join(Contact, Contact.id == ContactMoment.contact_id)
        .join(Account, Account.id == ContactMoment.account_id)
    )
    if account_id is not None:
        query = query.where(ContactMoment.account_id == account_id)
    if kind is not None:
        query = query.where(ContactMoment.kind == kind)
    if seen_since is not None:
        query = query.where(ContactMoment.seen_on >= seen_since)
    return query


def profiles(account_id: int | None, *, min_score: int | None = None, missing: bool | None = None) -> Any:
    """Profiles with the slug of their account."""
    query = _of_account(SourcedProfile, account_id)
    if min_score is not None:
        query = query.where(SourcedProfile.score >= min_score)
    if missing is not None:
        query = query.where(_set(SourcedProfile.missing_since, missing))
    return query


def lists(account_id: int | None, *, first: date | None = None, last: date | None = None) -> Any:
    """Birthday lists with the slug of their account, from day `first` to day `last`, both included."""
    query = _of_account(BirthdayList, account_id)
    if first is not None:
        query = query.where(BirthdayList.list_date >= first)
    if last is not None:
        query = query.where(BirthdayList.list_date <= last)
    return query


def entry_counts(session: Session, list_ids: Sequence[int]) -> dict[int, Counter[EntryOutcome]]:
    """How many entries of each list have each outcome."""
    found: dict[int, Counter[EntryOutcome]] = defaultdict(Counter)
    query = (
        select(ListEntry.list_id, ListEntry.outcome, func.count())
        .where(ListEntry.list_id.in_(list_ids))
        .group_by(ListEntry.list_id, ListEntry.outcome)
    )
    for list_id, outcome, number in session.execute(query):
        found[list_id][outcome] = number
    return found


def approvals(session: Session, rows: Sequence[BirthdayList]) -> dict[int, ListApproval]:
    """The approval of each list as it stands, by the list's id; lists without one are left out."""
    query = (
        select(BirthdayList.id, ListApproval)
        .join(
            ListApproval,
            (ListApproval.account_id == BirthdayList.account_id)
            & (ListApproval.list_date == BirthdayList.list_date)
            & (ListApproval.content_hash == BirthdayList.content_hash),
        )
        .where(BirthdayList.id.in_([row.id for row in rows]))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def outcome_counts(session: Session, rows: Sequence[BirthdayList]) -> dict[int, Counter[InteractionStatus]]:
    """How many attempts of each list's day ended in each status, by the list's id."""
    found: dict[int, Counter[InteractionStatus]] = defaultdict(Counter)
    if not rows:
        return found
    ids = {(row.account_id, row.list_date): row.id for row in rows}
    query = (
        select(Interaction.account_id, Interaction.list_date, Interaction.status, func.count())
        .where(
            Interaction.account_id.in_({row.account_id for row in rows}),
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.list_date.between(min(row.list_date for row in rows), max(row.list_date for row in rows)),
        )
        .group_by(Interaction.account_id, Interaction.list_date, Interaction.status)
    )
    for account_id, list_date, status, number in session.execute(query):
        if list_date is not None and (list_id := ids.get((account_id, list_date))) is not None:
            found[list_id][status] = number
    return found
