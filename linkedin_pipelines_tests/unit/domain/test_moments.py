"""Moments have occasions of their own, and nobody is written to too often for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.moments import Advice, Moment, MomentKind, after_talking, next_allowed

TODAY = date(2026, 3, 18)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def moment(kind: MomentKind, on: date, detail: str = "") -> Moment:
    return Moment("jane-doe", "Jane Doe", kind, on, detail)


def test_an_anniversary_is_one_a_year_whenever_it_is_seen() -> None:
    seen = moment(MomentKind.WORK_ANNIVERSARY, date(2026, 12, 30))
    assert seen.occasion_key == "work_anniversary:2026"
    assert moment(MomentKind.WORK_ANNIVERSARY, date(2027, 1, 1)).occasion_key != seen.occasion_key


@given(days, days)
def test_a_new_job_is_known_by_its_words_and_not_by_the_day_it_is_seen(first: date, second: date) -> None:
    one = moment(MomentKind.NEW_JOB, first, "Head of  Data at Contoso")
    assert one.occasion_key == moment(MomentKind.NEW_JOB, second, "head of data at contoso").occasion_key
    assert one.occasion_key != moment(MomentKind.NEW_JOB, first, "CFO at Contoso").occasion_key
    assert len(one.occasion_key) <= 64


def test_a_new_job_without_words_is_known_by_its_month() -> None:
    assert moment(MomentKind.NEW_JOB, date(2026, 3, 9)).occasion_key == "new_job:2026-03"


@given(st.lists(days), st.integers(0, 90))
def test_at_most_once_in_n_days_over_all_kinds(written: list[date], spacing: int) -> None:
    first = next_allowed(written, TODAY, spacing)
    assert first >= TODAY
    assert all((first - day).days >= spacing for day in written)
    if first > TODAY:
        assert any((first - timedelta(days=1) - day).days < spacing for day in written)


@pytest.mark.parametrize(
    ("last", "kind", "advice"),
    [
        (None, MomentKind.NEW_JOB, Advice.WRITE),
        (date(2026, 3, 12), MomentKind.NEW_JOB, Advice.HOLD_BACK),
        (date(2026, 3, 12), MomentKind.WORK_ANNIVERSARY, Advice.HOLD_BACK),
        (date(2026, 3, 12), None, Advice.ASK),
        (date(2026, 3, 4), None, Advice.WRITE),
        (date(2026, 3, 4), MomentKind.NEW_JOB, Advice.WRITE),
    ],
)
def test_talking_lately_holds_a_congratulation_back_and_asks_about_a_birthday(
    last: date | None, kind: MomentKind | None, advice: Advice
) -> None:
    assert after_talking(last, TODAY, 14, kind) is advice
    assert after_talking(last, TODAY, 0, kind) is Advice.WRITE
