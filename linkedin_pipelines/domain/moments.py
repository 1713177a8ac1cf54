"""Occasions that are no birthdays: work anniversaries and new jobs; and how often a person is written to at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linkedin_pipelines.domain.identity import name_key

SPACING_DAYS = 30
"""A person is written to at most once in so many days, over all kinds, unless the account says otherwise."""


class MomentKind(StrEnum):
    """What there is to congratulate on."""

    WORK_ANNIVERSARY = "work_anniversary"
    NEW_JOB = "new_job"


@dataclass(frozen=True)
class Moment:
    """One moment of one person, as the catch-up page tells it."""

    slug: str
    name: str
    kind: MomentKind
    on: date
    """The day that the page speaks of."""
    detail: str = ""
    """What the card says of it beside the name, such as the new position."""

    @property
    def occasion_key(self) -> str:
        """What makes it this occasion and no other, whenever it is seen again; at most 64 characters.

        An anniversary is one a year. A new job is known by its words, since the page may tell of it for weeks and the
        days it gives are rounded; without words, by its month.
        """
        if self.kind is MomentKind.WORK_ANNIVERSARY:
            return f"{self.kind}:{self.on.year}"
        if not (said := name_key(self.detail)):
            return f"{self.kind}:{self.on:%Y-%m}"
        return f"{self.kind}:{hashlib.sha256(said.encode()).hexdigest()[:24]}"


@dataclass(frozen=True)
class SeenMoments:
    """What one tab of the catch-up page says."""

    moments: tuple[Moment, ...]
    """In the page's order; each is certain by itself."""
    doubt: str | None
    """Why these may not be all; None if the page itself proves that they are."""
    unknown: tuple[str, ...] = ()
    """A line for each card that cannot be read: what is known of its person, and what is wrong with it."""


class Advice(StrEnum):
    """What talking lately means for a message."""

    WRITE = "write"
    ASK = "ask"
    """The member decides; nothing is held back without asking."""
    HOLD_BACK = "hold_back"


def next_allowed(written_on: Iterable[date], today: date, spacing_days: int = SPACING_DAYS) -> date:
    """The first day, `today` or later, on which a person may be written to who was written to on these days.

    All kinds of message count alike. The day itself counts: with 30 days, 1 June is followed by 1 July.
    """
    latest = max(written_on, default=None)
    return today if latest is None else max(today, latest + timedelta(days=spacing_days))


def after_talking(last_message_on: date | None, today: date, quiet_days: int, moment: MomentKind | None) -> Advice:
    """What to do where either side wrote on `last_message_on`; `moment` is None for a birthday.

    Within `quiet_days` a congratulation is held back: it would read as from a machine. A birthday never is without
    asking. 0 days switch the rule off.
    """
    if last_message_on is None or (today - last_message_on).days >= quiet_days:
        return Advice.WRITE
    return Advice.HOLD_BACK if moment is not None else Advice.ASK
