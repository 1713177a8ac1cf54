"""The look at the site's pages before anything is done there: when it is taken, of whom, and what is kept of it.

What belongs here: one walk of one account under its lease. What does not: what a walk means for an action
(`domain.canary`), how a page is looked at (`browser.canary`), and the refusal itself, which is the claim's.

The conversation that is opened is one that the campaign is about to write into anyway, so nobody's unread messages are
marked as read, and nobody's profile is visited, for the canary alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import breakers, canary
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.spending import quota_left
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.canary import (
    PARTS,
    Action,
    KeptSight,
    Part,
    Sight,
    SightOutcome,
    is_due,
    look_again_at,
    unreadable,
)
from linkedin_pipelines.domain.messaging import Messenger, Recipient
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, StopSignError, WrongPersonError
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.lease_keeper import LeaseKeeper

log = structlog.get_logger(__name__)

PEOPLE_TO_LOOK_AT = 2
"""An element of the composer counts as unreadable if it is so for this many people, or for all there are."""


def sights(database: Database, slug: str) -> tuple[KeptSight, ...]:
    """What was last seen of each element, for one account.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return canary.kept(session, account.id)


def held_until(database: Database, account: AccountView, action: Action) -> datetime | None:
    """When the elements for whose sake an action is held are looked at again; None if it is not held."""
    with database.reading() as session:
        kept = canary.kept(session, account.id)
    return look_again_at(unreadable(kept, action), account.config.canary)


def due_parts(database: Database, clock: Clock, account: AccountView) -> tuple[Part, ...]:
    """The parts of the walk that have to be taken before the pages are used."""
    with database.reading() as session:
        kept = canary.kept(session, account.id)
    return tuple(part for part in Part if is_due(kept, part, account.config.canary, clock.now()))


def look_again(database: Database, slug: str) -> None:
    """Have the next campaign look before it acts, however lately another one did.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, slug)
    with database.writing() as session:
        canary.forget(session, account.id)


def saw_catch_up(database: Database, clock: Clock, account: AccountView, keeper: LeaseKeeper, run_id: str) -> None:
    """Keep that the catch-up page was read to its end by somebody else: the walk need not open it again.

    Raises:
        LeaseLostError: another run took the account over.
    """
    lease = keeper.renew()
    seen = [Sight(element, SightOutcome.OK) for element in (*PARTS[Part.FEED], *PARTS[Part.CATCH_UP])]
    with database.writing() as session:
        canary.keep(session, account.id, lease, run_id, seen, clock.now())


class Walk:
    """One look at the parts that are due, by a browser that is signed in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        account: AccountView,
        keeper: LeaseKeeper,
        run_id: str,
        messenger: Callable[[], Messenger],
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._keeper = keeper
        self._run_id = run_id
        self._messenger = messenger

    def take(self, parts: Sequence[Part], people: Sequence[Recipient]) -> None:
        """Look, and keep what was seen, part by part, so that a run that dies need not begin anew.

        Raises:
            StopSignError: the site stopped us; the breaker knows it, and no element is blamed for it.
            PageUnreadableError: the site is away, or does not show who is signed in; the breaker counts it.
            LeaseLostError: another run took the account over.
        """
        messenger = self._open()
        for part in parts:
            self._keep(self._look(messenger, part, people))

    def _open(self) -> Messenger:
        """The browser. That its member is signed in is read from the navigation, so it may be that which fails."""
        try:
            return self._messenger()
        except PageUnreadableError as error:
            if error.element is not None and error.element[0] == Part.FEED:
                self._keep(_all(Part.FEED, SightOutcome.FAILED, str(error), error.evidence))
            raise

    def _look(self, messenger: Messenger, part: Part, people: Sequence[Recipient]) -> list[Sight]:
        try:
            return self._composer(messenger, people) if part is Part.COMPOSER else messenger.look(part)
        except StopSignError as error:
            self._keep(_all(part, SightOutcome.STOP_SIGN, str(error), error.evidence))
            with self._database.writing() as session:
                breakers.record_stop_sign(
                    session, self._account.id, self._clock.now(), error.sign, str(error), error.evidence
                )
            raise
        except (PageUnreadableError, WrongPersonError) as error:
            # The site as a whole did not answer. Whoever uses it next finds that out, and tells the breaker.
            return _all(part, SightOutcome.AWAY, str(error), error.evidence)

    def _composer(self, messenger: Messenger, people: Sequence[Recipient]) -> list[Sight]:
        if not self._visits_left():
            return _all(Part.COMPOSER, SightOutcome.UNCHECKED, "No profile visit is left of the account's quota.")
        seen: list[Sight] = []
        why = "There is nobody to write to, so no conversation was opened."
        away: PageUnreadableError | None = None
        for person in people[:PEOPLE_TO_LOOK_AT]:
            try:
                seen = messenger.look(Part.COMPOSER, person)
            except (NotConnectedError, WrongPersonError) as error:
                why = f"No conversation could be opened to look at: {error}"
                continue  # that is about the person, not about the page
            except PageUnreadableError as error:
                away = error  # their profile may be gone, or the site is
                continue
            if not _failed(seen):
                break
        if away is not None and not seen:
            raise away
        return seen or _all(Part.COMPOSER, SightOutcome.UNCHECKED, why)

    def _visits_left(self) -> bool:
        with self._database.reading() as session:
            left = quota_left(
                session,
                self._account.config,
                self._account.id,
                InteractionKind.PROFILE_VISIT,
                self._run_id,
                self._clock.now(),
            )
        return left.reason is None

    def _keep(self, seen: Sequence[Sight]) -> None:
        lease = self._keeper.renew()
        with self._database.writing() as session:
            canary.keep(session, self._account.id, lease, self._run_id, seen, self._clock.now())
        for sight in seen:
            if sight.outcome is not SightOutcome.OK:
                log.warning("canary", element=str(sight.element), outcome=str(sight.outcome), picture=sight.evidence)


def _failed(seen: Sequence[Sight]) -> bool:
    return any(sight.outcome is SightOutcome.FAILED for sight in seen)


def _all(part: Part, outcome: SightOutcome, reason: str, evidence: str | None = None) -> list[Sight]:
    return [Sight(element, outcome, reason, evidence) for element in PARTS[part]]
