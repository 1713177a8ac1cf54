"""A profile as a page showed it: each field with how it was read, or why it is missing.

What belongs here: the shapes, and what follows from them alone. What does not: how a page is read (`browser`), and what
a profile is worth (`fit_score`). A section that could not be read is unknown, which is not the same as empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linkedin_pipelines.domain.identity import tidy

T = TypeVar("T")
Short = Annotated[str, Field(max_length=400)]
ITEMS_LIMIT = 200
"""No section of a profile is read further than this many items."""


class Depth(StrEnum):
    """How far a profile is read: its top card alone, or its sections as well."""

    TOP = "top"
    FULL = "full"


class Missing(StrEnum):
    """Why a field has no value."""

    NOT_SHOWN = "not_shown"
    """The page was read and shows none."""
    NOT_READ = "not_read"
    """The depth asked for does not go that far."""
    UNREADABLE = "unreadable"
    """The page shows something, or failed to load it; what it says is not certain."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Model, Generic[T]):
    """One field: a value and how it was read, or the reason why there is none."""

    value: T | None = None
    how: Short | None = None
    """Name of the way by which it was read, such as `dist-value` or `experience section`."""
    missing: Missing | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.value is None) == (self.missing is None) or (self.value is None) != (self.how is None):
            raise ValueError("a fact has a value and how it was read, or the reason why it is missing")
        return self

    @classmethod
    def read(cls, value: T, how: str) -> Self:
        """A value that was read."""
        return cls(value=value, how=how)

    @classmethod
    def none(cls, missing: Missing) -> Self:
        """No value, for this reason."""
        return cls(missing=missing)

    @property
    def known(self) -> bool:
        """Whether the page told, be it that there is none."""
        return self.missing in (None, Missing.NOT_SHOWN)


class Position(_Model):
    """One position of somebody's experience."""

    title: Short
    company: Short | None = None
    dates: Short | None = None
    """As the page writes them."""


class Section(_Model, Generic[T]):
    """A list on a profile. Empty is a fact; a section that was not read to its end has the reason in `missing`."""

    items: tuple[T, ...] = Field(default=(), max_length=ITEMS_LIMIT)
    """What was read; not all of it where `missing` is set."""
    how: Short | None = None
    missing: Missing | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.missing is Missing.NOT_SHOWN or (self.how is None and (self.items or self.missing is None)):
            raise ValueError("a section says how it was read or why it was not; one that is not shown is empty")
        return self

    @property
    def known(self) -> bool:
        """Whether the items are all there are."""
        return self.missing is None


class ReadProfile(_Model):
    """What one visit read; enough to score the person again without another."""

    slug: Short
    name: Short
    depth: Depth
    headline: Fact[Short]
    location: Fact[Short]
    role: Fact[Short]
    """Title of the current position."""
    company: Fact[Short]
    years_of_experience: Fact[int]
    open_to_work: Fact[bool]
    degree: Fact[int]
    experience: Section[Position]
    skills: Section[Short]
    certifications: Section[Short]


_YEAR = r"(?:19|20)\d\d"
_SPAN = re.compile(rf"(?:\D{{0,24}}?)({_YEAR})(?:\s*[-\u2013\u2014]\s*(?:\D{{0,24}}?({_YEAR})|\D{{2,24}}))?(?:\s*·.*)?")


def years_of(dates: str, today: date) -> tuple[int, int] | None:
    """First and last year of a position's dates (`Jan 2019 - Present · 7 yrs`, `2019`); None if they are no dates.

    What does not end in a year lasts until `today`; a position of which the start alone is told does so too.
    """
    match = _SPAN.fullmatch(tidy(dates))
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or today.year)
    return (first, last) if first <= last <= today.year else None


def is_current(dates: str, today: date) -> bool:
    """Whether a position's dates do not end."""
    match = _SPAN.fullmatch(tidy(dates))
    return match is not None and match[2] is None and int(match[1]) <= today.year


def years_of_experience(positions: Iterable[Position], today: date) -> int | None:
    """Whole years in which the person held any position, overlapping ones counted once; None if a date is unreadable.

    Years alone are compared, since months are written in words: the number is at most one a gap too high or low.
    """
    spans = []
    for position in positions:
        span = years_of(position.dates or "", today)
        if span is None:
            return None
        spans.append(span)
    total, reached = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached))
        reached = max(reached, last)
    return total if spans else None
