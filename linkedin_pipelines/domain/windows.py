"""When an account may act: its own local days, hours and weekdays, the days of a clock change included.

What belongs here: arithmetic of one member's local time. What does not: how much is left to do then (`domain.quotas`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linkedin_pipelines.domain.account import WEEKDAYS, AccountConfig

_DAYS_AHEAD = 15
"""Two weeks and a day hold every weekday twice, so a window that one clock change swallows opens a week later."""


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the member's calendar at `moment`."""
    return moment.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC.

    Where clocks skip midnight the day starts when they do; where midnight comes twice, with the first one.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def is_open(account: AccountConfig, moment: datetime) -> bool:
    """Whether the account's weekdays and hours admit `moment`."""
    local = moment.astimezone(account.zone)
    return WEEKDAYS[local.weekday()] in account.weekdays and account.window.contains(local.time())


def next_opening(account: AccountConfig, moment: datetime) -> datetime:
    """The first moment, not before `moment`, at which the account's weekdays and hours admit work; in UTC."""
    if is_open(account, moment):
        return moment.astimezone(UTC)
    today = local_day(moment, account.zone)
    for days in range(_DAYS_AHEAD):
        start = datetime.combine(today + timedelta(days=days), account.window.start, tzinfo=account.zone).astimezone(
            UTC
        )
        # A start that clocks skip falls after the gap; if the window has ended by then, that day has none.
        if start >= moment and is_open(account, start):
            return start
    raise AssertionError("an account has at least one weekday and a window that is not empty")


def next_open_day(account: AccountConfig, moment: datetime) -> date:
    """The local date of the next opening, counted from `moment`."""
    return local_day(next_opening(account, moment), account.zone)
