"""Who is congratulated, and who is not, with the reason; pure, from what a transaction has gathered.

A birthday is the stronger occasion. A moment gives way to one, before it and after it, and never holds one back. So of
two messages to one person less than the account's `spacing_days` apart neither is a congratulation, unless the birthday
became known only after the congratulation had gone out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.domain import rules
from linkedin_pipelines.domain.moments import Advice, MomentKind, after_talking, next_allowed
from linkedin_pipelines.domain.network_settings import Moments
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.rules import Attempt, Person
from linkedin_pipelines.domain.states import Reason

ORDER = (MomentKind.NEW_JOB, MomentKind.WORK_ANNIVERSARY)
"""Which of two moments of one person comes first: a job is new once, an anniversary comes again."""


@dataclass(frozen=True)
class MomentCase:
    """One moment under consideration."""

    kind: MomentKind
    first_seen_on: date
    person: Person
    occupant: Attempt | None
    """The attempt that occupies the occasion."""
    written_on: Sequence[date]
    """Local days on which the person was, or may have been, written to by the product, whatever the kind."""
    talked_on: date | None
    """Last day on which either side is known to have written."""
    birthdays: Sequence[date]
    """Days on which birthdays of theirs are kept, within reach, that were not wished yet."""


def verdict_on_moment(
    case: MomentCase, day: date, settings: Moments, own_slug: str, *, late_days: int
) -> Outcome | None:
    """The first reason against a congratulation on `day`, what lasts longest first; None if there is none.

    `late_days` is how late a birthday wish may be: until then one that is missing may still go out.
    """
    return next(_reasons(case, day, settings, own_slug, late_days), None)


def _reasons(case: MomentCase, day: date, settings: Moments, own_slug: str, late_days: int) -> Iterator[Outcome]:
    yield from rules.not_wanted(case.person)
    yield from rules.not_possible(case.person, own_slug, must_be_connected=True)
    if case.occupant is not None:
        yield rules.occupied(case.occupant)
    if (day - case.first_seen_on).days > settings.late_days:
        text = f"First told of on {case.first_seen_on}; more than {settings.late_days} days later it is late."
        yield skipped(Reason.TOO_LATE, text)
    yield from against_writing(case.written_on, case.birthdays, day, settings, late_days=late_days)
    if after_talking(case.talked_on, day, settings.quiet_days, case.kind) is Advice.HOLD_BACK:
        yield talked_lately(case.talked_on, settings)


def against_writing(
    written_on: Sequence[date], birthdays: Sequence[date], day: date, settings: Moments, *, late_days: int
) -> Iterator[Outcome]:
    """What other messages to the person, past and to come, say against one more."""
    before, after = timedelta(days=settings.spacing_days), timedelta(days=late_days)
    near = [on for on in birthdays if on - before < day <= on + after]
    if near:
        text = f"A birthday of {max(near)} goes first: at most one message in {settings.spacing_days} days."
        yield deferred(Reason.BIRTHDAY_SOON, text, max(near) + before)
    if (first := next_allowed(written_on, day, settings.spacing_days)) > day:
        text = f"Was written to on {max(written_on)}: at most one message in {settings.spacing_days} days."
        yield deferred(Reason.WRITTEN_LATELY, text, first)


def talked_lately(on: date | None, settings: Moments) -> Outcome:
    """The refusal of a congratulation to somebody the member talks to anyway."""
    when = f"on {on}" if on is not None else "on a day that the conversation does not state"
    text = f"You talked {when}, within {settings.quiet_days} days; a ready-made congratulation would not suit that."
    return skipped(Reason.TALKED_LATELY, text)
