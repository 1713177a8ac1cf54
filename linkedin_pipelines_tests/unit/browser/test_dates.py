"""Days as pages write them, in four languages; what is not certain is no day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.browser import labels
from linkedin_pipelines.browser.dates import birthday_of_line, day_of_heading, is_other_moment, latest, month_and_day

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "Today", FRIDAY),
        ("en", "YESTERDAY", date(2026, 11, 19)),
        ("en", "Monday", date(2026, 11, 16)),
        ("en", "Friday", None),
        ("en", "Nov 10", date(2026, 11, 10)),
        ("en", "Dec 30", date(2025, 12, 30)),
        ("en", "Nov 10, 2024", date(2024, 11, 10)),
        ("en", "Nov 25, 2026", None),
        ("en", "Feb 30", None),
        ("en", "Feb 29", None),
        ("en", "11/10/2026", None),
        ("en", "aujourd'hui", None),
        ("fr", "Aujourd\u2019hui", FRIDAY),
        ("fr", "Hier", date(2026, 11, 19)),
        ("fr", "lundi", date(2026, 11, 16)),
        ("fr", "10\u00a0nov.", date(2026, 11, 10)),
        ("fr", "1er janv. 2025", date(2025, 1, 1)),
        ("fr", "30 d\u00e9c.", date(2025, 12, 30)),
        ("fr", "30 de\u0301c.", date(2025, 12, 30)),
        ("de", "Heute", FRIDAY),
        ("de", "10. Nov.", date(2026, 11, 10)),
        ("de", "3. März 2025", date(2025, 3, 3)),
        ("es", "ayer", date(2026, 11, 19)),
        ("es", "10 de noviembre de 2025", date(2025, 11, 10)),
        ("pt", "hoje", None),
        ("pt", "Nov 10", None),
    ],
)
def test_headings(language: str, text: str, day: date | None) -> None:
    assert day_of_heading(text, labels.load(language).calendar, FRIDAY) == day


def test_a_machine_readable_date_needs_no_words() -> None:
    calendar = labels.load("pt").calendar
    assert day_of_heading("10 de nov.", calendar, FRIDAY, "2026-11-10T09:15:00Z") == date(2026, 11, 10)
    assert day_of_heading("10 de nov.", calendar, FRIDAY, "2026-13-10") is None


@pytest.mark.parametrize(
    ("language", "name", "lines", "days"),
    [
        ("en", "Jane Doe", ["Celebrate Jane's recent birthday on Nov 10"], {date(2026, 11, 10)}),
        ("en", "Jane Doe", ["Celebrate Jane\u2019s birthday today", "Yesterday"], {FRIDAY}),
        ("en", "Jane Doe", ["Celebrate Bob's recent birthday on Nov 10"], set()),
        ("en", "Jane Doe", ["3 days ago"], {date(2026, 11, 17)}),
        ("en", "Jane Doe", ["30 days of today", "birthday cakes since yesterday"], set()),
        ("en", "Jane Doe", ["Today", "3 days ago"], {FRIDAY, date(2026, 11, 17)}),
        ("fr", "Frédéric Hier", ["Célébrez l\u2019anniversaire récent de Frédéric le 10 nov."], {date(2026, 11, 10)}),
        ("fr", "Frédéric Hier", ["Célébrez l'anniversaire récent de Frédéric le 30 déc."], {date(2025, 12, 30)}),
        ("fr", "Thierry", ["Thierry"], set()),
        ("fr", "Thierry", ["il y a 3\u202fjours"], {date(2026, 11, 17)}),
    ],
)
def test_birthday_lines(language: str, name: str, lines: list[str], days: set[date]) -> None:
    assert birthday_of_line(lines, name, labels.load(language), FRIDAY) == days


def test_other_moments_are_known_by_their_own_person() -> None:
    en = labels.load("en")
    assert is_other_moment("Congratulate Jane for starting a new position at Acme", "Jane Doe", en)
    assert not is_other_moment("Congratulate Bob for starting a new position at Acme", "Jane Doe", en)


@given(today=st.dates(date(2001, 1, 1), date(2100, 12, 31)), back=st.integers(0, 364))
def test_the_latest_such_day_is_at_most_a_year_old(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    assert latest(day.month, day.day, today) == day


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
@given(today=st.dates(date(2001, 1, 1), date(2100, 12, 31)), back=st.integers(0, 364), year=st.booleans())
def test_every_written_day_is_read_back(language: str, today: date, back: int, *, year: bool) -> None:
    day = today - timedelta(days=back)
    calendar = labels.load(language).calendar
    for name in calendar.months[day.month - 1]:
        for template in calendar.dates:
            if ("YEAR" in template) == year:
                text = template.replace("MONTH", name).replace("DAY", str(day.day)).replace("YEAR", f"{day.year:04}")
                assert day_of_heading(text, calendar, today) == day


@pytest.mark.parametrize(
    ("language", "text", "born"),
    [
        ("en", "April 12", (4, 12)),
        ("en", "February 29", (2, 29)),
        ("en", "February 30", None),
        ("en", "Smarch 1", None),
        ("fr", "1er ao\u00fbt", (8, 1)),
        ("de", "29. Februar", (2, 29)),
        ("es", "12 de abril", (4, 12)),
        ("pt", "12 de abril", None),
        ("en", "sometime in April", None),
    ],
)
def test_a_day_of_the_year_is_read_whole_or_not_at_all(language: str, text: str, born: tuple[int, int] | None) -> None:
    assert month_and_day(text, labels.load(language).calendar) == born
