"""A written birthday is a day, or the reason why it is none; nothing in between."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linkedin_pipelines.domain.birth_dates import (
    NO_YEAR,
    BirthDate,
    RefusedDate,
    UnorderedDate,
    from_parts,
    read_birth_date,
)

TODAY = date(2026, 11, 23)
PARIS = ZoneInfo("Europe/Paris")


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


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01",
        "19700101",
        "0001-01-01T00:00:00Z",
        "1601-01-01",
        "1899-12-30",
        "1969-12-31T23:00:00Z",
        "1969-12-31T19:00:00-05:00",
        "00/00/0000",
        "0000-00-00",
        "1/1/1970",
    ],
)
def test_the_zeros_of_programs_are_no_birthdays(text: str) -> None:
    refused = read(text, zone=PARIS)
    assert isinstance(refused, RefusedDate)
    assert "empty date" in refused.reason


def test_people_born_in_1970_exist_and_a_placeholder_year_is_no_zero() -> None:
    assert read("1970-09-23") == BirthDate(9, 23, 1970)
    assert read("1970-01-01", year_omitted=True) == BirthDate(1, 1, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19850414T220000Z", BirthDate(4, 15, 1985)),
        ("1985-12-30T23:00:00Z", BirthDate(12, 31, 1985)),
        ("1985-12-31T23:00:00Z", BirthDate(1, 1, 1986)),
        ("1984-02-28T23:00:00Z", BirthDate(2, 29, 1984)),
        ("1985-04-15T00:00:00Z", BirthDate(4, 15, 1985)),
        ("1985-04-15T23:30:00+02:00", BirthDate(4, 15, 1985)),
        ("1985-04-15T10:30:00", BirthDate(4, 15, 1985)),
        ("1985-04-15 00:00", BirthDate(4, 15, 1985)),
        ("4/15/1985 12:00:00 AM", BirthDate(4, 15, 1985)),
        ("15.04.1985 00:00:00", BirthDate(4, 15, 1985)),
        ("1985-04-15T00:00:00+02:00", BirthDate(4, 15, 1985)),
        ("1985-04-15 12:00 am", BirthDate(4, 15, 1985)),
        ("1985-4-5", BirthDate(4, 5, 1985)),
        ("1990-01-01;", BirthDate(1, 1, 1990)),
        ("15/04/85", BirthDate(4, 15, None)),
    ],
)
def test_a_moment_is_the_day_that_it_was_where_the_account_lives(text: str, expected: BirthDate) -> None:
    assert read(text, zone=PARIS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1985-04-14T21:17:00Z",
        "1985-04-14T22:00:00",
        "1985-04-15 to 1985-04-20",
        "1985-04-15 or so",
        "1985-04-15T99:00",
        "1985-04-15 13:00 pm",
        "1985-02-30 00:00",
        "4/5/1990 10:00",
        "31/12/85 10:00",
        "15/04/12",
        "4/15/1985 maybe",
        "1985-04-15 ::: 1986-05-16",
    ],
)
def test_what_leaves_a_doubt_of_the_day_is_refused(text: str) -> None:
    assert isinstance(read(text, zone=PARIS), RefusedDate)


def test_day_and_month_are_not_guessed_at_where_midnight_follows_either() -> None:
    assert read("4/5/1990 00:00") == UnorderedDate(
        "day and month of the birthday cannot be told apart: 4/5/1990 00:00", 4, 5, 1990
    )
    assert type(read("4/5/1990 10:00")) is RefusedDate, "an hour is no day, whichever its order"


@given(
    st.dates(date(1905, 1, 1), date(2012, 12, 31)), st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo"])
)
def test_midnight_where_the_account_lives_is_that_day_however_a_program_writes_it(day: date, zone: str) -> None:
    here = ZoneInfo(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=here)
    assume(day != date(1970, 1, 1) and midnight.astimezone(UTC).astimezone(here).date() == day)
    assume(midnight.utcoffset().total_seconds() % 60 == 0)
    assume(midnight.astimezone(UTC) != datetime(1970, 1, 1, tzinfo=UTC))
    expected = BirthDate(day.month, day.day, day.year)
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y%m%dT%H%M%SZ"):
        text = midnight.astimezone(UTC).strftime(form)
        if not text.endswith(("T00:00:00Z", "T000000Z")):
            assert read(text, zone=here) == expected
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.isoformat()}T00:00:00", f"{day.day}.{day.month}.{day.year}"):
        assert read(text, zone=here) == expected


@given(st.dates(date(1905, 1, 1), date(2012, 12, 31)), st.text(min_size=1, max_size=12))
def test_whatever_follows_a_date_never_moves_it(day: date, tail: str) -> None:
    found = read(day.isoformat() + " " + tail, zone=PARIS)
    assert isinstance(found, RefusedDate) or found.year is None or abs((_as_day(found) - day).days) <= 1


def _as_day(found: BirthDate) -> date:
    return date(found.year or 2000, found.month, found.day)


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
