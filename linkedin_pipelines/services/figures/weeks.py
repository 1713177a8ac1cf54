"""The last weeks of an account in numbers: sent, deferred, failed, in doubt, against the quota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting.weeks import deferred_by_day, outcomes_by_day
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.accounts.registry import get_account

WEEKS = 4


@dataclass(frozen=True)
class DayCount:
    """One local day."""

    day: date
    sent: int
    deferred: int
    """People whom the day's list, as it stands, has deferred."""
    failed: int
    in_doubt: int
    quota: int
    """Messages that a day may hold by the account's present limit."""


def last_weeks(database: Database, account_slug: str, last: date) -> tuple[DayCount, ...]:
    """Each day of the four weeks that end with `last`, oldest first.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    first = last - timedelta(days=7 * WEEKS - 1)
    with database.reading() as session:
        outcomes = outcomes_by_day(session, account.id, first, last)
        deferred = deferred_by_day(session, account.id, first, last)
    days = (first + timedelta(days=shift) for shift in range(7 * WEEKS))
    return tuple(
        DayCount(
            day=day,
            sent=outcomes[day, InteractionStatus.SENT],
            deferred=deferred.get(day, 0),
            failed=outcomes[day, InteractionStatus.FAILED],
            in_doubt=outcomes[day, InteractionStatus.IN_DOUBT],
            quota=account.config.quotas.birthday_message.per_day,
        )
        for day in days
    )
