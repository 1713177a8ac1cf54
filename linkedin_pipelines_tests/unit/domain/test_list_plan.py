"""Order, slots and hash of a list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.domain.list_plan import content_hash, quota_verdict, sort_key, waiting_days
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.quotas import QuotaLeft, QuotaUsage
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines_tests.builders import account_config

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
TODAY = date(2026, 3, 18)


def quotas(day: int, week: int) -> dict[str, dict[str, int]]:
    return {"birthday_message": {"per_run": 15, "per_day": day, "per_week": week}}


def test_today_comes_first_and_then_what_expires_soonest():
    days = [TODAY - timedelta(days=late) for late in (0, 3, 7, 1)]
    ordered = sorted((Occurrence(day, 2026) for day in days), key=lambda each: sort_key(each, TODAY, "x"))
    assert [(TODAY - each.on).days for each in ordered] == [0, 7, 3, 1]


def test_nobody_is_always_last():
    """Two people born on one day take turns over the years."""
    first = Counter(
        min(("anna", "zoe"), key=lambda name: sort_key(Occurrence(TODAY, year), TODAY, f"demo|{name}|{year}"))
        for year in range(2000, 2100)
    )
    assert all(30 < count < 70 for count in first.values())


@pytest.mark.parametrize(
    ("place", "left", "reason"),
    [
        (5, (5, 9, 9), Reason.RUN_QUOTA),
        (9, (5, 9, 20), Reason.DAY_QUOTA),
        (9, (5, 9, 9), Reason.WEEK_QUOTA),
        (0, (0, 0, 0), Reason.WEEK_QUOTA),
    ],
)
def test_the_limit_that_lasts_longest_is_named(place, left, reason):
    run, today, week = left
    quota = QuotaLeft(Quota(per_run=15, per_day=15, per_week=100), run, today, week, next_day=None)
    verdict = quota_verdict(place, quota, TODAY + timedelta(days=1), TODAY + timedelta(days=7))
    assert verdict.reason is reason
    assert f"number {place + 1}" in verdict.explanation
    assert "by hand" not in verdict.explanation


def test_who_would_expire_while_waiting_is_told_so():
    quota = QuotaLeft(Quota(per_run=15, per_day=15, per_week=100), 0, 0, 9, next_day=None)
    for again in (TODAY + timedelta(days=1), None):
        verdict = quota_verdict(1, quota, again, TODAY)
        assert "write by hand" in verdict.explanation
        assert verdict.next_eligible_on is None  # it will not be tried on that day


@given(st.integers(1, 15), st.integers(1, 60), st.integers(0, 15), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_a_backlog_crammed_into_one_day_after_downtime(per_day, per_week, taken, people):
    """It is not: no day gets more than its quota, no seven days more than the week's, and nobody waits needlessly."""
    taken = min(taken, per_day, per_week)
    config = account_config(quotas=quotas(per_day, per_week), timezone="UTC")  # where seven days are 168 hours
    days = list(islice(waiting_days(config, [], taken, NOW, date.max), people))
    assert days == sorted(days)
    counts = Counter(day for day in days if day is not None)
    counts[TODAY] += taken
    assert all(count <= per_day for count in counts.values())
    for start in counts:
        assert sum(counts[start + timedelta(days=shift)] for shift in range(7)) <= per_week


def test_days_on_which_the_account_does_not_send_get_nobody():
    config = account_config(quotas=quotas(2, 100), weekdays=["wed", "fri"])
    days = list(islice(waiting_days(config, [], 2, NOW, date.max), 4))
    assert days == [date(2026, 3, 20)] * 2 + [date(2026, 3, 25)] * 2


def test_what_was_spent_before_counts():
    config = account_config(quotas=quotas(2, 3))
    used = [QuotaUsage(NOW - timedelta(days=6), TODAY - timedelta(days=6))] * 3
    assert next(waiting_days(config, used, 0, NOW, date.max)) == TODAY + timedelta(days=1)


def test_years_of_backlog_are_spread_like_the_first_week():
    config = account_config(quotas=quotas(15, 60), timezone="UTC")
    counts = Counter(islice(waiting_days(config, [], 15, NOW, date.max), 6000))
    assert sum(counts.values()) == 6000
    assert all(count <= 15 for count in counts.values())
    assert max(counts) - TODAY < timedelta(days=7 * (6000 // 60 + 2))


def test_days_after_the_last_wish_has_expired_are_not_looked_for():
    config = account_config(quotas=quotas(2, 100))
    days = list(islice(waiting_days(config, [], 2, NOW, TODAY + timedelta(days=1)), 6))
    assert days == [TODAY + timedelta(days=1)] * 2 + [None] * 4


def test_limits_of_zero_have_no_day():
    assert next(waiting_days(account_config(quotas=quotas(0, 0)), [], 0, NOW, date.max)) is None


@given(st.lists(st.tuples(st.text(), st.integers(2000, 2100), st.text()), unique=True), st.randoms())
def test_the_hash_is_of_what_is_said_to_whom_and_not_of_its_order(content, random):
    shuffled = list(content)
    random.shuffle(shuffled)
    assert content_hash(shuffled) == content_hash(content)
    assert content_hash([*content, ("new", 1999, "text")]) != content_hash(content)
