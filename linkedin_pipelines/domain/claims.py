"""Whether an attempt may start: one list of checks, and one plain sentence for every refusal.

What belongs here: the decision, made from facts that one transaction has gathered under the account's lock. What does
not: gathering them, and the locks and constraints that keep them true (`db.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.domain.account import AccountConfig, InteractionKind, Mode
from linkedin_pipelines.domain.breaker import Breaker, admits
from linkedin_pipelines.domain.canary import MEANINGS, KeptSight, look_again_at
from linkedin_pipelines.domain.quotas import QuotaLeft
from linkedin_pipelines.domain.states import (
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)
from linkedin_pipelines.domain.windows import is_open, local_day, next_open_day

READINGS_BEFORE_MEMBER_DECIDES = 3
"""A thread read so often without being able to tell no longer holds up the account; its row stays in doubt."""


@dataclass(frozen=True)
class Refused:
    """The attempt may not start. Nothing was spent, nothing needs to be undone."""

    reason: Reason
    outcome: EntryOutcome
    explanation: str
    """One sentence for the member."""
    next_eligible_on: date | None
    """First local date on which it may be tried again; None if never for this occasion, or not before a human acts."""


@dataclass(frozen=True)
class Occupant:
    """The interaction that occupies an occasion."""

    status: InteractionStatus
    origin: InteractionOrigin
    local_day: date


@dataclass(frozen=True)
class Person:
    """What is known of the contact."""

    full_name: str
    profile_slug: str | None
    status: ContactStatus
    do_not_contact_reason: str | None
    stop_request_undecided: bool
    birthday_disputed: bool = False


@dataclass(frozen=True)
class Circumstances:
    """All that the decision rests on, as it was at one moment under the account's lock."""

    now: datetime
    rehearsal: bool
    """Nothing will be clicked or kept, so the account need not be live."""
    account: AccountConfig
    retired: bool
    pause_reason: str | None
    terms_accepted: bool
    settle_first_reason: str | None
    unsettled: int
    """Interactions of the account, on other occasions, whose end nobody saw and whose threads have to be read first."""
    breaker: Breaker
    quota: QuotaLeft
    person: Person | None
    """None if the account has no such contact (any more)."""
    occupant: Occupant | None
    kind: InteractionKind
    unreadable: tuple[KeptSight, ...] = ()
    """Elements that this kind of interaction needs and that the canary could not read."""


def refusal(facts: Circumstances) -> Refused | None:
    """The first reason against the attempt, what lasts longest first; None if there is none."""
    return next(_refusals(facts), None)


def _refusals(facts: Circumstances) -> Iterator[Refused]:
    yield from _against_the_person(facts)
    if facts.occupant is not None:
        yield _occupied(facts.occupant)
    yield from _against_the_account(facts)
    yield from _against_the_moment(facts)


def _skipped(reason: Reason, explanation: str) -> Refused:
    return Refused(reason, EntryOutcome.SKIPPED, _sentence(explanation), None)


def _deferred(reason: Reason, explanation: str, next_eligible_on: date | None = None) -> Refused:
    return Refused(reason, EntryOutcome.DEFERRED, _sentence(explanation), next_eligible_on)


def _sentence(text: str) -> str:
    """One line that ends like a sentence: it may end in words that somebody typed."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _against_the_person(facts: Circumstances) -> Iterator[Refused]:
    person = facts.person
    if person is None:
        yield _skipped(Reason.NOT_CONNECTED, "This person is no longer among the account's contacts.")
        return
    name = person.full_name
    if person.profile_slug is not None and person.profile_slug == facts.account.profile_slug:
        yield _skipped(Reason.IS_SELF, "This is the account's own profile.")
    if person.do_not_contact_reason is not None:
        yield _skipped(Reason.DO_NOT_CONTACT, f"{name} is not to be contacted: {person.do_not_contact_reason}")
    if person.stop_request_undecided:
        yield _skipped(
            Reason.STOP_REQUESTED, f"{name} may have asked not to be written to; the member has not decided yet."
        )
    if facts.kind is InteractionKind.BIRTHDAY_MESSAGE and person.status is not ContactStatus.CONNECTED:
        yield _skipped(Reason.NOT_CONNECTED, f"{name} is not known to be a connection of this account.")
    if facts.kind is InteractionKind.BIRTHDAY_MESSAGE and person.birthday_disputed:
        yield _skipped(Reason.BIRTHDAY_DISPUTED, f"Sources name different days for the birthday of {name}.")
    if person.profile_slug is None:
        yield _skipped(Reason.NO_PROFILE_URL, f"Without a profile address nobody can be sure who {name} is.")


def _occupied(occupant: Occupant) -> Refused:
    day = occupant.local_day.isoformat()
    if occupant.status is InteractionStatus.SENDING:
        return _skipped(Reason.IN_FLIGHT, f"An attempt that began on {day} is under way, or waits to be settled.")
    if occupant.status is InteractionStatus.IN_DOUBT:
        return _skipped(
            Reason.IN_DOUBT, f"An attempt of {day} may have gone out; nothing more is sent until that is known."
        )
    if occupant.origin is InteractionOrigin.BY_HAND:
        return _skipped(Reason.WISHED_BY_HAND, f"The member did this by hand on {day}.")
    return _skipped(Reason.ALREADY_WISHED, f"This was done on {day}.")


def may_act(
    account: AccountConfig,
    now: datetime,
    *,
    retired: bool,
    pause_reason: str | None,
    terms_accepted: bool,
    breaker: Breaker,
) -> Refused | None:
    """Why the account must leave the site alone now, whatever it would do there; None if it need not."""
    reasons = [
        *_against_acting(account, retired=retired, pause_reason=pause_reason, terms_accepted=terms_accepted),
        *_against_acting_now(account, now, breaker),
    ]
    return reasons[0] if reasons else None


def _against_acting(
    account: AccountConfig, *, retired: bool, pause_reason: str | None, terms_accepted: bool
) -> Iterator[Refused]:
    if retired:
        yield _deferred(Reason.ACCOUNT_RETIRED, f"The account {account.slug} is retired.")
    if pause_reason is not None:
        yield _deferred(Reason.ACCOUNT_PAUSED, f"The account {account.slug} is paused: {pause_reason}")
    if not account.is_sandbox and not terms_accepted:
        yield _deferred(
            Reason.TERMS_NOT_ACCEPTED,
            "The notice that LinkedIn's User Agreement forbids automation has not been accepted for this account.",
        )


def _against_acting_now(account: AccountConfig, now: datetime, breaker: Breaker) -> Iterator[Refused]:
    if not admits(breaker, now):
        yield _breaker_open(account, now, breaker)
    if not is_open(account, now):
        yield _deferred(
            Reason.OUTSIDE_HOURS,
            f"It is outside the account's hours ({account.hours}, {' '.join(account.weekdays)}, {account.timezone}).",
            next_open_day(account, now),
        )


def _against_the_account(facts: Circumstances) -> Iterator[Refused]:
    account = facts.account
    yield from _against_acting(
        account, retired=facts.retired, pause_reason=facts.pause_reason, terms_accepted=facts.terms_accepted
    )
    if account.mode is not Mode.LIVE and not facts.rehearsal:
        yield _deferred(Reason.NOT_LIVE, f"The account {account.slug} is set to rehearse, not to be live.")
    if facts.settle_first_reason is not None:
        yield _deferred(
            Reason.SETTLE_FIRST,
            f"Recent conversations have to be read before anything is sent: {facts.settle_first_reason}",
            next_open_day(account, facts.now),
        )
    if facts.unsettled:
        yield _deferred(
            Reason.UNSETTLED_IN_DOUBT,
            f"{facts.unsettled} earlier attempt{'s' if facts.unsettled > 1 else ''} of this account must be settled "
            "first, by reading the conversation.",
            next_open_day(account, facts.now),
        )


def _against_the_moment(facts: Circumstances) -> Iterator[Refused]:
    quota = facts.quota
    if (reason := quota.reason) is not None:
        caps = {
            Reason.WEEK_QUOTA: f"{quota.quota.per_week} in 7 days",
            Reason.DAY_QUOTA: f"{quota.quota.per_day} a day",
            Reason.RUN_QUOTA: f"{quota.quota.per_run} a run",
        }
        yield _deferred(reason, f"The account's limit of {caps[reason]} is used up.", quota.next_day)
    yield from _against_acting_now(facts.account, facts.now, facts.breaker)
    # Last, so that whoever is refused for this alone may take the look that lifts it.
    if facts.unreadable:
        yield unreadable_pages(facts.account, facts.unreadable, facts.now)


def unreadable_pages(account: AccountConfig, unreadable: tuple[KeptSight, ...], now: datetime) -> Refused:
    """The refusal for the sake of elements that the canary could not read."""
    what = ", ".join(MEANINGS[sight.element] for sight in unreadable)
    again = look_again_at(unreadable, account.canary) or now
    return _deferred(
        Reason.PAGE_UNREADABLE,
        f"The site's pages cannot be read ({what}): {(unreadable[0].reason or '').rstrip('.')}. They are looked at "
        f"again from {again.astimezone(account.zone):%Y-%m-%d %H:%M}",
        max(local_day(now, account.zone), next_open_day(account, max(again, now))),
    )


def _breaker_open(account: AccountConfig, now: datetime, breaker: Breaker) -> Refused:
    cause = (breaker.cause or "repeated failures").rstrip(".")
    if breaker.retry_at is None:
        return _deferred(Reason.BREAKER_OPEN, f"The account stopped ({cause}) and waits for the member to resume it.")
    until = breaker.retry_at.astimezone(account.zone)
    return _deferred(
        Reason.BREAKER_OPEN,
        f"The account rests until {until:%Y-%m-%d %H:%M} ({cause}).",
        max(local_day(now, account.zone), next_open_day(account, breaker.retry_at)),
    )
