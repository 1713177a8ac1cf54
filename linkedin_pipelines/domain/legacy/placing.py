"""Which occasion each stated event belongs to, and which rows tell of one and the same thing.

Pure: placed events in, outcomes out. What does not belong here: finding the contact, and writing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkedin_pipelines.domain.account import LeapDay
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.legacy.facts import LAST_MESSAGE
from linkedin_pipelines.domain.occasions import nearest_occurrence
from linkedin_pipelines.domain.states import OCCUPYING, InteractionStatus

SAME_FACT = timedelta(minutes=5)
"""Two tables tell of one wish, each by its own clock reading, so close to each other."""
TRACE = timedelta(days=1)
"""A contact's column tells of nothing new where a birthday row is so close."""
SAME_FACT_REASON = "same_fact"
REPEAT = "repeat"
COVERED = "covered"

_LEADS = {"birthday_messages": 0, "profile_visits": 0, "interactions": 1, LAST_MESSAGE: 2}


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """One event of one contact."""

    index: int
    """What the caller knows the row by."""
    table: str
    row_id: str
    contact_id: int
    kind: InteractionKind
    status: InteractionStatus
    at: datetime
    day: date
    dated_only: bool
    year: int

    @property
    def _order(self) -> tuple[int, datetime, int, str]:
        number = int(self.row_id) if self.row_id.lstrip("-").isdigit() else 0
        return _LEADS.get(self.table, 1), self.at, number, self.row_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """`into` is the index of the event that this one is merged into, None for one that stands."""

    into: int | None = None
    why: str | None = None


def occurrence_year(birthday: tuple[int, int] | None, day: date, days_late: int | None, leap_day: LeapDay) -> int:
    """Year of the birthday that a wish of the local `day` was for: a known birthday beats a stated lateness."""
    if birthday is not None:
        return nearest_occurrence(*birthday, day, leap_day).year
    return (day - timedelta(days=days_late)).year if days_late else day.year


def outcomes(events: Iterable[PlacedEvent]) -> dict[int, Outcome]:
    """What becomes of each event, by index."""
    by_contact: dict[tuple[int, InteractionKind], list[PlacedEvent]] = defaultdict(list)
    for event in events:
        by_contact[event.contact_id, event.kind].append(event)
    found: dict[int, Outcome] = {}
    for some in by_contact.values():
        found.update(_of_contact(some))
    return found


def _of_contact(events: Sequence[PlacedEvent]) -> dict[int, Outcome]:
    found: dict[int, Outcome] = {}
    told = [event for event in events if event.table != LAST_MESSAGE]
    leads: list[PlacedEvent] = []
    for event in sorted(events, key=lambda each: each._order):  # noqa: SLF001 - its own module
        if event.table == LAST_MESSAGE and any(_covers(other, event) for other in told):
            found[event.index] = Outcome(None, COVERED)
            continue
        lead = next((one for one in leads if _same_fact(one, event)), None)
        found[event.index] = Outcome(lead.index, SAME_FACT_REASON) if lead else Outcome()
        if lead is None:
            leads.append(event)
    if events and events[0].kind is InteractionKind.BIRTHDAY_MESSAGE:
        _merge_repeats(leads, found)
    return found


def _covers(other: PlacedEvent, trace: PlacedEvent) -> bool:
    if trace.dated_only or other.dated_only:
        return abs(other.day - trace.day) <= TRACE
    return abs(other.at - trace.at) <= TRACE


def _same_fact(lead: PlacedEvent, event: PlacedEvent) -> bool:
    failed = InteractionStatus.FAILED
    if failed in (lead.status, event.status) or lead.dated_only is not event.dated_only:
        return False
    rehearsed = InteractionStatus.REHEARSED
    return (lead.status is rehearsed) is (event.status is rehearsed) and abs(lead.at - event.at) <= SAME_FACT


def _merge_repeats(leads: Sequence[PlacedEvent], found: dict[int, Outcome]) -> None:
    """The earliest of one occasion stands; one that was surely sent before one that may have been."""
    by_year: dict[int, list[PlacedEvent]] = defaultdict(list)
    for lead in leads:
        if lead.status in OCCUPYING:
            by_year[lead.year].append(lead)
    for some in by_year.values():
        first, *others = sorted(
            some,
            key=lambda each: (each.status is not InteractionStatus.SENT, each.at, each._order),  # noqa: SLF001
        )
        for other in others:
            found[other.index] = Outcome(first.index, REPEAT)
