"""Whether one person is to be wished for one birthday, and if not, why, and when again.

Pure: facts in, verdict out. What belongs here: everything about the person and the account's day. What does not: how
many slots a day has left (`domain.list_plan`) and which words are used (`domain.wording`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.states import (
    OCCUPYING,
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)

MAX_FAILURES = 3
"""Failed attempts for one birthday after which the person is left alone until the next."""
BLAMELESS = frozenset({Reason.INTERRUPTED, Reason.STOP_SIGN, Reason.BROWSER_FAILED})
"""Failures that say nothing about the person or the page, and so do not count against another attempt."""
SAME_BIRTHDAY_DAYS = 90
"""A wish this recent was for the same birthday, even if the date was corrected across New Year since."""


@dataclass(frozen=True)
class Attempt:
    """One row of the ledger, as far as the next decision needs it."""

    occurrence_year: int
    status: InteractionStatus
    origin: InteractionOrigin
    on: date
    """Local day of the account: sent, or claimed."""
    reason: Reason | None = None


@dataclass(frozen=True)
class Person:
    """What is known about a contact that decides."""

    profile_slug: str | None
    status: ContactStatus
    do_not_contact: str | None = None
    """The reason, where the member said so."""
    stop_requested_on: date | None = None
    """Day of a reply such as "please stop" that the member has not decided on."""
    left_out: str | None = None
    """Why the member left this person out this time."""
    disputed: str | None = None
    """Why nobody knows the day of this birthday for certain: its sources disagree."""
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class Halt:
    """Something that stops the whole account until a human acts."""

    reason: Reason
    explanation: str


@dataclass(frozen=True)
class Day:
    """The list's date, and the account's own day and rules."""

    list_date: date
    today: date
    """The account's local day."""
    max_days: int
    own_slug: str
    halt: Halt | None = None

    @property
    def sending_day(self) -> date:
        """The earliest day on which this list can be sent."""
        return max(self.list_date, self.today)


@dataclass(frozen=True)
class Verdict:
    """Why somebody is not wished now."""

    outcome: EntryOutcome
    reason: Reason
    explanation: str
    next_eligible_on: date | None


def verdict_on(person: Person, occurrence: Occurrence, next_on: date, day: Day) -> Verdict | None:
    """The verdict, or None for somebody who is to be wished; `next_on` is their next birthday.

    What was done already comes first, then what people said, then what is missing, then the calendar.
    """
    return (
        _done_already(person.attempts, occurrence, next_on)
        or _not_wanted(person, next_on)
        or _not_possible(person, day)
        or _not_certain(person)
        or _not_in_time(person.attempts, occurrence, next_on, day)
        or _not_now(day)
    )


def _skipped(reason: Reason, explanation: str, next_on: date | None) -> Verdict:
    return Verdict(EntryOutcome.SKIPPED, reason, explanation, next_on)


def _done_already(attempts: Iterable[Attempt], occurrence: Occurrence, next_on: date) -> Verdict | None:
    for attempt in attempts:
        if attempt.status not in OCCUPYING:
            continue
        if attempt.occurrence_year == occurrence.year:
            return _of_occupied(attempt, next_on)
        recent = abs((attempt.on - occurrence.on).days) <= SAME_BIRTHDAY_DAYS
        if recent and abs(attempt.occurrence_year - occurrence.year) == 1:
            text = f"Was wished on {attempt.on}, before the date of this birthday was corrected; once is enough."
            return _skipped(Reason.ALREADY_WISHED, text, next_on)
    return None


def _of_occupied(attempt: Attempt, next_on: date) -> Verdict:
    if attempt.status is InteractionStatus.IN_DOUBT:
        text = f"A wish of {attempt.on} may have gone out; nothing more is sent until that is known."
        return _skipped(Reason.IN_DOUBT, text, None)
    if attempt.status is InteractionStatus.SENDING:
        return _skipped(
            Reason.IN_FLIGHT, f"A wish that began on {attempt.on} is under way, or waits to be settled.", None
        )
    if attempt.origin is InteractionOrigin.BY_HAND:
        return _skipped(Reason.WISHED_BY_HAND, f"You wished this person yourself, on {attempt.on}.", next_on)
    return _skipped(Reason.ALREADY_WISHED, f"Was wished on {attempt.on}.", next_on)


def _not_wanted(person: Person, next_on: date) -> Verdict | None:
    if person.do_not_contact is not None:
        return _skipped(Reason.DO_NOT_CONTACT, f"On your do-not-contact list: {person.do_not_contact}", None)
    if person.stop_requested_on is not None:
        text = f"Seems to have asked on {person.stop_requested_on} not to be written to; decide on that first."
        return _skipped(Reason.STOP_REQUESTED, text, None)
    if person.left_out is not None:
        return _skipped(Reason.LEFT_OUT, person.left_out, next_on)
    return None


def _not_possible(person: Person, day: Day) -> Verdict | None:
    if person.profile_slug is not None and person.profile_slug == day.own_slug:
        return _skipped(Reason.IS_SELF, "This is your own profile.", None)
    if person.status is ContactStatus.REMOVED:
        return _skipped(Reason.NOT_CONNECTED, "Is no longer among your connections.", None)
    if person.status is not ContactStatus.CONNECTED:
        return _skipped(Reason.NOT_CONNECTED, "No file or page shows that you are connected.", None)
    if person.profile_slug is None:
        text = "No profile address is known, so nobody can be sure who it is."
        return _skipped(Reason.NO_PROFILE_URL, text, None)
    return None


def _not_certain(person: Person) -> Verdict | None:
    """No source wins a dispute: a wish on a wrong day is worse than one that the member has to send by hand."""
    if person.disputed is not None:
        return _skipped(Reason.BIRTHDAY_DISPUTED, person.disputed, None)
    return None


def _not_in_time(attempts: Iterable[Attempt], occurrence: Occurrence, next_on: date, day: Day) -> Verdict | None:
    deadline = occurrence.on + timedelta(days=day.max_days)
    if day.today > deadline:
        text = f"The birthday was {(day.today - occurrence.on).days} days ago; the account's limit is {day.max_days}."
        return _skipped(Reason.TOO_LATE, text, next_on)
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
        return _skipped(Reason.TOO_MANY_FAILURES, text, next_on)
    return None


def _not_now(day: Day) -> Verdict | None:
    if day.halt is not None:
        return Verdict(EntryOutcome.DEFERRED, day.halt.reason, day.halt.explanation, None)
    if day.list_date > day.today:
        text = f"{day.list_date} has not begun where the account lives; there it is {day.today}."
        return Verdict(EntryOutcome.DEFERRED, Reason.NOT_YET, text, day.list_date)
    return None
