"""Settling what nobody saw the end of, by reading the thread; nothing else settles it but the member.

Rows in doubt come first: until each has been read, or read in vain three times, the account sends nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import breakers, ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES as READINGS
from linkedin_pipelines.domain.messaging import Messenger, Recipient, ThreadEvent
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import Fate, fate_of_click
from linkedin_pipelines.errors import PageUnreadableError, StopSignError, WrongPersonError
from linkedin_pipelines.services.accounts import AccountView
from linkedin_pipelines.services.lease_keeper import LeaseKeeper

log = structlog.get_logger(__name__)

ABSENCE_AFTER = timedelta(seconds=60)
"""A message may reach its thread late: only after this time does its absence prove that it never went out."""

_PICTURES = 10
"""Evidence holds no more; the newest tell most."""

REREAD_SECONDS = 20.0
"""Pause before a thread that could not tell is read again."""


def may_read(database: Database, clock: Clock, account: AccountView) -> bool:
    """Whether the account's pages may be opened now.

    While they may not, nothing is settled; the claim that follows is refused for the same reason, and says so.
    """
    with database.reading() as session:
        return ledger.may_act(session, account.id, clock.now()) is None


def settle_doubts(
    database: Database,
    clock: Clock,
    account: AccountView,
    keeper: LeaseKeeper,
    messenger: Callable[[], Messenger],
) -> int:
    """Settle every interaction of the account that is in doubt; the number that still holds it up.

    Raises:
        StopSignError: the site stopped us; the breaker knows it already.
        LeaseLostError: another run took the account over.
    """
    with database.writing() as session:
        ledger.adopt_stranded(session, keeper.lease, clock.now())
        doubts = [doubt for doubt in ledger.unsettled(session, account.id) if not doubt.waits_for_member]
    if not doubts or not may_read(database, clock, account):
        return len(doubts)
    for doubt in doubts:
        if doubt.kind is InteractionKind.PROFILE_VISIT:
            _count_visit(database, clock, keeper, doubt)
            continue
        reader = _DoubtReader(database, clock, account, keeper, messenger(), doubt)
        for reading in range(doubt.doubt_readings, READINGS):
            if reading > doubt.doubt_readings:
                keeper.pause(REREAD_SECONDS)
            if reader.settle():
                break
    return 0


def _count_visit(database: Database, clock: Clock, keeper: LeaseKeeper, doubt: ledger.UnsettledInteraction) -> None:
    """A visit leaves no trace that could be read; one that was begun counts as made, and is not repeated."""
    lease = keeper.renew()
    with database.writing() as session:
        ledger.settle(
            session,
            doubt.interaction_id,
            lease,
            clock.now(),
            InteractionStatus.SENT,
            explanation="The run ended during the visit, so it counts as made.",
            sent_at=doubt.clicked_at or doubt.claimed_at,
        )


class _DoubtReader:
    """Reads the thread of one interaction in doubt."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        account: AccountView,
        keeper: LeaseKeeper,
        messenger: Messenger,
        doubt: ledger.UnsettledInteraction,
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._keeper = keeper
        self._messenger = messenger
        self._doubt = doubt
        self._evidence = doubt.evidence or Evidence()
        self._acted_at: datetime = doubt.clicked_at or doubt.claimed_at

    def settle(self) -> bool:
        """Read once; whether the row is settled now.

        Raises:
            StopSignError: the site stopped us.
        """
        if (wait := self._acted_at + ABSENCE_AFTER - self._clock.now()) > timedelta(0):
            self._keeper.pause(wait.total_seconds())
        try:
            fate, event = self._read()
        except (PageUnreadableError, WrongPersonError) as error:
            if error.evidence:
                self._keep(error.evidence)
            return self._in_vain(str(error))
        except StopSignError as error:
            with self._database.writing() as session:
                breakers.record_stop_sign(
                    session, self._account.id, self._clock.now(), error.sign, str(error), error.evidence
                )
            raise
        if fate is Fate.UNCLEAR:
            return self._in_vain("The conversation holds the text, but not, for certain, the day on which it was sent.")
        if fate is Fate.DELIVERED:
            assert event is not None  # a delivery is an event
            self._evidence = self._evidence.model_copy(update={"event": event.event_id, "event_text": event.text})
            self._write(InteractionStatus.SENT)
        else:
            self._write(
                InteractionStatus.FAILED,
                Reason.NOT_DELIVERED,
                "The conversation was read afterwards and does not hold the message.",
            )
        return True

    def _read(self) -> tuple[Fate, ThreadEvent | None]:
        doubt = self._doubt
        composer = self._messenger.open(Recipient(doubt.contact_id, doubt.profile_slug, doubt.full_name))
        try:
            day = self._acted_at.astimezone(self._account.config.zone).date()
            verdict = fate_of_click(composer.events(), doubt.body, day)
            self._keep(composer.screenshot("settled"))
        finally:
            composer.close()
        return verdict

    def _keep(self, picture: str) -> None:
        newest = (*self._evidence.screenshots, picture)[-_PICTURES:]
        self._evidence = self._evidence.model_copy(update={"screenshots": newest})

    def _in_vain(self, explanation: str) -> bool:
        self._write(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, explanation)
        return False

    def _write(self, status: InteractionStatus, reason: Reason | None = None, explanation: str | None = None) -> None:
        self._keeper.renew()
        with self._database.writing() as session:
            ledger.settle(
                session,
                self._doubt.interaction_id,
                self._keeper.lease,
                self._clock.now(),
                status,
                reason=reason,
                explanation=explanation,
                evidence=self._evidence,
                sent_at=self._acted_at if status is InteractionStatus.SENT else None,
                not_sent_proven=status is InteractionStatus.FAILED,
            )
        log.info("doubt_read", interaction_id=self._doubt.interaction_id, status=str(status))
