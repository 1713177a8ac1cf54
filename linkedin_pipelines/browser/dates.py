"""Days as pages write them: headings of a conversation, and lines of a birthday card. What is not certain is None."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from linkedin_pipelines.browser.labels import CalendarLabels, Labels, MessageText
from linkedin_pipelines.browser.text import folded, name_parts

_TOKEN = re.compile(r"\b(NAME|TEXT|DETAIL|DAY|MONTH|YEAR|NUMBER)\b")
_GROUPS = {
    "NAME": r"(?P<name>.+?)",
    "TEXT": r".+",
    "DETAIL": r"(?P<detail>.+)",
    "DAY": r"(?P<day>\d{1,2})(?:er|st|nd|rd|th|º)?",
    "YEAR": r"(?P<year>\d{4})",
    "NUMBER": r"(?P<number>\d{1,4})",
}
_LEAP_YEAR = 2000
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|T)")


@lru_cache(maxsize=512)
def _pattern(template: str, months: tuple[MessageText, ...]) -> re.Pattern[str]:
    names = sorted({folded(name) for month in months for name in month}, key=len, reverse=True)
    month = rf"(?P<month>{'|'.join(map(re.escape, names))})\.?" if names else "(?!)"
    pieces = []
    for part in _TOKEN.split(template.rstrip(".! ")):
        literal = re.sub(r"(?:\\ )+", r"\\s*", re.escape(" ".join(folded(f"|{part}|").split()).strip("|")))
        pieces.append(month if part == "MONTH" else _GROUPS.get(part, literal))
    return re.compile("".join(pieces) + r"\s*[.!]*")


def matching(line: str, templates: Iterable[str], calendar: CalendarLabels | None = None) -> re.Match[str] | None:
    """The match of the whole `line` with the first of `templates` that fits it."""
    plain = folded(line)
    months = calendar.months if calendar else ()
    return next((m for t in templates if (m := _pattern(t, months).fullmatch(plain))), None)


def latest(month: int, day: int, today: date) -> date | None:
    """The last such day up to `today`, within a year; None if there was none."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue  # 29 February of a common year
        if found <= today:
            return found
    return None


def month_and_day(text: str, calendar: CalendarLabels) -> tuple[int, int] | None:
    """The day of the year that the whole of `text` names, 29 February included; None if that is not certain."""
    match = matching(text, calendar.dates, calendar)
    if match is None:
        return None
    months = _months(match["month"], calendar)
    month, day = months.pop() if len(months) == 1 else 0, int(match["day"])
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        return None
    return month, day


def _months(word: str, calendar: CalendarLabels) -> set[int]:
    return {number for number, names in enumerate(calendar.months, 1) if word in {folded(name) for name in names}}


def _dated(match: re.Match[str], calendar: CalendarLabels, today: date) -> date | None:
    months = _months(match["month"], calendar)
    if len(months) != 1:
        return None
    month, day = months.pop(), int(match["day"])
    year = match.groupdict().get("year")
    if year is None:
        return latest(month, day, today)
    try:
        found = date(int(year), month, day)
    except ValueError:
        return None
    return found if found <= today else None


def day_of_heading(text: str, calendar: CalendarLabels, today: date, machine: str | None = None) -> date | None:
    """The day that a heading of a conversation names, as seen on `today`; None if that is not certain.

    A weekday is the last one before today; today's own weekday could be today or a week ago, so it is nothing certain.
    A day and month without a year are the last such day. `machine` is the heading's machine-readable date, if any.
    """
    if machine and (iso := _ISO.match(machine.strip())):
        try:
            return date(*map(int, iso.groups()))
        except ValueError:
            return None
    plain = folded(text)
    if plain in map(folded, calendar.today):
        return today
    if plain in map(folded, calendar.yesterday):
        return today - timedelta(days=1)
    found: set[date | None] = set()
    for number, names in enumerate(calendar.weekdays):
        if plain.rstrip(".") in map(folded, names):
            back = (today.weekday() - number) % 7
            found.add(today - timedelta(days=back) if back else None)
    if (match := matching(text, calendar.dates, calendar)) is not None:
        found.add(_dated(match, calendar, today))
    return found.pop() if len(found) == 1 else None


def birthday_of_line(lines: Iterable[str], name: str, labels: Labels, today: date) -> set[date]:
    """The birthdays that the lines of `name`'s card state, as seen on `today`; more than one is a contradiction.

    A line that names the person is stronger than a bare "today", "3 days ago" or date, which a headline may say too.
    A name inside a line has to be the person's own, so that a line about somebody else is not taken for it.
    """
    strong: set[date] = set()
    bare: set[date] = set()
    for line in lines:
        for templates in (
            labels.birthdays.today,
            labels.birthdays.yesterday,
            labels.birthdays.days_ago,
            labels.birthdays.on_day,
            labels.calendar.dates,
        ):
            match = matching(line, templates, labels.calendar)
            if match is None or not names_person(match, name):
                continue
            day = _stated(match, templates, labels, today)
            if day is not None:
                says_more = templates is labels.birthdays.on_day or bool(match.groupdict().get("name"))
                (strong if says_more else bare).add(day)
    return strong or bare


def _stated(match: re.Match[str], templates: MessageText, labels: Labels, today: date) -> date | None:
    if templates is labels.birthdays.today:
        return today
    if templates is labels.birthdays.yesterday:
        return today - timedelta(days=1)
    if templates is labels.birthdays.days_ago:
        return today - timedelta(days=int(match["number"]))
    return _dated(match, labels.calendar, today)


def is_other_moment(line: str, name: str, labels: Labels) -> bool:
    """Whether the line of `name`'s card speaks of a new job, a promotion, a work anniversary and the like."""
    match = matching(line, labels.birthdays.other_moments, labels.calendar)
    return match is not None and names_person(match, name)


def names_person(match: re.Match[str], name: str) -> bool:
    """Whether the name that the match holds, if any, is the person's own."""
    said = match.groupdict().get("name")
    if said is None or folded(name).startswith(said):
        return True
    words = name_parts(said)  # a card says the bare first name of "Dr. Ada" or of a name with an emoji
    return bool(words) and name_parts(name)[: len(words)] == words
