"""An account at work on the site: its lease, its browser, its pace, and what has to be settled before anything new.

What belongs here: what frames every action of every kind. It is the only place that records a stop sign, so none is
forgotten and none counted twice. What does not: the order of one action (`executor`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from functools import partial

from linkedin_pipelines.browser.window import why_no_window
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.account import AccountConfig, Mode
from linkedin_pipelines.domain.action_kinds import kind_of
from linkedin_pipelines.domain.claims import against_kind
from linkedin_pipelines.domain.messaging import PageSite, Recipient
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.errors import NoScreenError, PageUnreadableError, StopSignError
from linkedin_pipelines.logging import correlated
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.accounts.signed_in import open_signed_in
from linkedin_pipelines.services.actions.attempts import FAULTS, Attempt, NoVisitLeftError
from linkedin_pipelines.services.actions.counted_site import CountedSite
from linkedin_pipelines.services.actions.doubts import reconcile, settle_doubts
from linkedin_pipelines.services.actions.executor import Executor
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.lease_keeper import LeaseKeeper, held_lease
from linkedin_pipelines.services.actions.protocol import Action
from linkedin_pipelines.settings import Settings

SiteFactory = Callable[[Settings, AccountView], AbstractContextManager[PageSite]]
"""What opens the signed-in browser of an account."""


class SiteSession:
    """One account's work under one lease; the browser opens with the first thing that needs it."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        account: AccountView,
        run_id: str,
        keeper: LeaseKeeper,
        stack: ExitStack,
        site_factory: SiteFactory,
        *,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.database = database
        self.clock = clock
        self.account = account
        self.run_id = run_id
        self.keeper = keeper
        self._settings = settings
        self._stack = stack
        self._factory = site_factory
        self._draw = draw
        self._site: PageSite | None = None
        self._touched_at: datetime | None = None
        self._rested_from: datetime | None = None
        self._recorded: StopSignError | None = None
        self._held_back: Sequence[object] = ()
        self._unattended = False
        self.tell: Callable[[str], None] = lambda _: None
        """What the member is told while the run goes on, beside the log."""

    @property
    def config(self) -> AccountConfig:
        """The account as configured when the session began."""
        return self.account.config

    @property
    def by_member(self) -> bool:
        """Whether the member makes the last click of what is live."""
        return self.config.mode is Mode.ASSISTED

    @property
    def interrupted(self) -> bool:
        """Whether the run is being terminated, as soon as the person at hand is through."""
        return bool(self._held_back)

    @property
    def browser_is_open(self) -> bool:
        """Whether the browser is open, and its member was seen to be signed in."""
        return self._site is not None

    def site(self, purpose: VisitPurpose = VisitPurpose.MESSAGE) -> PageSite:
        """The site's pages; opens the browser if it is not open. Profiles opened on it are visits for `purpose`.

        Raises:
            StopSignError: signed out, challenged, limited; the breaker knows it already.
            PageUnreadableError: the site is away or unreadable; the breaker counts it.
            SessionMissingError, BrowserUnavailableError: there is nothing to open.
        """
        self._touched_at = self.clock.now()
        if self._site is None:
            with self.watching():
                try:
                    self._site = self._stack.enter_context(self._factory(self._settings, self.account))
                except PageUnreadableError as error:
                    with self.database.writing() as session:
                        breakers.record_failure(session, self.account.id, self.clock.now(), str(error))
                    raise
        return CountedSite(self._site, partial(self._spend_visit, purpose))

    def against_visit(self, purpose: VisitPurpose) -> Outcome | None:
        """Why no profile may be opened for `purpose` now; None if one may."""
        with self.database.reading() as session:
            return ledger.visit_refusal(session, self.account.id, purpose, self.run_id, self.clock.now())

    def _spend_visit(self, purpose: VisitPurpose, recipient: Recipient) -> None:
        lease = self.keeper.renew()
        request = ledger.VisitRequest(
            account_id=self.account.id, contact_id=recipient.contact_id, purpose=purpose, run_id=self.run_id
        )
        with self.database.writing() as session:
            refused = ledger.spend_visit(session, request, lease, self.clock.now())
        if refused is not None:
            raise NoVisitLeftError(refused)

    def touched(self) -> None:
        """Count the pace from now: something on the site has just ended."""
        if self._site is not None:
            self._touched_at = self.clock.now()

    def rest(self) -> None:
        """Let a human pause pass since the account last touched the site, in this run or, by the ledger, in any."""
        with self.database.reading() as session:
            known = ledger.last_activity(session, self.account.id)
        last = max((moment for moment in (known, self._touched_at) if moment is not None), default=None)
        if last is None or last == self._rested_from:
            return
        self._rested_from = last
        pace = self._draw(*self.config.pace_seconds)
        passed = (self.clock.now() - last).total_seconds()
        # A clock that was set back says nothing about how long ago it was.
        self.keeper.pause(pace - passed if passed >= 0 else pace)

    def may_act(self) -> Outcome | None:
        """Why the account's pages must not be opened now; None if they may."""
        with self.database.reading() as session:
            return ledger.may_act(session, self.account.id, self.clock.now())

    def settle_first(self) -> int:
        """Read what must be read before anything new: unfinished attempts, and after a restore what is unknown.

        The number of attempts that still hold the account up.

        Raises:
            StopSignError: the site stopped us while reading; the breaker knows it already.
            LeaseLostError: another run took the account over.
        """
        with self.watching():
            left = settle_doubts(self)
            reconcile(self)
            return left

    def carry_out(self, action: Action, *, live: bool) -> Outcome:
        """Do one action, or say why not. Ends it whole even when the run is being terminated.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
            NoScreenError: the member is to press the button, and would not see it.
        """
        executor = Executor(self, live=live)
        if live and self.by_member:
            if (refused := against_kind(self.config, kind_of(action.request.kind))) is not None:
                return refused
            self._require_window()
            if self._unattended:
                return deferred(Reason.NOT_PRESSED, "You did not press Send for somebody before, so the rest wait.")
        with deferred_interrupts() as self._held_back:
            try:
                self.settle_first()
                outcome = executor.refusal(action)
                if outcome is None:
                    self.site()  # before the claim: a browser that cannot open costs no attempt
                    outcome = executor.carry_out(action)
            except StopSignError as error:
                outcome = stopped_by(error)
            self.touched()
        self._unattended |= outcome.reason is Reason.NOT_PRESSED
        return outcome

    def _require_window(self) -> None:
        if (why := why_no_window(self._settings)) is not None:
            raise NoScreenError(
                f"The account {self.config.slug} is assisted, so you press Send yourself, but {why}, or let the "
                "account rehearse (mode: rehearsal)."
            )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record a stop sign that the block meets, once, and let it pass."""
        try:
            yield
        except StopSignError as error:
            if self._recorded is not error:
                self._recorded = error
                with self.database.writing() as session:
                    self._record_stop_sign(session, error.sign, str(error), error.evidence)
            raise

    def tell_breaker(self, session: Session, attempt: Attempt, status: InteractionStatus, outcome: Outcome) -> None:
        """What an attempt says about the account's health, in the transaction that settles it."""
        account_id, now = self.account.id, self.clock.now()
        if outcome.stop_sign is not None:
            screenshots = attempt.evidence.screenshots
            cause = outcome.explanation or outcome.stop_sign
            self._record_stop_sign(session, outcome.stop_sign, cause, screenshots[-1] if screenshots else None)
        elif outcome.reason in FAULTS and attempt.kind.faults_open_breaker:
            breakers.record_failure(session, account_id, now, outcome.explanation or str(outcome.reason))
        elif attempt.held_back or outcome.reason in FAULTS:
            breakers.lose_probe(session, account_id, now)  # it says nothing about the site
        elif status is not InteractionStatus.IN_DOUBT:
            breakers.record_success(session, account_id, now)

    def _record_stop_sign(self, session: Session, sign: str, cause: str, evidence: str | None) -> None:
        breakers.record_stop_sign(session, self.account.id, self.clock.now(), sign, cause, evidence)

    def close(self) -> None:
        """Close the browser and give the lease back; nothing more can be done."""
        self._stack.close()


def stopped_by(error: StopSignError) -> Outcome:
    """What a stop sign met before a person's own attempt means for them; those who follow find the breaker open."""
    return Outcome(EntryOutcome.DEFERRED, Reason.STOP_SIGN, str(error), stop_sign=error.sign)


@contextmanager
def open_site(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    run_id: str,
    site_factory: SiteFactory | None = None,
) -> Iterator[SiteSession]:
    """Go to work for an account: take its lease and adopt what a dead run left behind.

    Without a `site_factory` the browser is the account's own signed-in one.

    Raises:
        UnknownAccountError: there is no such account.
        LeaseHeldError: another run is at work for the account.
    """
    account = get_account(database, account_slug)
    with ExitStack() as stack:
        keeper = stack.enter_context(held_lease(database, clock, account.id, run_id))
        with database.writing() as session:
            ledger.hold_if_clock_was_set_back(session, account.id, clock.now())
            ledger.adopt_stranded(session, keeper.lease, clock.now())
        factory = site_factory or partial(open_signed_in, clock=clock)
        stack.enter_context(correlated(account=account_slug))
        yield SiteSession(database, settings, clock, account, run_id, keeper, stack, factory)
