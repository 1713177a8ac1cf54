"""One message to one person: claim, open, compare, write, read back, click, prove, settle.

What belongs here: the order of these steps and what each outcome means for the ledger. What does not: how a page is
read (`browser`), what a claim checks (`db.ledger`), who is on the list (`services.birthday_lists`).

The order is the safety. The quota is spent before the browser moves; the click is announced in the database before it
is made; so a kill between any two lines leaves either proof that nothing went out, or a row that says "in doubt".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import breakers, ledger, stop_requests
from linkedin_pipelines.db.database import Database, Session
from linkedin_pipelines.db.leases import Lease
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.messaging import Composer, Messenger, Recipient, ThreadEvent
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.phrases import is_stop_request
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.domain.threads import Standing, same_text, standing
from linkedin_pipelines.domain.wishes import is_own_wish
from linkedin_pipelines.errors import (
    ClickTooLateError,
    LeaseLostError,
    LinkedInPipelinesError,
    SiteError,
    StoreUnavailableError,
)
from linkedin_pipelines.services.attempts import FAULTS, FORESEEN, Attempt, End, Refusal, end_by

log = structlog.get_logger(__name__)

_NOON = time(12)
"""A thread states days, not hours; noon is the moment of a day that no zone moves to another one."""


@dataclass(frozen=True)
class Wish:
    """One approved message to one person."""

    request: ledger.ClaimRequest
    recipient: Recipient
    occurs_on: date
    """Day the birthday is kept; decides which wishes in the thread belong to the same occasion."""
    stop_declined_on: date | None = None
    """Replies asking to stop, up to this day, were read by the member, who decided to go on."""


@dataclass(frozen=True)
class Delivery:
    """What became of one wish."""

    contact_id: int
    outcome: InteractionStatus | EntryOutcome
    reason: Reason | None = None
    explanation: str | None = None
    next_eligible_on: date | None = None
    interaction_id: int | None = None
    evidence: Evidence = field(default_factory=Evidence)


def _refused(wish: Wish, claim: ledger.Refused) -> Delivery:
    return Delivery(wish.request.contact_id, claim.outcome, claim.reason, claim.explanation, claim.next_eligible_on)


CLICK_WITHIN = timedelta(seconds=20)
"""A click follows its announcement this soon or not at all, so that a reading a minute later has seen its message."""


class Sender:
    """Sends the wishes of one account under one lease."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        account: AccountConfig,
        messenger: Callable[[], Messenger],
        *,
        live: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._messenger = messenger
        self._live = live

    def send(self, wish: Wish, lease: Lease) -> Delivery:
        """Carry one wish through the protocol; a refusal is an outcome, never an exception.

        Raises:
            LeaseLostError: another run took the account over.
            StoreUnavailableError: the database went away; the row says what is known, and is settled later.
        """
        claim = self._claim(wish, lease)
        if isinstance(claim, ledger.Refused):
            return _refused(wish, claim)
        attempt = Attempt(claim.interaction_id if self._live else None)
        with structlog.contextvars.bound_contextvars(interaction_id=attempt.interaction_id):
            return self._carry_out(wish, lease, attempt)

    def refusal(self, wish: Wish, lease: Lease) -> Delivery | None:
        """Why the wish may not be tried now, found out without spending anything; None if it may.

        Raises:
            LeaseLostError: another run took the account over.
        """
        with self._database.rehearsing() as session:
            claim = ledger.claim(session, wish.request, lease, self._clock.now())
        return _refused(wish, claim) if isinstance(claim, ledger.Refused) else None

    def _claim(self, wish: Wish, lease: Lease) -> ledger.Claimed | ledger.Refused:
        transaction = self._database.writing if self._live else self._database.rehearsing
        with transaction() as session:
            return ledger.claim(session, wish.request, lease, self._clock.now())

    def _carry_out(self, wish: Wish, lease: Lease, attempt: Attempt) -> Delivery:
        composer: Composer | None = None
        try:
            composer = self._messenger().open(wish.recipient)
            end = self._steps(wish, lease, composer, attempt)
        except (StoreUnavailableError, LeaseLostError):
            raise  # nothing can be written; a later run settles the row by reading the thread
        except Exception as error:
            # The ledger learns what is certain, whatever happened; only a fault that nobody foresaw fails the run.
            if isinstance(error, SiteError) and error.evidence:
                attempt.note(screenshots=(*attempt.evidence.screenshots, error.evidence))
            delivery = self._settle(wish, lease, attempt, end_by(error))
            if isinstance(error, FORESEEN):
                return delivery
            raise
        finally:
            if composer is not None:
                self._close(composer)
        return self._settle(wish, lease, attempt, end)

    def _steps(self, wish: Wish, lease: Lease, composer: Composer, attempt: Attempt) -> End:
        attempt.note(recipient=composer.recipient)
        before = self._read_thread(wish, composer, attempt)
        self._write(wish, composer, attempt)
        if not self._live:
            return End(InteractionStatus.REHEARSED)
        event = self._click(wish, lease, composer, before, attempt)
        if event is None:
            attempt.picture(composer, "unproven", refusal=True)
            return End(
                InteractionStatus.IN_DOUBT,
                Reason.CLICK_UNPROVEN,
                "The send button was pressed, but the message did not appear in the conversation.",
            )
        attempt.note(event=event.event_id, event_text=event.text)
        attempt.proven = True
        attempt.picture(composer, "sent")
        return End(InteractionStatus.SENT)

    def _read_thread(self, wish: Wish, composer: Composer, attempt: Attempt) -> list[ThreadEvent]:
        events = composer.events()
        declined = wish.stop_declined_on
        heard = [e for e in events if e.own or declined is None or e.sent_on is None or e.sent_on > declined]
        verdict, event = standing(
            heard, wish.request.body, wish.occurs_on, is_wish=is_own_wish, asks_to_stop=is_stop_request
        )
        if verdict is Standing.CLEAR:
            return events
        attempt.picture(composer, "thread", refusal=True)
        assert event is not None  # every verdict but "clear" names the event that decided
        if verdict is Standing.ALREADY_WISHED:
            attempt.by_hand = event
            raise Refusal(Reason.WISHED_BY_HAND, "The conversation already holds a wish of yours for this birthday.")
        if verdict is Standing.ASKED_TO_STOP:
            attempt.stop_request = event
            raise Refusal(
                Reason.STOP_REQUESTED, "In the conversation this person asks not to be written to; please decide."
            )
        raise Refusal(
            Reason.PAGE_UNREADABLE,
            "The conversation holds a wish of yours whose date cannot be read, so it may be this year's.",
        )

    def _write(self, wish: Wish, composer: Composer, attempt: Attempt) -> None:
        read_back = composer.write(wish.request.body)
        attempt.note(read_back=read_back)
        attempt.picture(composer, "written")
        if not same_text(read_back, wish.request.body):
            attempt.picture(composer, "mismatch", refusal=True)
            raise Refusal(Reason.TEXT_MISMATCH, "The editor does not hold the approved text.")

    def _click(
        self, wish: Wish, lease: Lease, composer: Composer, before: list[ThreadEvent], attempt: Attempt
    ) -> ThreadEvent | None:
        assert attempt.interaction_id is not None  # only live attempts click
        announced = self._clock.now()
        with self._database.writing() as session:
            ledger.mark_clicked(session, attempt.interaction_id, lease, announced)
        attempt.clicked = True
        try:
            composer.click_send(lambda: self._require_soon_after(announced))
        except SiteError:
            attempt.clicked = False  # the composer vouches that the button was not pressed
            raise
        return composer.proof(wish.request.body, before)

    def _require_soon_after(self, announced: datetime) -> None:
        """Refuse a click by a process that slept, or was stopped, between announcing it and making it.

        Raises:
            ClickTooLateError: whoever took the account over may have found the message absent and sent it anew.
        """
        passed = (self._clock.now() - announced).total_seconds()
        if not 0 <= passed <= CLICK_WITHIN.total_seconds():
            raise ClickTooLateError(f"The click was announced {passed:.0f} seconds ago, which is too long; not made.")

    def _settle(self, wish: Wish, lease: Lease, attempt: Attempt, end: End) -> Delivery:
        """Write the outcome. An end without a status is `failed` before the click and unproven after it."""
        status = end.status or attempt.status_so_far
        reason, explanation = (None, None) if status is InteractionStatus.SENT else (end.reason, end.explanation)
        now = self._clock.now()
        outcome: InteractionStatus | EntryOutcome = status
        with self._database.writing() as session:
            if attempt.interaction_id is not None:
                ledger.settle(
                    session,
                    attempt.interaction_id,
                    lease,
                    now,
                    status,
                    reason=reason,
                    explanation=explanation,
                    evidence=attempt.evidence,
                    sent_at=now if status is InteractionStatus.SENT else None,
                    not_sent_proven=status is InteractionStatus.FAILED,
                )
            else:
                ledger.record_rehearsal(
                    session, wish.request, lease, now, attempt.evidence, reason=reason, explanation=explanation
                )
                if reason is not None:
                    outcome = EntryOutcome.SKIPPED
            self._record_what_was_found(session, wish, attempt)
            self._tell_breaker(session, wish, status, end, attempt.evidence)
        if attempt.by_hand or attempt.stop_request:
            outcome = EntryOutcome.SKIPPED
        log.info("wish_settled", contact_id=wish.request.contact_id, status=str(status), reason=reason and str(reason))
        return Delivery(
            wish.request.contact_id, outcome, reason, explanation, None, attempt.interaction_id, attempt.evidence
        )

    def _record_what_was_found(self, session: Session, wish: Wish, attempt: Attempt) -> None:
        """What the thread told about the person outlives this attempt, rehearsal or not: the next list knows it."""
        request = wish.request
        if attempt.by_hand is not None and attempt.by_hand.sent_on is not None:
            ledger.record_by_hand(
                session,
                request.account_id,
                request.contact_id,
                request.occurrence_year,
                datetime.combine(attempt.by_hand.sent_on, _NOON, tzinfo=self._account.zone),
                self._account.zone,
                attempt.by_hand.text,
            )
        if attempt.stop_request is not None:
            said_on = attempt.stop_request.sent_on or self._clock.now().astimezone(self._account.zone).date()
            stop_requests.propose(
                session,
                request.account_id,
                request.contact_id,
                datetime.combine(said_on, _NOON, tzinfo=self._account.zone),
                attempt.stop_request.text,
            )

    def _tell_breaker(
        self, session: Session, wish: Wish, status: InteractionStatus, end: End, evidence: Evidence
    ) -> None:
        account_id, now = wish.request.account_id, self._clock.now()
        if end.stop_sign is not None:
            picture = evidence.screenshots[-1] if evidence.screenshots else None
            breakers.record_stop_sign(
                session, account_id, now, end.stop_sign, end.explanation or end.stop_sign, picture
            )
        elif end.reason in FAULTS:
            breakers.record_failure(session, account_id, now, end.explanation or str(end.reason))
        elif status is not InteractionStatus.IN_DOUBT:
            breakers.record_success(session, account_id, now)

    def _close(self, composer: Composer) -> None:
        try:
            composer.close()
        except LinkedInPipelinesError as error:
            # The outcome is settled; the next `open` begins by closing whatever composer is still there.
            log.warning("composer_not_closed", problem=str(error))
