"""Outcomes of birthday messages a day, for the picture of the last weeks; served by the ledger's index of days."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import BirthdayList, Interaction, ListEntry
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import told
from linkedin_pipelines.domain.states import EntryOutcome, InteractionOrigin, InteractionStatus

_LIVE = (InteractionStatus.SENDING, InteractionStatus.SENT, InteractionStatus.FAILED, InteractionStatus.IN_DOUBT)


def outcomes_by_day(session: Session, account_id: int, first: date, last: date) -> Counter[tuple[date, str]]:
    """How many occasions each local day from `first` to `last` has, by how the day's last live attempt is told."""
    attempts = (
        select(func.max(Interaction.id).label("id"))
        .where(
            Interaction.account_id == account_id,
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.origin == InteractionOrigin.CAMPAIGN,
            Interaction.status.in_(_LIVE),
            Interaction.local_day >= first,
            Interaction.local_day <= last,
        )
        .group_by(Interaction.local_day, Interaction.contact_id, Interaction.occasion_key)
        .subquery()
    )
    query = (
        select(Interaction.local_day, Interaction.status, Interaction.reason, func.count())
        .join(attempts, attempts.c.id == Interaction.id)
        .group_by(Interaction.local_day, Interaction.status, Interaction.reason)
    )
    found: Counter[tuple[date, str]] = Counter()
    for day, status, reason, count in session.execute(query):
        found[day, told(status, reason).value] += count
    return found


def deferred_by_day(session: Session, account_id: int, first: date, last: date) -> dict[date, int]:
    """How many people each day's list, as it stands, has deferred."""
    query = (
        select(BirthdayList.list_date, func.count())
        .join(ListEntry, ListEntry.list_id == BirthdayList.id)
        .where(
            BirthdayList.account_id == account_id,
            BirthdayList.list_date >= first,
            BirthdayList.list_date <= last,
            ListEntry.outcome == EntryOutcome.DEFERRED,
        )
        .group_by(BirthdayList.list_date)
    )
    return {row[0]: row[1] for row in session.execute(query)}
