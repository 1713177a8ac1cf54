"""Days of birth as address books write them.

What belongs here: the meaning of a written birthday, whatever file it stood in. What does not: finding it in the file.
Source of the forms: RFC 6350 (vCard 4), RFC 2426 (vCard 3), and what Apple, Google and Microsoft export.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

NO_YEAR = frozenset({0, 1, 1604, 1900})
"""Years that stand for "not known": a database's zero, Apple's and Excel's first years."""

_FULL = re.compile(r"([0-9]{4})(?:-([0-9][0-9])-([0-9][0-9])|([0-9][0-9])([0-9][0-9]))(?:[T ].*)?")
_NO_YEAR = re.compile(r"--([0-9][0-9])-?([0-9][0-9])")
_PARTIAL = re.compile(r"[0-9]{4}-[0-9][0-9]|[0-9]{4}|--[0-9][0-9]|---[0-9][0-9]|--[0-9][0-9]-|[0-9]{4}--?")
_SLASHED = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4})")
_LEAP_YEAR = 2000


@dataclass(frozen=True)
class BirthDate:
    """A day of the year, and the year if it is known."""

    month: int
    day: int
    year: int | None


@dataclass(frozen=True)
class RefusedDate:
    """Why a written birthday is no day; a clause fit to follow the name of the file and line."""

    reason: str


def read_birth_date(
    text: str, *, today: date, free_text: bool = False, year_omitted: bool = False, omitted_year: int | None = None
) -> BirthDate | RefusedDate:
    """The day that `text` names, or why it names none.

    `free_text` says that the file itself calls the value a text (`VALUE=text`), so nothing is read into it.
    `year_omitted` says that the year is a placeholder whatever it is; `omitted_year`, that this one year is.

    The years 0, 1, 1604 and 1900 mean that no year is known. 1970 does so only as 1 January 1970, the zero of
    computers' calendars: people born in 1970 exist, and a wrong "no year" would lose a fact that the file states.
    """
    text = text.strip()
    if free_text:
        return RefusedDate(f"the birthday is a free text, not a date: {_shown(text)}")
    if match := _NO_YEAR.fullmatch(text):
        return _checked(None, int(match[1]), int(match[2]), text, today)
    if match := _FULL.fullmatch(text):
        year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
        if year_omitted or year == omitted_year or year in NO_YEAR or (year, month, day) == (1970, 1, 1):
            return _checked(None, month, day, text, today)
        return _checked(year, month, day, text, today)
    if match := _SLASHED.fullmatch(text):
        return _from_local_form(match, text, today)
    fact = "names no full day" if _PARTIAL.fullmatch(text) else "cannot be read" if text else "is empty"
    return RefusedDate(f"the birthday {fact}: {_shown(text)}".removesuffix(": "))


def from_parts(year: str, month: str, day: str, *, today: date) -> BirthDate | RefusedDate:
    """The day that three separate cells name, as Thunderbird and Outlook write them."""
    cells = [cell.strip() for cell in (year, month, day)]
    shown = "-".join(cell or "?" for cell in cells)
    if not cells[1] or not cells[2]:
        return RefusedDate(f"the birthday names no full day: {_shown(shown)}")
    if not re.fullmatch(r"([0-9]{4}|[01])? [0-9]{1,2} [0-9]{1,2}", " ".join(cells)):
        return RefusedDate(f"the birthday cannot be read: {_shown(shown)}")
    iso = f"{cells[0]:0>4}-{cells[1]:0>2}-{cells[2]:0>2}" if cells[0] else f"--{cells[1]:0>2}-{cells[2]:0>2}"
    return read_birth_date(iso, today=today)


def _from_local_form(match: re.Match[str], text: str, today: date) -> BirthDate | RefusedDate:
    """`13/04/1985` can only be April; `04/05/1985` is April here and May there, and a guess would be a wrong wish."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12 or first == second:  # day first wherever dates are written with dots
        month, day = second, first
    elif second > 12:
        month, day = first, second
    else:
        return RefusedDate(f"day and month of the birthday cannot be told apart: {_shown(text)}")
    return read_birth_date(f"{year:04}-{month:02}-{day:02}", today=today)


def _checked(year: int | None, month: int, day: int, text: str, today: date) -> BirthDate | RefusedDate:
    try:
        born = date(_LEAP_YEAR if year is None else year, month, day)
    except ValueError:
        return RefusedDate(f"there is no such day: {_shown(text)}")
    if year is not None and born > today:
        return RefusedDate(f"the birthday lies in the future: {_shown(text)}")
    return BirthDate(month, day, year)


def _shown(text: str) -> str:
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return text if len(text) <= 40 else text[:39] + "…"
