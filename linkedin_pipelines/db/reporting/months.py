"""The rows behind a month's report: entries of its lists, attempts through them, and what was spent of the quotas."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import BirthdayList, Interaction, ListEntry, StopRequest
from linkedin_pipelines.db.models.interactions import COUNTS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import EntryOutcome, InteractionOrigin, InteractionStatus, Reason


class EntryLine(NamedTuple):
    """One person on one day's list."""

    list_date: date
    contact_id: int
    occurrence_year: int
    outcome: EntryOutcome
    reason: Reason | None


class AttemptLine(NamedTuple):
    """One attempt through one day's list; the year is None for occasions other than birthdays."""

    list_date: date
    kind: str
    contact_id: int
    occurrence_year: int | None
    status: InteractionStatus
    reason: Reason | None
    origin: InteractionOrigin


def entries_between(session: Session, account_id: int, first: date, last: date) -> list[EntryLine]:
    """Entries of the lists, as they stand, of the days from `first` to `last`."""
    query = (
        select(
            BirthdayList.list_date,
            ListEntry.contact_id,
            ListEntry.occurrence_year,
            ListEntry.outcome,
            ListEntry.reason,
        )
        .join(ListEntry, ListEntry.list_id == BirthdayList.id)
        .where(BirthdayList.account_id == account_id, BirthdayList.list_date >= first, BirthdayList.list_date <= last)
    )
    return [EntryLine._make(row) for row in session.execute(query)]


def attempts_between(session: Session, account_id: int, first: date, last: date) -> list[AttemptLine]:
    """Attempts of every kind for the days from `first` to `last`, oldest first; served by `idx_interaction_list`."""
    query = (
        select(*(getattr(Interaction, name) for name in AttemptLine._fields))
        .where(
            Interaction.account_id == account_id,
            Interaction.list_date.is_not(None),
            Interaction.list_date >= first,
            Interaction.list_date <= last,
        )
        .order_by(Interaction.id)
    )
    return [AttemptLine._make(row) for row in session.execute(query)]


def used_by_day(session: Session, account_id: int, first: date, last: date) -> list[tuple[date, str, int]]:
    """How much each local day spent of the quotas, as (day, kind, count), by rows that still count."""
    query = (
        select(Interaction.local_day, Interaction.kind, func.count())
        .where(
            Interaction.account_id == account_id,
            Interaction.local_day >= first,
            Interaction.local_day <= last,
            COUNTS,
        )
        .group_by(Interaction.local_day, Interaction.kind)
    )
    return [(row[0], str(row[1]), row[2]) for row in session.execute(query)]


def wishes_by_hand(session: Session, account_id: int, first: date, last: date) -> int:
    """Birthday wishes of those local days that the member sent by hand, as far as the ledger knows of them."""
    query = select(func.count()).where(
        Interaction.account_id == account_id,
        Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
        Interaction.origin == InteractionOrigin.BY_HAND,
        Interaction.local_day >= first,
        Interaction.local_day <= last,
    )
    return session.scalar(query) or 0


def requests_to_stop(session: Session, account_id: int, since: datetime, until: datetime) -> int:
    """Replies from `since` on and before `until` that seem to ask not to be written to."""
    query = select(func.count()).where(
        StopRequest.account_id == account_id, StopRequest.said_at >= since, StopRequest.said_at < until
    )
    return session.scalar(query) or 0
