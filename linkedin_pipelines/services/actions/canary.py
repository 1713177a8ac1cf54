"""The look at the site's pages before anything is done there: when it is taken, of whom, and what is kept of it.

What belongs here: one walk of one account under its lease. What does not: what a walk means for an action
(`domain.canary`), how a page is looked at (`browser.canary`), and the refusal itself, which is the claim's.

The conversation that is opened is one that the campaign is about to write into anyway, so nobody's unread messages are
marked as read for the canary alone. The profile on the way to it is a visit and spends one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import canary
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.canary import (
    PARTS,
    CanaryElement,
    Part,
    ProbeOutcome,
    ProbeResult,
    StoredProbe,
    is_due,
    next_probe_at,
    unreadable,
)
from linkedin_pipelines.domain.messaging import PageSite, Recipient
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.errors import (
    NotConnectedError,
    PageUnreadableError,
    ProfileGoneError,
    StopSignError,
    WrongPersonError,
)
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.actions.attempts import NoVisitLeftError

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

PEOPLE_TO_PROBE = 2
"""An element of the composer counts as unreadable if it is so for this many people, or for all there are."""
PEOPLE_TO_TRY = 6
"""So many profiles are opened at most: some may be gone, or show no connection, which says nothing of the page."""


def latest_probes(database: Database, slug: str) -> tuple[StoredProbe, ...]:
    """What was last seen of each element, for one account.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return canary.kept(session, account.id)


def held_until(database: Database, account: AccountView, needs: Container[CanaryElement]) -> datetime | None:
    """When the elements for whose sake an action is held are looked at again; None if it is not held."""
    with database.reading() as session:
        kept = canary.kept(session, account.id)
    return next_probe_at(unreadable(kept, needs), account.config.canary)


def due_parts(database: Database, clock: Clock, account: AccountView, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those of `parts` that have to be looked at before they are used."""
    with database.reading() as session:
        kept = canary.kept(session, account.id)
    return tuple(part for part in parts if is_due(kept, part, account.config.canary, clock.now()))


def ask_again(database: Database, slug: str) -> None:
    """Have the next campaign look before it acts, however lately another one did.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, slug)
    with database.writing() as session:
        canary.forget(session, account.id)


def saw_catch_up(at: SiteSession) -> None:
    """Keep that the catch-up page was read to its end by a reading of it: the walk need not open it again.

    Raises:
        LeaseLostError: another run took the account over.
    """
    lease = at.keeper.renew()
    seen = _readable(Part.FEED, Part.CATCH_UP)
    with at.database.writing() as session:
        canary.keep(session, at.account.id, lease, at.run_id, seen, at.clock.now())


def lost_catch_up(at: SiteSession, error: PageUnreadableError) -> None:
    """Keep that a reading could not find what it needs on the catch-up page: it is tried again after a while.

    Raises:
        LeaseLostError: another run took the account over.
    """
    lease = at.keeper.renew()
    seen = _all(Part.CATCH_UP, ProbeOutcome.FAILED, str(error), error.evidence)
    with at.database.writing() as session:
        canary.keep(session, at.account.id, lease, at.run_id, seen, at.clock.now())


class Walk:
    """One look at the parts that are due, by a browser that is signed in."""

    def __init__(self, site_session: SiteSession) -> None:
        self._at = site_session

    def take(self, parts: Sequence[Part], people: Iterable[Recipient]) -> None:
        """Look, and keep what was seen, part by part, so that a run that dies need not begin anew.

        `people` are those who are to be written to anyway, asked for one by one.

        Raises:
            StopSignError: the site stopped us; the breaker knows it, and no element is blamed for it.
            PageUnreadableError: the site is away, or does not show who is signed in; the breaker counts it.
            LeaseLostError: another run took the account over.
        """
        opened_now = not self._at.browser_is_open
        site = self._open()
        for part in parts:
            # That the member is signed in was read from the navigation moments ago, in this browser.
            known = opened_now and part is Part.FEED
            self._keep(_readable(part) if known else self._probe(site, part, people))
        self._at.touched()

    def _open(self) -> PageSite:
        """The browser. That its member is signed in is read from the navigation, so it may be that which fails."""
        try:
            return self._at.site(VisitPurpose.CANARY)
        except PageUnreadableError as error:
            if error.element is not None and error.element[0] == Part.FEED:
                self._keep(_all(Part.FEED, ProbeOutcome.FAILED, str(error), error.evidence))
            raise

    def _probe(self, site: PageSite, part: Part, people: Iterable[Recipient]) -> list[ProbeResult]:
        try:
            with self._at.watching():
                return self._composer(site, people) if part is Part.COMPOSER else site.probe(part)
        except StopSignError as error:
            self._keep(_all(part, ProbeOutcome.STOP_SIGN, str(error), error.evidence))
            raise
        except (PageUnreadableError, WrongPersonError) as error:
            # The site as a whole did not answer. Whoever uses it next finds that out, and tells the breaker.
            return _all(part, ProbeOutcome.AWAY, str(error), error.evidence)

    def _composer(self, site: PageSite, people: Iterable[Recipient]) -> list[ProbeResult]:
        seen: list[ProbeResult] = []
        why = "There is nobody to write to, so no conversation was opened."
        away: PageUnreadableError | None = None
        looked = 0
        for person in islice(people, PEOPLE_TO_TRY):
            try:
                seen = site.probe(Part.COMPOSER, person)
            except (NotConnectedError, ProfileGoneError, WrongPersonError) as error:
                why = f"No conversation could be opened to look at: {error}"
                continue  # that is about the person, not about the page
            except NoVisitLeftError as error:
                why = str(error)
                break
            except PageUnreadableError as error:
                away = error  # the site may be away
            looked += 1
            if looked == PEOPLE_TO_PROBE or (seen and not _failed(seen)):
                break
        if away is not None and not seen:
            raise away
        return seen or _all(Part.COMPOSER, ProbeOutcome.UNCHECKED, why)

    def _keep(self, seen: Sequence[ProbeResult]) -> None:
        lease = self._at.keeper.renew()
        with self._at.database.writing() as session:
            canary.keep(session, self._at.account.id, lease, self._at.run_id, seen, self._at.clock.now())
        for probed in seen:
            if probed.outcome is not ProbeOutcome.OK:
                log.warning(
                    "canary", element=str(probed.element), outcome=str(probed.outcome), screenshot=probed.evidence
                )


def _failed(seen: Sequence[ProbeResult]) -> bool:
    return any(probed.outcome is ProbeOutcome.FAILED for probed in seen)


def _readable(*parts: Part) -> list[ProbeResult]:
    return [ProbeResult(element, ProbeOutcome.OK) for part in parts for element in PARTS[part]]


def _all(part: Part, outcome: ProbeOutcome, reason: str, evidence: str | None = None) -> list[ProbeResult]:
    return [ProbeResult(element, outcome, reason, evidence) for element in PARTS[part]]
