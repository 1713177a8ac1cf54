"""What is left of a limit, and when there is more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.ceilings import CEILINGS, InteractionKind
from linkedin_pipelines.domain.quotas import QuotaLeft, QuotaUsage, quota_left
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.domain.windows import day_start, is_open, local_day
from linkedin_pipelines_tests.builders import account_config

KIND = InteractionKind.BIRTHDAY_MESSAGE
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 18, 12, tzinfo=PARIS)


def account(per_run: int = 15, per_day: int = 15, per_week: int = 100, **fields: Any) -> AccountConfig:
    caps = {"per_run": per_run, "per_day": per_day, "per_week": per_week}
    return account_config(quotas={"birthday_message": caps}, **fields)


def usages(*moments: datetime, zone: str = "Europe/Paris") -> list[QuotaUsage]:
    return [QuotaUsage(moment, local_day(moment, ZoneInfo(zone))) for moment in moments]


def left(config: AccountConfig, used: list[QuotaUsage], by_run: int = 0, now: datetime = NOON) -> QuotaLeft:
    return quota_left(config, ACTION_KINDS[KIND], used, by_run, now)


def test_nothing_spent_leaves_everything_today() -> None:
    assert left(account(), []) == QuotaLeft(CEILINGS[KIND], 15, 15, 100, date(2026, 3, 18))


@pytest.mark.parametrize(
    ("caps", "by_run", "reason"),
    [
        ((2, 5, 9), 2, Reason.RUN_QUOTA),
        ((2, 2, 9), 2, Reason.DAY_QUOTA),
        ((2, 2, 2), 2, Reason.WEEK_QUOTA),
        ((5, 5, 9), 2, None),
    ],
)
def test_what_lasts_longest_is_named(caps: tuple[int, int, int], by_run: int, reason: Reason | None) -> None:
    assert left(account(*caps), usages(NOON, NOON), by_run).reason is reason


def test_the_day_is_the_calendars_and_the_week_is_168_hours() -> None:
    used = usages(NOON - timedelta(hours=13), NOON - timedelta(hours=11), NOON - timedelta(days=7))
    found = left(account(), used)
    assert (found.day, found.week) == (14, 98)
    assert left(account(), usages(NOON - timedelta(days=7) + timedelta(seconds=1))).week == 99


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)], ids=["spring", "autumn"]
)
def test_on_days_of_a_clock_change_the_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    start = day_start(day, PARIS)
    last = start + timedelta(hours=hours) - timedelta(seconds=1)
    used = usages(start - timedelta(seconds=1), start, last)
    assert left(account(per_day=2), used, now=last).day == 0
    assert left(account(per_day=2), used, now=last + timedelta(seconds=1)).day == 2


@pytest.mark.parametrize(
    ("zone", "free"),
    [
        ("America/New_York", 0),
        ("Pacific/Niue", 0),  # its day has just begun; by the calendar of before it is the same day
        ("Pacific/Kiritimati", 1),  # the next day already, by both calendars
    ],
)
def test_an_edited_zone_gives_nothing_twice(zone: str, free: int) -> None:
    assert left(account(per_day=1, timezone=zone), usages(NOON - timedelta(hours=3))).day == free


def test_a_clock_set_back_frees_nothing() -> None:
    used = usages(*[NOON + timedelta(days=2)] * 3)
    found = left(account(per_day=3, per_week=4), used)
    assert (found.day, found.week) == (0, 1)
    assert found.next_day == date(2026, 3, 21)


def test_a_full_week_opens_when_its_oldest_is_a_week_old() -> None:
    used = usages(NOON - timedelta(days=6), NOON - timedelta(days=5), NOON - timedelta(days=4))
    assert left(account(per_week=2), used).next_day == date(2026, 3, 20)
    assert left(account(per_week=3, hours="07:00-11:00"), used).next_day == date(2026, 3, 20)


def test_a_cap_of_zero_never_opens() -> None:
    for caps in ({"per_day": 0}, {"per_week": 0}):
        assert left(account(**caps), []).next_day is None


def test_no_file_lifts_a_limit_above_its_ceiling() -> None:
    config = account().model_copy(
        update={
            "quotas": account().quotas.model_copy(
                update={
                    "birthday_message": CEILINGS[KIND].model_copy(
                        update={"per_run": 500, "per_day": 500, "per_week": 500}
                    )
                }
            )
        }
    )
    assert left(config, []).quota == CEILINGS[KIND]


MOMENTS = st.integers(-12 * 24 * 12, 3 * 24 * 12).map(lambda steps: NOON + timedelta(minutes=5 * steps))


@settings(max_examples=30)
@given(
    st.lists(MOMENTS, max_size=25),
    st.integers(1, 5),
    st.integers(1, 12),
    st.sampled_from(["00:00-24:00", "07:00-19:00"]),
    st.sampled_from(["Europe/Paris", "Pacific/Kiritimati", "Pacific/Niue"]),
)
def test_the_next_day_is_the_first_that_admits_one_more(
    moments: list[datetime], per_day: int, per_week: int, hours: str, zone: str
) -> None:
    config = account(15, per_day, per_week, hours=hours, timezone=zone)
    used = usages(*moments)
    promised = left(config, used).next_day
    assert promised is not None
    moment = NOON.astimezone(UTC)
    while not (is_open(config, moment) and left(config, used, now=moment).left):
        moment += timedelta(minutes=5)
        assert local_day(moment, config.zone) <= promised
    assert local_day(moment, config.zone) == promised
