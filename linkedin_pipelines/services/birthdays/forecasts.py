"""The fortnight ahead: how many birthdays each day has, how many wishes its limits admit, and who would be too late.

A forecast, not a promise: pauses, stop signs and birthdays learned meanwhile are not in it. It decides nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.occasions import days_of_year, occurrences_within
from linkedin_pipelines.domain.quotas import QuotaUsage, quota_left
from linkedin_pipelines.domain.states import ContactStatus, EntryOutcome
from linkedin_pipelines.domain.windows import day_start, local_day, next_opening
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.birthdays.lists import ListView

DAYS = 14
_KIND = ACTION_KINDS[InteractionKind.BIRTHDAY_MESSAGE]


@dataclass(frozen=True)
class ForecastDay:
    """One local day ahead."""

    day: date
    birthdays: int
    """Birthdays of that day that may be wished; on the first day those that its list plans."""
    waiting: int
    """People left over from the days before."""
    room: int
    """Wishes that the account's limits and hours admit that day."""
    sent: int
    """Wishes that would go out."""
    expiring: int
    """People whose wish would be too late after that day."""


def fortnight(database: Database, clock: Clock, view: ListView) -> tuple[ForecastDay, ...]:
    """The account's present day, by the list as it stands, and the days after it.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, view.account, retired=True)
    config, now = account.config, clock.now()
    today = local_day(now, config.zone)
    ahead = [today + timedelta(days=days) for days in range(1, DAYS)]
    with database.reading() as session:
        used = list(rows.used_this_week(session, account.id, now))
        born = Counter(on for on, _ in birthdays_between(session, account, ahead[0], ahead[-1]))
    fresh = [entry.occurs_on for entry in view.entries if entry.outcome is EntryOutcome.PLANNED]
    waiting = [entry.occurs_on for entry in view.entries if entry.outcome is EntryOutcome.DEFERRED]
    days: list[ForecastDay] = []
    for day in [today, *ahead]:
        room = _room(config, used, day)
        # As the list orders them: the day's own birthdays first, then those that would expire soonest.
        queue = [*fresh, *sorted(waiting)]
        sent, rest = queue[:room], queue[room:]
        used += [QuotaUsage(_opening(config, day), day)] * len(sent)
        last = day - timedelta(days=config.late.max_days)
        days.append(
            ForecastDay(day, len(fresh), len(waiting), room, len(sent), expiring=sum(on <= last for on in rest))
        )
        waiting = [on for on in rest if on > last]
        fresh = [day + timedelta(days=1)] * born[day + timedelta(days=1)]
    return tuple(days)


def birthdays_between(
    session: Session, account: AccountView, first: date, last: date
) -> list[tuple[date, rows.ListContact]]:
    """Birthdays of connections that may be wished, kept from `first` to `last`, by day and contact number."""
    return sorted(
        (occurrence.on, contact)
        for contact in rows.born_on(session, account.id, days_of_year(first, last))
        if contact.status is ContactStatus.CONNECTED
        and contact.do_not_contact_reason is None
        and not contact.birthday_disputed
        and contact.birth_month is not None
        and contact.birth_day is not None
        for occurrence in occurrences_within(
            contact.birth_month, contact.birth_day, first, last, account.config.leap_day
        )
    )


def _room(config: AccountConfig, used: list[QuotaUsage], day: date) -> int:
    """How many wishes one run of the day may send; none on a day without hours."""
    opening = _opening(config, day)
    return quota_left(config, _KIND, used, 0, opening).left if local_day(opening, config.zone) == day else 0


def _opening(config: AccountConfig, day: date) -> datetime:
    return next_opening(config, day_start(day, config.zone))
