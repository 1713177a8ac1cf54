"""The reasons against doing something to a person that a list and a claim share: decided once, and worded once.

A list asks them a day ahead, with what its transaction has gathered; a claim asks them again in the moment of the
attempt, under the account's lock. What belongs here: these questions. What does not: those of the calendar alone
(`domain.eligibility`) and of the moment alone (`domain.claims`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from linkedin_pipelines.domain.breaker import Breaker
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.states import ContactStatus, EntryOutcome, InteractionOrigin, InteractionStatus, Reason


@dataclass(frozen=True)
class Attempt:
    """One row of the ledger, as far as the next decision needs it."""

    occurrence_year: int | None
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
    """Why the day of this birthday is not known for certain: its sources disagree."""
    held: str | None = None
    """Why this birthday waits for the member's decision."""
    attempts: tuple[Attempt, ...] = ()


def not_wanted(person: Person, next_on: date | None = None) -> Iterator[Outcome]:
    """What the person or the member said against it."""
    if person.do_not_contact is not None:
        yield skipped(Reason.DO_NOT_CONTACT, f"On your do-not-contact list: {person.do_not_contact}")
    if person.stop_requested_on is not None:
        text = f"Seems to have asked on {person.stop_requested_on} not to be written to; decide on that first."
        yield skipped(Reason.STOP_REQUESTED, text)
    if person.left_out is not None:
        yield Outcome(EntryOutcome.SKIPPED, Reason.LEFT_OUT, person.left_out, next_on)  # the member's own words


def not_possible(person: Person, own_slug: str, *, must_be_connected: bool) -> Iterator[Outcome]:
    """What is missing for it."""
    if person.profile_slug is not None and person.profile_slug == own_slug:
        yield skipped(Reason.IS_SELF, "This is your own profile.")
    if must_be_connected and person.status is ContactStatus.REMOVED:
        yield skipped(Reason.NOT_CONNECTED, "Is no longer among your connections.")
    elif must_be_connected and person.status is not ContactStatus.CONNECTED:
        yield skipped(Reason.NOT_CONNECTED, "No file or page shows that you are connected.")
    if person.profile_slug is None:
        yield skipped(Reason.NO_PROFILE_URL, "No profile address is known, so it is not certain who this is.")


def not_certain(person: Person) -> Iterator[Outcome]:
    """No source wins a dispute: a wish on a wrong day is worse than one that the member has to send by hand."""
    if person.held is not None:
        yield skipped(Reason.IN_DOUBT, person.held)
    if person.disputed is not None:
        yield skipped(Reason.BIRTHDAY_DISPUTED, person.disputed)


def occupied(attempt: Attempt, next_on: date | None = None) -> Outcome:
    """What an attempt that occupies the occasion says; `next_on` is the next occasion, if there is one."""
    if attempt.status is InteractionStatus.IN_DOUBT:
        text = f"An attempt of {attempt.on} may have gone out; nothing more is sent until that is known."
        return skipped(Reason.IN_DOUBT, text)
    if attempt.status is InteractionStatus.SENDING:
        text = f"An attempt that began on {attempt.on} is under way, or waits to be settled."
        return skipped(Reason.IN_FLIGHT, text)
    if attempt.origin is InteractionOrigin.BY_HAND:
        return skipped(Reason.WISHED_BY_HAND, f"You did this yourself, on {attempt.on}.", next_on)
    return skipped(Reason.ALREADY_WISHED, f"Was done on {attempt.on}.", next_on)


def halted(pause_reason: str | None, breaker: Breaker) -> Iterator[Outcome]:
    """What stops the account as a whole until a human acts."""
    if pause_reason is not None:
        text = f"The account is paused: {pause_reason.rstrip('.')}. `accounts resume` ends that."
        yield deferred(Reason.ACCOUNT_PAUSED, text)
    if breaker.stop_sign is not None:
        cause = (breaker.cause or breaker.stop_sign).rstrip(".")
        text = (
            f"The site showed a stop sign ({breaker.stop_sign}): {cause}. The account waits for the member to "
            "resume it (`accounts resume`)."
        )
        yield deferred(Reason.BREAKER_OPEN, text)
