"""What an account settles first: attempts that nothing saw the end of, and after a restore what the ledger lacks.

An attempt is settled by the resolver of its kind; nothing else settles it but the member.

Rows in doubt come first: until each has been read, or read without being able to tell three times, the account does
nothing new. A row of a kind that this version does not know waits for the member.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, Resolver, kind_of
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES as READINGS
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import ClickFate, fate_of_click
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, ProfileGoneError, WrongPersonError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.attempts import NoVisitLeftError
from linkedin_pipelines.services.actions.protocol import aftermath_of

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

ABSENCE_AFTER = timedelta(seconds=60)
"""A message may reach its thread late: only after this time does its absence prove that it never went out."""

_SCREENSHOTS = 10
"""Evidence holds no more; the newest tell most."""

REREAD_SECONDS = 20.0
"""Pause before something that could not tell is read again."""


def able_to_act(database: Database, clock: Clock, account_ids: Collection[int]) -> set[int]:
    """Which of the accounts may act now: not paused, terms accepted, within their hours, breaker not open."""
    with database.reading() as session:
        return {each for each in account_ids if ledger.may_act(session, each, clock.now()) is None}


def readable_doubts(database: Database, account_id: int) -> list[ledger.UnsettledInteraction]:
    """What is in doubt and may still be settled by reading; what three readings could not tell waits for the member."""
    with database.reading() as session:
        return [row for row in ledger.unsettled(session, account_id) if not row.waits_for_member]


def settle_doubts(site_session: SiteSession) -> int:
    """Settle every attempt of the account that is in doubt; the number that still holds it up.

    Raises:
        StopSignError: the site stopped us.
        LeaseLostError: another run took the account over.
    """
    keeper, clock = site_session.keeper, site_session.clock
    with site_session.database.writing() as session:
        # Committed here whatever the claim that follows says: an account that must settle first has to get to it.
        ledger.hold_if_clock_was_set_back(session, site_session.account.id, clock.now())
        ledger.adopt_stranded(session, keeper.lease, clock.now())
        unsettled = ledger.unsettled(session, site_session.account.id)
    doubts = [doubt for doubt in unsettled if not doubt.waits_for_member]
    if not doubts or site_session.may_act() is not None:
        return len(doubts)
    for number, doubt in enumerate(doubts):
        try:
            _settle(site_session, doubt)
        except NoVisitLeftError as error:
            # Its conversation lies behind the person's profile: it is read on a day that has a visit left.
            log.warning("doubt_not_read", interaction_id=doubt.interaction_id, problem=str(error))
            return len(doubts) - number
    return 0


def _settle(site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> None:
    if kind_of(doubt.kind).resolver is Resolver.COUNTED:
        # It leaves no trace that could be read; what was begun counts as done, and is not repeated.
        explanation = "The run ended on the way; once begun it counts as done."
        _write(site_session, doubt, Outcome(InteractionStatus.SENT, None, explanation, evidence=_evidence(doubt)))
        return
    site_session.rest()
    for reading in range(doubt.doubt_readings, READINGS):
        if reading > doubt.doubt_readings:
            site_session.keeper.pause(REREAD_SECONDS)
        outcome = _read(site_session, doubt)
        doubt = replace(doubt, evidence=outcome.evidence)
        _write(site_session, doubt, outcome)
        if outcome.status is not InteractionStatus.IN_DOUBT:
            break
    site_session.touched()


def _read(site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> Outcome:
    """Read once what became of the attempt.

    Raises:
        StopSignError: the site stopped us.
    """
    if (wait := _acted_by(doubt) + ABSENCE_AFTER - site_session.clock.now()) > timedelta(0):
        site_session.keeper.pause(wait.total_seconds())
    try:
        if kind_of(doubt.kind).resolver is Resolver.REREAD:
            return aftermath_of(kind_of(doubt.kind)).resolve(site_session, doubt)
        return _read_conversation(site_session, doubt)
    except (NotConnectedError, PageUnreadableError, ProfileGoneError, WrongPersonError) as error:
        return _cannot_tell(str(error), _evidence(doubt, error.evidence))


def _read_conversation(site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> Outcome:
    composer = site_session.site(VisitPurpose.DOUBT).open(
        Recipient(doubt.contact_id, doubt.profile_slug, doubt.full_name, doubt.member_number)
    )
    try:
        day = _acted_at(doubt).astimezone(site_session.config.zone).date()
        # A thread that shows its newest messages alone proves nothing: it is unreadable, not without the message.
        events = composer.events(day - timedelta(days=1))
        fate, event = fate_of_click(events, doubt.body, day, doubt.events_before)
        evidence = _evidence(doubt, composer.screenshot("settled"))
    finally:
        composer.close()
    if fate is ClickFate.UNCLEAR:
        return _cannot_tell(
            "The conversation holds a message of yours that is new since the click, but not, for certain, this one.",
            evidence,
        )
    if fate is ClickFate.ABSENT:
        explanation = "The conversation was read afterwards and does not hold the message."
        return Outcome(InteractionStatus.FAILED, Reason.NOT_DELIVERED, explanation, evidence=evidence)
    assert event is not None  # a delivery is an event
    proof = evidence.model_copy(update={"event": event.event_id, "event_text": event.text})
    return Outcome(InteractionStatus.SENT, evidence=proof)


def _cannot_tell(explanation: str, evidence: Evidence) -> Outcome:
    return Outcome(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, explanation, evidence=evidence)


def _acted_at(doubt: ledger.UnsettledInteraction) -> datetime:
    return doubt.clicked_at or doubt.claimed_at


def _acted_by(doubt: ledger.UnsettledInteraction) -> datetime:
    """The last moment at which the message may have been sent: a member who was asked to press may have taken long."""
    asked = doubt.events_before.press_until if doubt.events_before else None
    return asked or _acted_at(doubt)


def _evidence(doubt: ledger.UnsettledInteraction, screenshot: str | None = None) -> Evidence:
    kept = doubt.evidence or Evidence()
    if screenshot is None:
        return kept
    return kept.model_copy(update={"screenshots": (*kept.screenshots, screenshot)[-_SCREENSHOTS:]})


def _write(site_session: SiteSession, doubt: ledger.UnsettledInteraction, outcome: Outcome) -> None:
    assert isinstance(outcome.status, InteractionStatus)  # nothing else settles a row
    lease = site_session.keeper.renew()
    with site_session.database.writing() as session:
        ledger.settle(
            session,
            doubt.interaction_id,
            lease,
            site_session.clock.now(),
            outcome.status,
            reason=outcome.reason,
            explanation=outcome.explanation,
            evidence=outcome.evidence,
            sent_at=_acted_at(doubt) if outcome.status is InteractionStatus.SENT else None,
            not_sent_proven=outcome.status is InteractionStatus.FAILED,
        )
    log.info("doubt_read", interaction_id=doubt.interaction_id, status=str(outcome.status))


def reconcile(site_session: SiteSession) -> int:
    """Have every kind read what is unknown of an account that has to settle first, and let it act again.

    After a restore, or a clock set back, the ledger may know less than happened. Nothing new is done before it is whole
    again, so that neither an occasion nor a quota that was spent is spent again. What leaves no trace to read counts as
    done as often as was allowed (`domain.quotas.usage_of_unknown_time`).

    What cannot be read keeps the account where it is: it is tried again by the next run. The number of such things.

    Raises:
        StopSignError: the site stopped us.
        LeaseLostError: another run took the account over.
    """
    account = get_account(site_session.database, site_session.account.slug)
    if account.settle_first_since is None or site_session.may_act() is not None:
        return 0
    unread = sum(aftermath_of(kind).reconcile(site_session) for kind in list(ACTION_KINDS.values()))
    if unread == 0:
        lease = site_session.keeper.renew()
        with site_session.database.writing() as session:
            ledger.end_settle_first(session, lease, site_session.clock.now())
        log.info("account_reconciled", account_id=account.id)
    return unread
