"""One attempt of any kind: claim, prepare, announce, click, prove, settle.

What belongs here: the order of these steps and what each outcome means for the ledger. What does not: the steps
themselves (the kind's own module), what a claim checks (`domain.claims`), and the breaker (`site_session`).

The order is the safety. The quota is spent before the browser moves; the click is announced in the database before it
is made; so a kill between any two lines leaves either proof that nothing was done, or a row that says "in doubt".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.clocks import require_clock
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.outcomes import Outcome, skipped
from linkedin_pipelines.domain.payloads import OwnEvents
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import (
    ClickTooLateError,
    ClockOffError,
    DatabaseUnavailableError,
    LeaseLostError,
    LinkedInPipelinesError,
    SiteError,
)
from linkedin_pipelines.services.actions.attempts import FORESEEN, Attempt, NoVisitLeftError, Refusal, outcome_of
from linkedin_pipelines.services.actions.members_press import MembersPress
from linkedin_pipelines.services.actions.protocol import Action, MayStill

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

CLICK_WITHIN = timedelta(seconds=20)
"""A click follows its announcement this soon or not at all, so that a reading a minute later has seen its message."""


class Executor:
    """Carries out actions within one site session; in a rehearsal everything but the click."""

    def __init__(self, site_session: SiteSession, *, live: bool) -> None:
        self._at = site_session
        self._live = live

    def refusal(self, action: Action) -> Outcome | None:
        """Why the action may not be tried now, found out without spending anything; None if it may.

        Raises:
            LeaseLostError: another run took the account over.
        """
        request, now = action.request, self._at.clock.now()
        with self._at.database.rehearsing() as session:
            on_the_way = self._against_the_way(session, request, now)
            claim = ledger.claim(session, request, self._at.keeper.lease, now)
        return claim if isinstance(claim, Outcome) else on_the_way

    def _against_the_way(self, session: Session, request: ledger.ClaimRequest, now: datetime) -> Outcome | None:
        """Why the action may not open the profile it has to open; None if it may, or opens none."""
        kind = ACTION_KINDS.get(request.kind)
        if kind is None or not kind.visits_on_the_way:  # the claim refuses a kind that this version does not know
            return None
        if not self._live and ledger.rehearsed_on(session, request, local_day(now, self._at.config.zone)):
            text = "Exactly this was rehearsed today; once a day is enough, since the person sees each visit."
            return skipped(Reason.REHEARSED_TODAY, text)
        return ledger.visit_refusal(session, request.account_id, self._purpose, request.run_id, now)

    @property
    def _purpose(self) -> VisitPurpose:
        return VisitPurpose.MESSAGE if self._live else VisitPurpose.REHEARSAL

    def carry_out(self, action: Action) -> Outcome:
        """Take one action through the protocol; a refusal is an outcome, never an exception.

        Raises:
            LeaseLostError: another run took the account over.
            DatabaseUnavailableError: the database went away; the row says what is known, and is settled later.
        """
        lease = self._at.keeper.renew()
        claim = self._claim(action, lease)
        if isinstance(claim, Outcome):
            return claim
        attempt = Attempt(
            ACTION_KINDS[action.request.kind],
            claim.interaction_id if self._live else None,
            press=MembersPress(self._at, action.request) if self._live and self._at.by_member else None,
        )
        with structlog.contextvars.bound_contextvars(interaction_id=attempt.interaction_id):
            return self._attempt(action, lease, attempt)

    def _claim(self, action: Action, lease: Lease) -> ledger.Claimed | Outcome:
        transaction = self._at.database.writing if self._live else self._at.database.rehearsing
        with transaction() as session:
            return ledger.claim(session, action.request, lease, self._at.clock.now())

    def _attempt(self, action: Action, lease: Lease, attempt: Attempt) -> Outcome:
        try:
            action.prepare(self._at.site(self._purpose), attempt)
            if self._live:
                action.commit(attempt, lambda events: self._announce(action, lease, attempt, events))
        except (ClockOffError, DatabaseUnavailableError, LeaseLostError):
            raise  # nothing can be written, or no time that could be trusted; a later run settles the row
        except Exception as error:
            # The ledger learns what is certain, whatever happened; only a fault that nothing foresaw fails the run.
            attempt.held_back |= isinstance(error, NoVisitLeftError)
            if isinstance(error, SiteError) and error.evidence:
                attempt.add_screenshot(error.evidence)
            outcome = self._settle(action, lease, attempt, outcome_of(error, attempt.status_so_far))
            if isinstance(error, FORESEEN):
                return outcome
            raise
        finally:
            self._close(action)
        status = attempt.status_so_far if self._live else InteractionStatus.REHEARSED
        return self._settle(action, lease, attempt, Outcome(status))

    def _announce(self, action: Action, lease: Lease, attempt: Attempt, events: OwnEvents | None) -> MayStill:
        """Write down that the click comes now, unless something has come up against it since the claim.

        Raises:
            Refusal: it has; nothing was announced, so nothing may be clicked.
            ClockOffError: another machine would misread when this click was announced.
        """
        assert attempt.interaction_id is not None  # only live attempts click
        require_clock(self._at.database)
        announced, press = self._at.clock.now(), attempt.press
        if press is not None:
            events = press.begin(announced, events)
        with self._at.database.writing() as session:
            refused = ledger.against_click(session, action.request, lease, announced, by_member=press is not None)
            if refused is None:
                ledger.mark_clicked(session, attempt.interaction_id, lease, announced, events)
        if refused is not None:
            attempt.held_back = True
            raise Refusal(refused)
        attempt.clicked = True
        return self._still_soon(announced)

    def _still_soon(self, announced: datetime) -> Callable[[], None]:
        def require_soon_after() -> None:
            """Refuse a click by a process that slept, or was stopped, between announcing it and making it.

            Raises:
                ClickTooLateError: a run that took the account over may have found the message absent and sent it anew.
            """
            passed = (self._at.clock.now() - announced).total_seconds()
            if not 0 <= passed <= CLICK_WITHIN.total_seconds():
                raise ClickTooLateError(
                    f"The click was announced {passed:.0f} seconds ago, which is too long; not made."
                )

        return require_soon_after

    def _settle(self, action: Action, lease: Lease, attempt: Attempt, outcome: Outcome) -> Outcome:
        """Write the outcome, what was found on the way, and what the breaker is to know, in one transaction."""
        status = outcome.status if isinstance(outcome.status, InteractionStatus) else attempt.status_so_far
        now = self._at.clock.now()
        with self._at.database.writing() as session:
            if attempt.interaction_id is not None:
                ledger.settle(
                    session,
                    attempt.interaction_id,
                    lease,
                    now,
                    status,
                    reason=outcome.reason,
                    explanation=outcome.explanation,
                    evidence=attempt.evidence,
                    sent_at=now if status is InteractionStatus.SENT else None,
                    not_sent_proven=status is InteractionStatus.FAILED,
                    words=attempt.words,
                )
            else:
                ledger.record_rehearsal(
                    session,
                    action.request,
                    lease,
                    now,
                    attempt.evidence,
                    reason=outcome.reason,
                    explanation=outcome.explanation,
                )
                status = InteractionStatus.REHEARSED if outcome.reason is None else InteractionStatus.REFUSED
                outcome = replace(outcome, status=status)
            action.record(session, attempt)
            self._at.tell_breaker(session, attempt, status, outcome)
        log.info(
            "attempt_settled",
            kind=attempt.kind.name,
            contact_id=action.request.contact_id,
            status=str(status),
            reason=outcome.reason and str(outcome.reason),
            evidence=attempt.evidence.screenshots,
        )
        return replace(outcome, interaction_id=attempt.interaction_id, evidence=attempt.evidence)

    @staticmethod
    def _close(action: Action) -> None:
        try:
            action.close()
        except LinkedInPipelinesError as error:
            # The outcome is settled; whatever opens next begins by closing what is still there.
            log.warning("page_not_closed", problem=str(error))
