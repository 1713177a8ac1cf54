"""What is learnt of the ways to find an element: which of its candidates worked, and in which order to try them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

Preferences = Mapping[tuple[str, str], tuple[str, ...]]
"""Names of candidates, the one that worked last first, by surface and element."""


@dataclass(frozen=True)
class SelectorOutcome:
    """One look for one element by one candidate."""

    surface: str
    element: str
    candidate: str
    success: bool


@dataclass(frozen=True)
class CandidateHealth:
    """What is known of one way to find an element."""

    surface: str
    element: str
    candidate: str
    successes: int
    failures: int
    last_success_at: datetime | None
    last_failure_at: datetime | None

    @property
    def fails(self) -> bool:
        """Whether it found nothing when it was last tried."""
        if self.last_failure_at is None:
            return False
        return self.last_success_at is None or self.last_failure_at > self.last_success_at


class SelectorUse(StrEnum):
    """`lost`: no candidate found the element when last tried. `fell_back`: the one that used to work best did not."""

    LOST = "lost"
    FELL_BACK = "fell_back"
    WELL = "well"


@dataclass(frozen=True)
class ElementHealth:
    """How an element is found, by all that was learnt."""

    surface: str
    element: str
    state: SelectorUse
    candidates: tuple[CandidateHealth, ...]
    """The one that worked most often first."""

    @property
    def text(self) -> str:
        """One sentence."""
        name, best = f"{self.element} of {self.surface}", self.candidates[0]
        if self.state is SelectorUse.LOST:
            return f"{name}: none of {len(self.candidates)} ways found it when last tried."
        if self.state is SelectorUse.FELL_BACK:
            works = next(each.candidate for each in self.candidates if not each.fails)
            return f"{name}: {best.candidate}, which used to find it, did not when last tried; {works} does."
        return f"{name}: found by {best.candidate}."


def judged(candidates: Iterable[CandidateHealth]) -> list[ElementHealth]:
    """Each element and how it stands, the worst first. Candidates come grouped by element."""
    found = []
    for (surface, element), group in groupby(candidates, lambda each: (each.surface, each.element)):
        ways = tuple(sorted(group, key=lambda each: -each.successes))
        state = SelectorUse.WELL
        if all(each.fails for each in ways):
            state = SelectorUse.LOST
        elif ways[0].fails:
            state = SelectorUse.FELL_BACK
        found.append(ElementHealth(surface, element, state, ways))
    return sorted(found, key=lambda each: list(SelectorUse).index(each.state))
