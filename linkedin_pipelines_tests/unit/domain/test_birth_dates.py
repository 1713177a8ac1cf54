"""A written birthday is a day, or the reason why it is none; nothing in between."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.birth_dates import NO_YEAR, BirthDate, RefusedDate, from_parts, read_birth_date

TODAY = date(2026, 11, 23)


def read(text: str, **how: object) -> BirthDate | RefusedDate:
    return read_birth_date(text, today=TODAY, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "month", "day", "year"),
    [
        ("--0412", 4, 12, None),
        ("--04-12", 4, 12, None),
        ("1985-04-12", 4, 12, 1985),
        ("19850412", 4, 12, 1985),
        (" --02-29", 2, 29, None),
        ("1988-02-29", 2, 29, 1988),
        ("1604-05-09", 5, 9, None),
        ("16040229", 2, 29, None),
        ("1900-05-09", 5, 9, None),
        ("0001-05-09", 5, 9, None),
        ("1985-04-12T00:00:00Z", 4, 12, 1985),
        ("13/04/1985", 4, 13, 1985),
        ("04/13/1985", 4, 13, 1985),
        ("4/4/1985", 4, 4, 1985),
        ("12.4.1985", 4, 12, 1985),
    ],
)
def test_every_form_that_address_books_write_is_read(text: str, month: int, day: int, year: int | None) -> None:
    assert read(text) == BirthDate(month, day, year)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1985-04", "names no full day"),
        ("1985", "names no full day"),
        ("--04", "names no full day"),
        ("---12", "names no full day"),
        ("1962-02-29", "no such day"),
        ("1985-13-01", "no such day"),
        ("--0431", "no such day"),
        ("2031-01-01", "in the future"),
        ("04/05/1985", "cannot be told apart"),
        ("next Tuesday", "cannot be read"),
        ("", "is empty"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(text: str, reason: str) -> None:
    refused = read(text)
    assert isinstance(refused, RefusedDate)
    assert reason in refused.reason


def test_a_text_is_not_guessed_at_even_where_it_looks_like_a_date() -> None:
    assert isinstance(read("1800-01-01", free_text=True), RefusedDate)
    assert isinstance(read("circa 1800", free_text=True), RefusedDate)


def test_1970_is_a_year_of_birth_except_on_the_first_day_of_computers_calendars() -> None:
    assert read("1970-09-23") == BirthDate(9, 23, 1970)
    assert read("1970-01-01") == BirthDate(1, 1, None)


def test_a_year_that_the_file_calls_a_placeholder_is_none() -> None:
    assert read("2000-11-14", year_omitted=True) == BirthDate(11, 14, None)
    assert read("1604-11-14", omitted_year=1604) == BirthDate(11, 14, None)
    assert read("1985-11-14", omitted_year=1604) == BirthDate(11, 14, 1985)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1985", "4", "12"), BirthDate(4, 12, 1985)),
        (("", "04", "12"), BirthDate(4, 12, None)),
        (("0", "4", "12"), BirthDate(4, 12, None)),
        (("1604", "2", "29"), BirthDate(2, 29, None)),
    ],
)
def test_three_columns_are_one_day(parts: tuple[str, str, str], expected: BirthDate) -> None:
    assert from_parts(*parts, today=TODAY) == expected


@pytest.mark.parametrize(
    "parts", [("1985", "", "12"), ("1985", "4", ""), ("85", "4", "12"), ("x", "4", "1"), ("", "2", "30")]
)
def test_three_columns_that_name_no_day_are_refused(parts: tuple[str, str, str]) -> None:
    assert isinstance(from_parts(*parts, today=TODAY), RefusedDate)


@given(st.dates(date(1905, 1, 1), TODAY))
def test_every_real_day_survives_every_form(day: date) -> None:
    if (day.year, day.month, day.day) == (1970, 1, 1):
        return
    expected = BirthDate(day.month, day.day, day.year)
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y"):
        assert read(day.strftime(form)) == expected
    assert from_parts(str(day.year), str(day.month), str(day.day), today=TODAY) == expected
    assert read(day.strftime("--%m-%d")) == read(day.strftime("--%m%d")) == BirthDate(day.month, day.day, None)


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    result = read(text)
    if isinstance(result, BirthDate):
        date(2000, result.month, result.day)
        assert result.year not in NO_YEAR
    else:
        assert result.reason
        assert result.reason.isprintable()
