"""Whether an attempt may start: one list of checks, and one plain sentence for every refusal.

What belongs here: the decision, made from facts that one transaction has gathered under the account's lock. What does
not: gathering them, and the locks and constraints that keep them true (`db.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.domain import rules
from linkedin_pipelines.domain.account import AccountConfig, Mode
from linkedin_pipelines.domain.action_kinds import ActionKind, OccasionRule
from linkedin_pipelines.domain.breaker import Breaker, admits
from linkedin_pipelines.domain.canary import MEANINGS, StoredProbe, next_probe_at
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.quotas import QuotaLeft
from linkedin_pipelines.domain.rules import Attempt, Person
from linkedin_pipelines.domain.states import BreakerState, Reason
from linkedin_pipelines.domain.visits import kept_for_messages
from linkedin_pipelines.domain.windows import is_open, local_day, next_open_day

READINGS_BEFORE_MEMBER_DECIDES = 3
"""A thread read so often without being able to tell no longer holds up the account; its row stays in doubt."""


@dataclass(frozen=True)
class ClaimContext:
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
    occupant: Attempt | None
    """The interaction that occupies the occasion."""
    kind: ActionKind
    valid_until: date | None = None
    """Last local day on which the words are true; None if they are on any day."""
    kept_on: date | None = None
    """Day on which the approved birthday is kept, where the occasion is one."""
    kept_on_now: date | None = None
    """The same by the birthday as it is known now; None if it is no longer known."""
    unreadable: tuple[StoredProbe, ...] = ()
    """Elements that this kind of interaction needs and that the canary could not read."""
    held: str | None = None
    """Why this occasion waits for the member, where it does."""
    by_member: bool = False
    """Whether the click is the member's own, or else the product's."""
    kept_visits: int = 0
    """Of the visits left, where the kind is one: how many the approved messages of the day need."""


def refusal(facts: ClaimContext) -> Outcome | None:
    """The first reason against the attempt, what lasts longest first; None if there is none."""
    return next(_refusals(facts), None)


def last_refusal(facts: ClaimContext) -> Outcome | None:
    """The first reason against the click of an attempt that was claimed: what may have changed since the claim.

    Occasion, quota and the breaker's probe are the attempt's own by now, so they are not asked again.
    """
    return next(_against_the_click(facts), None)


def _refusals(facts: ClaimContext) -> Iterator[Outcome]:
    yield from _against_the_person(facts)
    if facts.occupant is not None:
        yield rules.occupied(facts.occupant)
    if facts.held is not None:
        yield skipped(Reason.IN_DOUBT, facts.held)
    yield from _against_the_account(facts)
    yield from _against_the_text(facts)
    yield from _against_the_moment(facts)


def _against_the_click(facts: ClaimContext) -> Iterator[Outcome]:
    yield from _against_the_person(facts)
    yield from _against_acting(
        facts.account,
        retired=facts.retired,
        pause_reason=facts.pause_reason,
        terms_accepted=facts.terms_accepted,
        breaker=facts.breaker,
    )
    yield from _not_live(facts)
    if facts.account.mode is Mode.ASSISTED and not facts.by_member:
        yield deferred(
            Reason.NOT_LIVE,
            f"The account {facts.account.slug} was set to be assisted since this run began; launch it again.",
        )
    yield from _against_the_text(facts)
    if facts.breaker.state is BreakerState.OPEN:
        yield _breaker_open(facts.account, facts.now, facts.breaker)
    yield from _outside_hours(facts.account, facts.now)


def _against_the_person(facts: ClaimContext) -> Iterator[Outcome]:
    if facts.person is None:
        yield skipped(Reason.NOT_CONNECTED, "This person is no longer among the account's contacts.")
        return
    yield from rules.not_wanted(facts.person)
    yield from rules.not_possible(
        facts.person, facts.account.profile_slug, must_be_connected=facts.kind.must_be_connected
    )
    if facts.kind.occasion is OccasionRule.BIRTHDAY_YEAR:
        yield from rules.not_certain(facts.person)
        if facts.kept_on is not None and facts.kept_on != facts.kept_on_now:
            yield skipped(
                Reason.BIRTHDAY_CHANGED,
                "The birthday was corrected since the list was approved; build the list again and approve that.",
            )


def _against_the_text(facts: ClaimContext) -> Iterator[Outcome]:
    today = local_day(facts.now, facts.account.zone)
    if facts.valid_until is not None and today > facts.valid_until:
        yield deferred(
            Reason.DAY_CHANGED,
            f"The words are for {facts.valid_until}, which is over; build the list again, which has words for today.",
            next_open_day(facts.account, facts.now),
        )


def may_act(
    account: AccountConfig,
    now: datetime,
    *,
    retired: bool,
    pause_reason: str | None,
    terms_accepted: bool,
    breaker: Breaker,
) -> Outcome | None:
    """Why the account must leave the site alone now, whatever it would do there; None if it need not."""
    reasons = [
        *_against_acting(
            account,
            retired=retired,
            pause_reason=pause_reason,
            terms_accepted=terms_accepted,
            breaker=breaker,
        ),
        *_against_acting_now(account, now, breaker),
    ]
    return reasons[0] if reasons else None


def _against_acting(
    account: AccountConfig, *, retired: bool, pause_reason: str | None, terms_accepted: bool, breaker: Breaker
) -> Iterator[Outcome]:
    if retired:
        yield deferred(Reason.ACCOUNT_RETIRED, f"The account {account.slug} is retired.")
    yield from rules.halted(pause_reason, breaker)
    if not account.is_sandbox and not terms_accepted:
        yield deferred(
            Reason.TERMS_NOT_ACCEPTED,
            "The notice that LinkedIn's User Agreement forbids automation has not been accepted for this account.",
        )


def _against_acting_now(account: AccountConfig, now: datetime, breaker: Breaker) -> Iterator[Outcome]:
    if not admits(breaker, now):
        yield _breaker_open(account, now, breaker)
    yield from _outside_hours(account, now)


def _outside_hours(account: AccountConfig, now: datetime) -> Iterator[Outcome]:
    if not is_open(account, now):
        yield deferred(
            Reason.OUTSIDE_HOURS,
            f"It is outside the account's hours ({account.hours}, {' '.join(account.weekdays)}, {account.timezone}).",
            next_open_day(account, now),
        )


def _not_live(facts: ClaimContext) -> Iterator[Outcome]:
    if facts.rehearsal:
        return
    if not facts.account.mode.sends:
        yield deferred(Reason.NOT_LIVE, f"The account {facts.account.slug} is set to rehearse, not to be live.")
    elif (refused := against_kind(facts.account, facts.kind)) is not None:
        yield refused


def against_kind(account: AccountConfig, kind: ActionKind) -> Outcome | None:
    """Why the account's mode does not admit a kind at all, where it is to be live; None if it does."""
    if account.mode is not Mode.ASSISTED or kind.writes_text:
        return None
    text = f"The account {account.slug} is assisted, which is for messages alone; this needs `mode: live`."
    return deferred(Reason.NOT_LIVE, text)


def _against_the_account(facts: ClaimContext) -> Iterator[Outcome]:
    account = facts.account
    yield from _against_acting(
        account,
        retired=facts.retired,
        pause_reason=facts.pause_reason,
        terms_accepted=facts.terms_accepted,
        breaker=facts.breaker,
    )
    yield from _not_live(facts)
    if facts.settle_first_reason is not None:
        yield deferred(
            Reason.SETTLE_FIRST,
            f"Recent conversations have to be read before anything is sent: {facts.settle_first_reason}",
            next_open_day(account, facts.now),
        )
    if facts.unsettled:
        yield deferred(
            Reason.UNSETTLED_IN_DOUBT,
            f"{facts.unsettled} earlier attempt{'s' if facts.unsettled > 1 else ''} of this account must be settled "
            "first, by reading the conversation.",
            next_open_day(account, facts.now),
        )


def _against_the_moment(facts: ClaimContext) -> Iterator[Outcome]:
    quota = facts.quota
    if (reason := quota.reason) is not None:
        caps = {
            Reason.WEEK_QUOTA: f"{quota.quota.per_week} in 7 days",
            Reason.DAY_QUOTA: f"{quota.quota.per_day} a day",
            Reason.RUN_QUOTA: f"{quota.quota.per_run} a run",
        }
        yield deferred(reason, f"The account's limit of {caps[reason]} is used up.", quota.next_day)
    elif (kept := kept_for_messages(quota, facts.kept_visits)) is not None:
        yield kept
    yield from _against_acting_now(facts.account, facts.now, facts.breaker)
    # Last, so that whoever is refused for this alone may take the look that lifts it.
    if facts.unreadable:
        yield unreadable_pages(facts.account, facts.unreadable, facts.now)


def unreadable_pages(account: AccountConfig, unreadable: tuple[StoredProbe, ...], now: datetime) -> Outcome:
    """The refusal for the sake of elements that the canary could not read."""
    what = ", ".join(MEANINGS[probed.element] for probed in unreadable)
    again = next_probe_at(unreadable, account.canary) or now
    return deferred(
        Reason.PAGE_UNREADABLE,
        f"The site's pages cannot be read ({what}): {(unreadable[0].reason or '').rstrip('.')}. They are looked at "
        f"again from {again.astimezone(account.zone):%Y-%m-%d %H:%M}",
        max(local_day(now, account.zone), next_open_day(account, max(again, now))),
    )


def _breaker_open(account: AccountConfig, now: datetime, breaker: Breaker) -> Outcome:
    cause = (breaker.cause or "repeated failures").rstrip(".")
    if breaker.retry_at is None:
        return deferred(Reason.BREAKER_OPEN, f"The account stopped ({cause}) and waits for the member to resume it.")
    until = breaker.retry_at.astimezone(account.zone)
    return deferred(
        Reason.BREAKER_OPEN,
        f"The account rests until {until:%Y-%m-%d %H:%M} ({cause}).",
        max(local_day(now, account.zone), next_open_day(account, breaker.retry_at)),
    )
