"""Years of experience from dates as pages write them, and facts that never lose their reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linkedin_pipelines.domain.profiles import (
    Fact,
    Missing,
    Position,
    Section,
    is_current,
    years_of,
    years_of_experience,
)

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("dates", "years", "current"),
    [
        ("Jan 2019 - Present · 7 yrs 3 mos", (2019, 2026), True),
        ("2019 – 2021", (2019, 2021), False),
        ("janv. 2015 - aujourd’hui · 11 ans", (2015, 2026), True),
        ("März 2012 – Dez. 2014 · 2 Jahre 10 Monate", (2012, 2014), False),
        ("2019", (2019, 2026), True),
        ("mar de 2020 - o momento", (2020, 2026), True),
        ("2021 - 2019", None, False),
        ("Founded in 2019 by three friends from school", None, False),
        ("Northwind Turbines", None, False),
        ("", None, False),
        ("2031 - Present", None, False),
    ],
)
def test_dates_of_a_position(dates: str, years: tuple[int, int] | None, current: bool) -> None:
    assert years_of(dates, TODAY) == years
    if years is not None:
        assert is_current(dates, TODAY) is current


def test_overlapping_positions_count_once_and_gaps_do_not() -> None:
    positions = [Position(title="x", dates=dates) for dates in ("2010 - 2014", "2012 - 2016", "2020 - Present")]
    assert years_of_experience(positions, TODAY) == 12


def test_one_unreadable_date_makes_the_years_unknown() -> None:
    positions = [Position(title="x", dates="2010 - 2014"), Position(title="y", dates="a while ago")]
    assert years_of_experience(positions, TODAY) is None
    assert years_of_experience([], TODAY) is None


spans = st.tuples(st.integers(1980, 2026), st.integers(1980, 2026)).map(sorted)


@given(st.lists(spans, min_size=1))
def test_years_are_those_in_which_any_position_was_held(found: list[list[int]]) -> None:
    positions = [Position(title="x", dates=f"{first} - {last}") for first, last in found]
    held = {year for first, last in found for year in range(first, last)}
    assert years_of_experience(positions, TODAY) == len(held)


def test_a_fact_without_value_or_reason_is_refused() -> None:
    for fields in ({}, {"value": "x"}, {"value": "x", "how": "y", "missing": Missing.NOT_READ}, {"how": "y"}):
        with pytest.raises(ValidationError):
            Fact[str].model_validate(fields)
    for other in ({}, {"items": ("x",)}, {"missing": Missing.NOT_SHOWN}):
        with pytest.raises(ValidationError):
            Section[str].model_validate(other)
    assert Section[str](how="h2").known
    assert not Section[str](items=("x",), how="h2", missing=Missing.UNREADABLE).known
