"""Whether one person is to be wished for one birthday, and if not, why, and when again.

Pure: facts in, an outcome out. What belongs here: everything about the person and the account's day. What does not: how
many slots a day has left (`domain.list_plan`) and which words are used (`domain.wording`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from linkedin_pipelines.domain import rules
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.rules import Attempt, Person
from linkedin_pipelines.domain.states import OCCUPYING, InteractionStatus, Reason

MAX_FAILURES = 3
"""Failed attempts for one birthday after which the person is left alone until the next."""
BLAMELESS = frozenset(
    {
        Reason.INTERRUPTED,
        Reason.STOP_SIGN,
        Reason.BROWSER_FAILED,
        # what the announcement of a click was refused for
        Reason.DO_NOT_CONTACT,
        Reason.ACCOUNT_PAUSED,
        Reason.BREAKER_OPEN,
        Reason.OUTSIDE_HOURS,
        Reason.DAY_CHANGED,
        Reason.BIRTHDAY_CHANGED,
        Reason.NOT_LIVE,
        Reason.NOT_PRESSED,
    }
)
"""Failures that say nothing about the person or the page, and so do not count against another attempt."""
SAME_BIRTHDAY_DAYS = 90
"""A wish this recent was for the same birthday, even if the date was corrected across New Year since."""


@dataclass(frozen=True)
class Day:
    """The list's date, and the account's own day and rules."""

    list_date: date
    today: date
    """The account's local day."""
    max_days: int
    own_slug: str
    halt: Outcome | None = None
    """What stops the whole account until a human acts."""

    @cached_property
    def sending_day(self) -> date:
        """The earliest day on which this list can be sent."""
        return max(self.list_date, self.today)


def verdict_on(person: Person, occurrence: Occurrence, next_on: date, day: Day) -> Outcome | None:
    """Why somebody is not wished now, or None for somebody who is to be; `next_on` is their next birthday.

    What was done already comes first, then what people said, then what is missing, then the calendar.
    """
    return next(_against(person, occurrence, next_on, day), None)


def _against(person: Person, occurrence: Occurrence, next_on: date, day: Day) -> Iterator[Outcome]:
    yield from _done_already(person.attempts, occurrence, next_on)
    yield from rules.not_wanted(person, next_on)
    yield from rules.not_possible(person, day.own_slug, must_be_connected=True)
    yield from rules.not_certain(person)
    yield from _not_in_time(person.attempts, occurrence, next_on, day)
    yield from _not_now(day)


def _done_already(attempts: Iterable[Attempt], occurrence: Occurrence, next_on: date) -> Iterator[Outcome]:
    for attempt in attempts:
        if attempt.status not in OCCUPYING or attempt.occurrence_year is None:
            continue
        if attempt.occurrence_year == occurrence.year:
            yield rules.occupied(attempt, next_on)
        recent = abs((attempt.on - occurrence.on).days) <= SAME_BIRTHDAY_DAYS
        if recent and abs(attempt.occurrence_year - occurrence.year) == 1:
            text = f"Was wished on {attempt.on}, before the date of this birthday was corrected; once is enough."
            yield skipped(Reason.ALREADY_WISHED, text, next_on)


def _not_in_time(attempts: Iterable[Attempt], occurrence: Occurrence, next_on: date, day: Day) -> Iterator[Outcome]:
    deadline = occurrence.on + timedelta(days=day.max_days)
    if day.today > deadline:
        text = f"The birthday was {(day.today - occurrence.on).days} days ago; the account's limit is {day.max_days}."
        yield skipped(Reason.TOO_LATE, text, next_on)
    failures = [
        attempt
        for attempt in attempts
        if attempt.occurrence_year == occurrence.year
        and attempt.status is InteractionStatus.FAILED
        and attempt.reason not in BLAMELESS
    ]
    if len(failures) >= MAX_FAILURES:
        last = failures[-1]
        why = f" ({last.reason.value})" if last.reason else ""
        text = f"{len(failures)} attempts failed, the last on {last.on}{why}; write by hand if you like."
        yield skipped(Reason.TOO_MANY_FAILURES, text, next_on)


def _not_now(day: Day) -> Iterator[Outcome]:
    if day.halt is not None:
        yield day.halt
    if day.list_date > day.today:
        text = f"{day.list_date} has not begun where the account lives; there it is {day.today}."
        yield deferred(Reason.NOT_YET, text, day.list_date)
