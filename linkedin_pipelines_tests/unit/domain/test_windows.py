"""An account's days, hours and weekdays, in the weeks in which clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.account import WEEKDAYS
from linkedin_pipelines.domain.windows import day_start, is_open, local_day, next_open_day, next_opening
from linkedin_pipelines_tests.builders import account_config

PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Beirut", "Australia/Lord_Howe"]


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=PARIS, fold=fold)


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Paris", date(2026, 3, 18), datetime(2026, 3, 17, 23, tzinfo=UTC), 24),
        ("Europe/Paris", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Paris", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        # Clocks jump from midnight to one o'clock: the day has no midnight.
        ("Asia/Beirut", date(2026, 3, 29), datetime(2026, 3, 28, 22, tzinfo=UTC), 23),
        # Midnight comes twice: the day starts with the first.
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
    ],
)
def test_days_start_when_the_members_calendar_says(zone: str, day: date, start: datetime, hours: int) -> None:
    assert day_start(day, ZoneInfo(zone)) == start
    assert day_start(day + timedelta(days=1), ZoneInfo(zone)) - start == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_every_moment_lies_in_its_own_day(moment: datetime, zone: ZoneInfo) -> None:
    day = local_day(moment, zone)
    assert day_start(day, zone) <= moment < day_start(day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (paris(2026, 3, 18, 6, 59), paris(2026, 3, 18, 7)),
        (paris(2026, 3, 18, 7), paris(2026, 3, 18, 7)),
        (paris(2026, 3, 18, 18, 59, 59), paris(2026, 3, 18, 18, 59, 59)),
        (paris(2026, 3, 18, 19), paris(2026, 3, 19, 7)),
        (paris(2026, 3, 20, 19), paris(2026, 3, 23, 7)),  # Friday evening; the weekend is off
        (paris(2026, 3, 21, 12), paris(2026, 3, 23, 7)),
        (paris(2026, 3, 28, 23), paris(2026, 3, 30, 7)),  # over the night in which clocks change
    ],
)
def test_the_next_opening(moment: datetime, opening: datetime) -> None:
    account = account_config(hours="07:00-19:00", weekdays=["mon", "tue", "wed", "thu", "fri"])
    assert next_opening(account, moment) == opening
    assert is_open(account, moment) == (moment == opening)


def test_a_window_that_clocks_skip_opens_after_the_gap_or_the_next_day() -> None:
    within = account_config(hours="02:15-02:45")
    assert next_opening(within, paris(2026, 3, 29, 1)) == paris(2026, 3, 30, 2, 15)
    across = account_config(hours="02:15-03:45")
    assert next_opening(across, paris(2026, 3, 29, 1)) == paris(2026, 3, 29, 3, 15)


def test_a_window_that_comes_twice_is_open_twice() -> None:
    account = account_config(hours="02:15-02:45")
    assert is_open(account, paris(2026, 10, 25, 2, 30, fold=0))
    assert is_open(account, paris(2026, 10, 25, 2, 30, fold=1))


def test_a_weekday_that_one_clock_change_swallows_opens_a_week_later() -> None:
    account = account_config(hours="02:15-02:45", weekdays=["sun"])
    assert next_open_day(account, paris(2026, 3, 23, 12)) == date(2026, 4, 5)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
    st.sampled_from(["00:00-24:00", "07:00-19:00", "23:30-24:00", "00:00-00:30", "02:10-02:20"]),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_an_opening_is_open_and_not_in_the_past(moment: datetime, zone: str, hours: str, days: set[str]) -> None:
    account = account_config(timezone=zone, hours=hours, weekdays=sorted(days))
    opening = next_opening(account, moment)
    assert opening >= moment
    assert is_open(account, opening)
    assert next_opening(account, opening) == opening
