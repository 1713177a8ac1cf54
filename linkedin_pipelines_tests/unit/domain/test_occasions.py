"""Which birthday is meant: tables of the awkward days, and properties that hold for all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.account import LeapDay
from linkedin_pipelines.domain.occasions import (
    Occurrence,
    days_of_year,
    due,
    nearest_occurrence,
    next_occurrence,
    occurrence,
    occurrences_within,
)

FEB28, MAR1 = LeapDay.FEB28, LeapDay.MAR1

births = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
days = st.dates(date(1990, 1, 1), date(2190, 12, 31))
rules = st.sampled_from(LeapDay)
windows = st.integers(0, 14)


@pytest.mark.parametrize(
    ("birth", "on", "max_days", "rule", "expected"),
    [
        ((4, 12), date(2026, 4, 12), 7, FEB28, Occurrence(date(2026, 4, 12), 2026)),
        ((4, 12), date(2026, 4, 19), 7, FEB28, Occurrence(date(2026, 4, 12), 2026)),
        ((4, 12), date(2026, 4, 20), 7, FEB28, None),
        ((4, 12), date(2026, 4, 11), 7, FEB28, None),
        ((4, 12), date(2026, 4, 13), 0, FEB28, None),
        ((12, 30), date(2027, 1, 3), 7, FEB28, Occurrence(date(2026, 12, 30), 2026)),
        ((12, 31), date(2027, 1, 1), 1, FEB28, Occurrence(date(2026, 12, 31), 2026)),
        ((1, 1), date(2026, 12, 31), 7, FEB28, None),
        ((2, 29), date(2027, 2, 28), 0, FEB28, Occurrence(date(2027, 2, 28), 2027)),
        ((2, 29), date(2027, 2, 28), 0, MAR1, None),
        ((2, 29), date(2027, 3, 1), 0, MAR1, Occurrence(date(2027, 3, 1), 2027)),
        ((2, 29), date(2027, 3, 1), 7, FEB28, Occurrence(date(2027, 2, 28), 2027)),
        ((2, 29), date(2028, 2, 28), 7, FEB28, None),
        ((2, 29), date(2028, 2, 29), 0, FEB28, Occurrence(date(2028, 2, 29), 2028)),
        ((2, 29), date(2028, 3, 1), 0, MAR1, None),
        ((2, 29), date(2100, 3, 1), 0, MAR1, Occurrence(date(2100, 3, 1), 2100)),
    ],
)
def test_a_list_is_about_the_birthdays_of_its_window(birth: tuple[int, int], on, max_days, rule, expected):
    assert due(*birth, on, max_days, rule) == expected


def test_a_wish_on_30_dec_repeated_on_3_jan_and_the_next_30_dec_skipped():
    """Wished late in January, the December birthday is still last year's; the next December has its own."""
    in_time = due(12, 30, date(2026, 12, 30), 7, FEB28)
    late = due(12, 30, date(2027, 1, 3), 7, FEB28)
    next_time = due(12, 30, date(2027, 12, 30), 7, FEB28)
    assert in_time == late == Occurrence(date(2026, 12, 30), 2026)
    assert next_time == Occurrence(date(2027, 12, 30), 2027)


@given(st.integers(1990, 2190), rules)
def test_29_feb_never_wished_in_a_common_year(year, rule):
    """Every year has exactly one occurrence of it, whatever the rule."""
    found = occurrences_within(2, 29, date(year, 1, 1), date(year, 12, 31), rule)
    assert [each.year for each in found] == [year]


@given(births, days, windows, rules)
def test_what_is_due_lies_in_the_window_and_belongs_to_its_own_year(birth: tuple[int, int], on, max_days, rule):
    found = due(*birth, on, max_days, rule)
    if found is None:
        assert not any(
            occurrence(*birth, day.year, rule).on == day
            for day in (on - timedelta(days=late) for late in range(max_days + 1))
        )
    else:
        assert on - timedelta(days=max_days) <= found.on <= on
        assert found.year == found.on.year
        assert found.days_late(on) == (on - found.on).days


@given(births, days, windows, rules)
def test_the_narrowed_query_misses_nobody(birth: tuple[int, int], on, max_days, rule):
    if due(*birth, on, max_days, rule) is not None:
        assert birth in days_of_year(on - timedelta(days=max_days), on)


@given(births, days, rules)
def test_the_next_occurrence_is_the_first_one_later(birth: tuple[int, int], day, rule):
    found = next_occurrence(*birth, day, rule)
    assert found.on > day
    assert not occurrences_within(*birth, day + timedelta(days=1), found.on - timedelta(days=1), rule)


@given(births, days, rules)
def test_no_other_occurrence_is_nearer_than_the_nearest(birth: tuple[int, int], day, rule):
    found = nearest_occurrence(*birth, day, rule)
    distance = abs((found.on - day).days)
    assert distance <= 184
    others = occurrences_within(*birth, day - timedelta(days=400), day + timedelta(days=400), rule)
    assert all(distance <= abs((each.on - day).days) for each in others)


def test_a_day_that_no_calendar_has_is_refused():
    with pytest.raises(ValueError, match="day"):
        occurrence(2, 30, 2026, FEB28)
