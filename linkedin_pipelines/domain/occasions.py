"""Which birthday is meant: the day it is kept, and the year it belongs to.

The year of an occurrence is the year of the birthday itself, never of the wish: 30 December wished on 3 January is
last year's. A birthday of 29 February has exactly one occurrence every year, on the day the member chose for common
years.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from linkedin_pipelines.domain.account import LeapDay

_DAYS_KEPT = 4096
"""Answers remembered: a list asks the same few days of every one of its people."""


@dataclass(frozen=True, order=True)
class Occurrence:
    """One birthday of one year."""

    on: date
    """The day it is kept, the leap-day rule applied."""
    year: int
    """The year of the birthday, by which an occasion is known."""

    def days_late(self, day: date) -> int:
        """How many days after the birthday `day` is; 0 on the day itself and before it."""
        return max(0, (day - self.on).days)


@lru_cache(_DAYS_KEPT)
def occurrence(month: int, day: int, year: int, leap_day: LeapDay) -> Occurrence:
    """The birthday of `month` and `day` in `year`.

    Raises:
        ValueError: no calendar has such a day.
    """
    if (month, day) == (2, 29) and not isleap(year):
        kept = date(year, 2, 28) if leap_day is LeapDay.FEB28 else date(year, 3, 1)
        return Occurrence(kept, year)
    return Occurrence(date(year, month, day), year)


@lru_cache(_DAYS_KEPT)
def occurrences_within(month: int, day: int, first: date, last: date, leap_day: LeapDay) -> tuple[Occurrence, ...]:
    """All birthdays kept from `first` to `last`, both included, oldest first."""
    found = (occurrence(month, day, year, leap_day) for year in range(first.year, last.year + 1))
    return tuple(each for each in found if first <= each.on <= last)


def due(month: int, day: int, on: date, max_days: int, leap_day: LeapDay) -> Occurrence | None:
    """The birthday that a list of the day `on` is about: of that day, or at most `max_days` (below 365) before it."""
    within = occurrences_within(month, day, on - timedelta(days=max_days), on, leap_day)
    return within[-1] if within else None


@lru_cache(_DAYS_KEPT)
def next_occurrence(month: int, day: int, after: date, leap_day: LeapDay) -> Occurrence:
    """The first birthday kept later than `after`."""
    this_year = occurrence(month, day, after.year, leap_day)
    return this_year if this_year.on > after else occurrence(month, day, after.year + 1, leap_day)


def nearest_occurrence(month: int, day: int, to: date, leap_day: LeapDay) -> Occurrence:
    """The birthday closest to the day `to`; of two equally close ones the earlier, since wishes are late, not early."""
    around = (occurrence(month, day, to.year + shift, leap_day) for shift in (-1, 0, 1))
    return min(around, key=lambda each: (abs((each.on - to).days), each.on))


def days_of_year(first: date, last: date) -> frozenset[tuple[int, int]]:
    """Months and days of birth whose birthday may be kept from `first` to `last`, by either leap-day rule.

    For narrowing a query; `occurrences_within` then decides.
    """
    span = min((last - first).days, 366)
    days = {(day.month, day.day) for day in (first + timedelta(days=shift) for shift in range(span + 1))}
    return frozenset(days | {(2, 29)} if days & {(2, 28), (3, 1)} else days)
