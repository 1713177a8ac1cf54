"""What is learnt of the ways to find an element: which of its candidates worked, and in which order to try them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Preferences = Mapping[tuple[str, str], tuple[str, ...]]
"""Names of candidates, the one that worked last first, by surface and element."""


@dataclass(frozen=True)
class SelectorOutcome:
    """One look for one element by one candidate."""

    surface: str
    element: str
    candidate: str
    success: bool
