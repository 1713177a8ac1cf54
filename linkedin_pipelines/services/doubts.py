"""Settling what nobody saw the end of, by reading the thread; nothing else settles it but the member.

Rows in doubt come first: until each has been read, or read in vain three times, the account sends nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import breakers, ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.messaging import Messenger, Recipient
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import Fate, fate_of_click
from linkedin_pipelines.errors import PageUnreadableError, StopSignError, WrongPersonError
from linkedin_pipelines.services.lease_keeper import LeaseKeeper

log = structlog.get_logger(__name__)

READINGS = 3
"""After so many readings that cannot tell, the row waits for the member and no longer holds up the account."""

ABSENCE_AFTER = timedelta(seconds=60)
"""A message may reach its thread late: only after this time does its absence prove that it never went out."""


def settle_doubts(
    database: Database,
    clock: Clock,
    account: AccountConfig,
    keeper: LeaseKeeper,
    messenger: Callable[[], Messenger],
) -> int:
    """Settle every interaction of the account that is in doubt; the number that still is.

    Raises:
        StopSignError: the site stopped us; the breaker knows it already.
        LeaseLostError: another run took the account over.
    """
    with database.writing() as session:
        ledger.adopt_stranded(session, keeper.lease, clock.now())
        doubts = [d for d in ledger.unsettled(session, keeper.lease.account_id) if d.doubt_readings < READINGS]
    left = 0
    for doubt in doubts:
        while not _settle_one(database, clock, account, keeper, messenger(), doubt):
            with database.reading() as session:
                readings = ledger.get(session, doubt.interaction_id).doubt_readings
            if readings >= READINGS:
                left += 1
                break
    return left


def _settle_one(
    database: Database,
    clock: Clock,
    account: AccountConfig,
    keeper: LeaseKeeper,
    messenger: Messenger,
    doubt: ledger.UnsettledInteraction,
) -> bool:
    """Read the thread once; whether the row is settled now."""
    asked_at = doubt.clicked_at or doubt.claimed_at
    if (wait := asked_at + ABSENCE_AFTER - clock.now()) > timedelta(0):
        keeper.pause(wait.total_seconds())
    evidence = doubt.evidence or Evidence()
    status, reason, explanation = InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, "The conversation could not be read."
    sent_at = None
    try:
        composer = messenger.open(Recipient(doubt.contact_id, doubt.profile_slug, doubt.full_name))
        try:
            fate, event = fate_of_click(composer.events(), doubt.body, asked_at.astimezone(account.zone).date())
            picture = composer.screenshot("settled")
        finally:
            composer.close()
        evidence = evidence.model_copy(update={"screenshots": (*evidence.screenshots[-9:], picture)})
        if fate is Fate.DELIVERED and event is not None:
            status, sent_at = InteractionStatus.SENT, asked_at
            evidence = evidence.model_copy(update={"event": event.event_id, "event_text": event.text})
        elif fate is Fate.ABSENT:
            status, reason = InteractionStatus.FAILED, Reason.NOT_DELIVERED
            explanation = "The conversation was read afterwards and does not hold the message."
        else:
            explanation = "The conversation holds the text, but not the day on which it was sent."
    except (PageUnreadableError, WrongPersonError) as error:
        explanation = str(error)
    except StopSignError as error:
        with database.writing() as session:
            breakers.record_stop_sign(session, keeper.lease.account_id, clock.now(), error.sign, str(error))
        raise
    sent = status is InteractionStatus.SENT
    with database.writing() as session:
        ledger.settle(
            session,
            doubt.interaction_id,
            keeper.lease,
            clock.now(),
            status,
            reason=None if sent else reason,
            explanation=None if sent else explanation,
            evidence=evidence,
            sent_at=sent_at,
            not_sent_proven=status is InteractionStatus.FAILED,
        )
    log.info("doubt_read", interaction_id=doubt.interaction_id, status=str(status))
    return status is not InteractionStatus.IN_DOUBT
