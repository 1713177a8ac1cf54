"""Days of birth as address books write them.

What belongs here: the meaning of a written birthday, whatever file it stood in. What does not: finding it in the file.
Source of the forms: RFC 6350 (vCard 4), RFC 2426 (vCard 3), and what Apple, Google and Microsoft export.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

NO_YEAR = frozenset({0, 1, 1604, 1900})
"""Years that stand for "not known": a database's zero, Apple's and Excel's first years."""

EMPTY_DATES = frozenset({(1970, 1, 1), (1, 1, 1), (1601, 1, 1), (1899, 12, 30)})
"""The zeros of Unix, .NET, Windows and OLE: programs write them where no date is known."""

Order = Literal["day_first", "month_first"]

_FULL = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|([0-9][0-9])([0-9][0-9]))(?:[T ]+(.*))?"
)
_NO_YEAR = re.compile(r"--([0-9][0-9])-?([0-9][0-9])")
_PARTIAL = re.compile(r"[0-9]{4}-[0-9]{1,2}|[0-9]{4}|--[0-9][0-9]|---[0-9][0-9]|--[0-9][0-9]-|[0-9]{4}--?")
_LOCAL = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:,? +(.*))?")
_TIME = re.compile(
    r"([0-9]{1,2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]+)?)?)?\s*([AaPp][Mm])?\s*(Z|z|[+-][0-9]{2}:?(?:[0-9]{2})?)?"
)
_NUL_DATE = re.compile(r"0{1,4}([/.-]?)0{1,2}\1?0{1,4}(?:[T ].*)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


@dataclass(frozen=True)
class UnorderedDate(RefusedDate):
    """`5/4/1986`: refused unless the rest of the file proves whether the day or the month comes first."""

    first: int
    second: int
    year: int | None

    def ordered(self, order: Order, *, today: date) -> BirthDate | RefusedDate:
        """The day that it names in that order."""
        month, day = (self.second, self.first) if order == "day_first" else (self.first, self.second)
        return _checked(self.year, month, day, f"{self.first}/{self.second}/{self.year or '?'}", today)


def read_birth_date(  # noqa: PLR0911 -- a form a return
    text: str,
    *,
    today: date,
    zone: tzinfo = UTC,
    free_text: bool = False,
    year_omitted: bool = False,
    omitted_year: int | None = None,
) -> BirthDate | RefusedDate:
    """The day that `text` names, or why it names none.

    `zone` is where the account lives: a program that databases birthdays as moments wrote midnight there in UTC.
    `free_text` says that the file itself calls the value a text (`VALUE=text`), so nothing is read into it.
    `year_omitted` says that the year is a placeholder whatever it is; `omitted_year`, that this one year is.

    The years 0, 1, 1604 and 1900 mean that no year is known. The zeros of computers' calendars (`EMPTY_DATES`) mean
    that no date is known. Nothing may follow the date but a time that leaves no doubt of the day.
    """
    text = text.strip()
    bare = text.rstrip(";, ")
    if free_text:
        return RefusedDate(f"the birthday is a free text, not a date: {_shown(text)}")
    if match := _NO_YEAR.fullmatch(bare):
        return _checked(None, int(match[1]), int(match[2]), text, today)
    if _NUL_DATE.fullmatch(bare):
        return _empty(text)
    if match := _FULL.fullmatch(bare):
        year = int(match[1])
        month, day = int(match[2] or match[4] or match[6]), int(match[3] or match[5] or match[7])
        found = _at(year, month, day, match[8], zone, text)
        if isinstance(found, RefusedDate):
            return found
        year, month, day = found
        if year_omitted or year == omitted_year:
            return _checked(None, month, day, text, today)
        if (year, month, day) in EMPTY_DATES:
            return _empty(text)
        return _checked(None if year in NO_YEAR else year, month, day, text, today)
    if match := _LOCAL.fullmatch(bare):
        return _from_local_form(match, text, today, zone)
    fact = "names no full day" if _PARTIAL.fullmatch(bare) else "cannot be read" if text else "is empty"
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


def proven_order(text: str) -> Order | None:
    """The order of day and month that a slashed date proves, as `4/15/1985` does; None if it proves none."""
    match = _LOCAL.fullmatch(text.strip())
    if match is None or match[2] == ".":
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second >= 1 and first <= 31:
        return "day_first"
    return "month_first" if second > 12 >= first >= 1 and second <= 31 else None


def _from_local_form(match: re.Match[str], text: str, today: date, zone: tzinfo) -> BirthDate | RefusedDate:
    """`13/04/1985` can only be April; `04/05/1985` is April here and May there, and a guess would be a wrong wish."""
    first, second = int(match[1]), int(match[3])
    year: int | None = int(match[4])
    if len(match[4]) == 2:  # of which century is not said, and a number up to 31 may as well be the day
        if int(match[4]) <= 31:
            return RefusedDate(f"the birthday's year and day cannot be told apart: {_shown(text)}")
        year = None
    if match[2] == "." or first > 12 or first == second:  # day first wherever dates are written with dots
        month, day = second, first
    elif second > 12:
        month, day = first, second
    elif match[5] and not _is_midnight(match[5]):
        return RefusedDate(f"the birthday cannot be read: {_shown(text)}")
    else:
        return UnorderedDate(
            f"day and month of the birthday cannot be told apart: {_shown(text)}",
            first,
            second,
            None if year in NO_YEAR else year,
        )
    time = f" {match[5]}" if match[5] else ""
    if year is None:
        return (
            RefusedDate(f"the birthday cannot be read: {_shown(text)}")
            if time
            else _checked(None, month, day, text, today)
        )
    return read_birth_date(f"{year:04}-{month:02}-{day:02}{time}", today=today, zone=zone)


def _is_midnight(time: str) -> bool:
    match = _TIME.fullmatch(time.strip())
    return match is not None and match[5] is None and _clock(match) == timedelta(0)


def _clock(match: re.Match[str]) -> timedelta | None:
    hour, minute, second = (int(match[group] or 0) for group in (1, 2, 3))
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    return timedelta(hours=hour, minutes=minute, seconds=second) if hour < 24 and minute < 60 and second < 61 else None


def _at(  # noqa: PLR0911 -- a way to write midnight a return
    year: int, month: int, day: int, time: str | None, zone: tzinfo, text: str
) -> tuple[int, int, int] | RefusedDate:
    """The day of a moment; as written where no time follows."""
    if time is None or not time.strip():
        return year, month, day
    match = _TIME.fullmatch(time.strip())
    clock = None if match is None else _clock(match)
    if match is None or clock is None:
        return RefusedDate(f"the birthday is followed by something else than a time: {_shown(text)}")
    try:
        written = datetime(max(year, 2), month, day) + clock  # noqa: DTZ001 -- its zone comes next
    except (ValueError, OverflowError):
        return year, month, day  # no such day, which is said by whoever checks it
    offset = match[5]
    utc = offset is not None and offset.lower() in {"z", "+00:00", "-00:00", "+0000", "-0000", "+00", "-00"}
    moment = written.replace(tzinfo=UTC)
    if clock == timedelta(0) or (offset is not None and not utc):
        # Midnight is how programs write a day, and an offset tells the day where the person was born.
        if offset is not None and not utc and moment - _offset(offset) == _EPOCH:
            return 1970, 1, 1
        return year, month, day
    if moment == _EPOCH or (offset is None and (year, month, day) in {(1969, 12, 31), (1970, 1, 1)}):
        return 1970, 1, 1  # the zero of computers' calendars, shown in some zone
    local = moment.astimezone(zone)
    midnight_here = local.hour == local.minute == local.second == 0
    if utc and midnight_here:
        return local.year, local.month, local.day
    if utc or midnight_here:
        return RefusedDate(f"the birthday is a moment, and its day depends on where it was: {_shown(text)}")
    return year, month, day


def _offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if text[0] == "-" else size


def _empty(text: str) -> RefusedDate:
    return RefusedDate(f"the birthday is the empty date of a program, not a day: {_shown(text)}")


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
