"""Announcing a click, writing down how an attempt ended, and what happened without a claim."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Row, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.rows import changed_rows, executed
from linkedin_pipelines.db.ledger import counters
from linkedin_pipelines.db.ledger.claiming import ClaimRequest, attempt_of, occupant
from linkedin_pipelines.db.models import Account, Interaction
from linkedin_pipelines.db.models.interactions import IS_IN_FLIGHT, unindexed
from linkedin_pipelines.domain.action_kinds import birthday_key
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.payloads import Evidence, OwnEvents
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LedgerConflictError


def mark_clicked(
    session: Session, interaction_id: int, lease: Lease, now: datetime, events_before: OwnEvents | None = None
) -> None:
    """Announce the click. Commit before clicking: from then on the row says that a message may be out.

    `events_before` are the member's own messages that the conversation shows now, by which a new one is told later.

    Raises:
        LeaseLostError: the run no longer holds the account; it must not click.
        LedgerConflictError: the row is not this lease's, is settled, or was announced before; do not click.
    """
    leases.require(session, lease, now)
    announced = {
        "interaction_id": interaction_id,
        "of_account": lease.account_id,
        "of_token": lease.token,
        "now": now,
        "events": events_before,
    }
    changed = changed_rows(session, _CLICKED, announced)
    if not changed:
        raise LedgerConflictError(f"interaction {interaction_id} was settled or taken over; this run must not click")


def settle(
    session: Session,
    interaction_id: int,
    lease: Lease | None,
    now: datetime,
    status: InteractionStatus,
    *,
    reason: Reason | None = None,
    explanation: str | None = None,
    evidence: Evidence | None = None,
    sent_at: datetime | None = None,
    not_sent_proven: bool = False,
    words: str | None = None,
) -> bool:
    """Write down how an attempt ended: `sent`, `failed` or `in_doubt`. False if exactly that was written before.

    `sending` may end in any of them, `in_doubt` too; settling `in_doubt` as `in_doubt` counts one more reading in vain.
    `lease` None is the member's own decision, which is about rows in doubt alone. `failed` frees occasion and quota, so
    once the click was announced, or its announcement may be lost, it takes `not_sent_proven`. `words` are what went out
    where that is not the approved text: what is stored is what was sent.

    Raises:
        LeaseLostError: the run no longer holds the account.
        LedgerConflictError: the row is another run's, or settled otherwise.
        ValueError: the outcome lacks its reason or its proof.
    """
    row = _lock_for_settling(session, interaction_id, lease, now)
    if row.status is status and status in {InteractionStatus.SENT, InteractionStatus.FAILED}:
        return False
    _check_transition(row, lease, status, reason, not_sent_proven=not_sent_proven)
    again = row.status is InteractionStatus.IN_DOUBT and status is InteractionStatus.IN_DOUBT
    settled = {
        "interaction_id": row.id,
        "status_before": row.status,
        "token_before": row.lease_token,
        "readings_before": row.doubt_readings,
        "new_status": status,
        "now": now,
        "new_reason": reason or (row.reason if again else None),
        "new_explanation": explanation[:1000] if explanation else (row.explanation if again else None),
        "new_sent_at": (sent_at or now) if status is InteractionStatus.SENT else None,
        "new_readings": row.doubt_readings + again,
        "new_evidence": evidence,
        "new_body": words,
    }
    if not changed_rows(session, _SETTLED, settled):
        raise LedgerConflictError(f"interaction {interaction_id} was settled by somebody else in this moment")
    if not again:
        counters.record_outcome(session, row.slug, row.kind, row.claimed_at, status, reason, now)
    session.expire_all()
    return True


def record_rehearsal(
    session: Session,
    request: ClaimRequest,
    lease: Lease,
    now: datetime,
    evidence: Evidence | None = None,
    reason: Reason | None = None,
    explanation: str | None = None,
) -> int:
    """Keep what a rehearsal saw; with a reason it was refused. It occupies and spends nothing. The row's id.

    Raises:
        LeaseLostError: the run no longer holds the account.
    """
    leases.require_for(session, lease, request.account_id, now)
    account = session.get_one(Account, request.account_id)
    status = InteractionStatus.REHEARSED if reason is None else InteractionStatus.REFUSED
    row = Interaction(**attempt_of(request, lease, account.config.zone, now, status))
    row.settled_at = now
    row.reason = reason
    row.explanation = explanation[:1000] if explanation else None
    row.evidence = evidence
    session.add(row)
    session.flush()
    counters.record_outcome(session, account.slug, row.kind, now, status, reason, now)
    return row.id


def record_by_hand(
    session: Session,
    account_id: int,
    contact_id: int,
    occurrence_year: int,
    sent_at: datetime,
    zone: ZoneInfo,
    body: str | None,
) -> bool:
    """Note a birthday wish that the member sent by hand: it occupies its occasion and counts on its day.

    False if the occasion is occupied already, by this very wish or by one of ours.
    """
    kind, key = InteractionKind.BIRTHDAY_MESSAGE, birthday_key(occurrence_year)
    row = Interaction(
        account_id=account_id,
        contact_id=contact_id,
        kind=kind,
        occasion_key=key,
        occurrence_year=occurrence_year,
        status=InteractionStatus.SENT,
        origin=InteractionOrigin.BY_HAND,
        body=body,
        claimed_at=sent_at,
        local_day=local_day(sent_at, zone),
        settled_at=sent_at,
        sent_at=sent_at,
    )
    if occupant(session, account_id, contact_id, kind, key) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        if occupant(session, account_id, contact_id, kind, key) is None:
            raise  # it was not the occasion: the contact is not this account's
        return False
    return True


def record_unread(
    session: Session, account_id: int, contact_id: int, occurrence_year: int, lease: Lease, now: datetime, why: str
) -> None:
    """Keep that nobody can tell whether a birthday was wished: in doubt, for the member, who alone can look.

    It occupies the occasion and counts against the quotas of its day, as a wish that is out would.

    Raises:
        LeaseLostError: the run no longer holds the account.
    """
    leases.require_for(session, lease, account_id, now)
    kind, key = InteractionKind.BIRTHDAY_MESSAGE, birthday_key(occurrence_year)
    if occupant(session, account_id, contact_id, kind, key) is not None:
        return
    account = session.get_one(Account, account_id)
    request = ClaimRequest(
        account_id=account_id,
        contact_id=contact_id,
        kind=kind,
        occasion_key=key,
        occurrence_year=occurrence_year,
        list_date=None,
        run_id=lease.holder,
    )
    row = Interaction(**attempt_of(request, lease, account.config.zone, now, InteractionStatus.IN_DOUBT))
    row.settled_at, row.reason, row.explanation = now, Reason.PAGE_UNREADABLE, why[:1000]
    row.doubt_readings = READINGS_BEFORE_MEMBER_DECIDES
    session.add(row)
    session.flush()


def _lock_for_settling(session: Session, interaction_id: int, lease: Lease | None, now: datetime) -> Row[Any]:
    if lease is None:
        # The first look only tells whose lock it is.
        account_id = session.scalar(select(Interaction.account_id).where(Interaction.id == interaction_id))
        if account_id is not None:
            leases.lock(session, account_id)
    else:
        leases.require(session, lease, now)
    row = executed(session, _TO_SETTLE, {"interaction_id": interaction_id}).one_or_none()
    if row is None:
        raise LedgerConflictError(f"there is no interaction {interaction_id}")
    if lease is not None and lease.account_id != row.account_id:
        raise ValueError("the lease is another account's")
    return row


def _check_transition(
    row: Row[Any],
    lease: Lease | None,
    status: InteractionStatus,
    reason: Reason | None,
    *,
    not_sent_proven: bool,
) -> None:
    if row.status not in {InteractionStatus.SENDING, InteractionStatus.IN_DOUBT}:
        raise LedgerConflictError(f"interaction {row.id} is settled already, as {row.status}")
    if row.status is InteractionStatus.SENDING and (lease is None or row.lease_token != lease.token):
        raise LedgerConflictError(f"interaction {row.id} is under way in another run; it cannot be settled from here")
    match status:
        case InteractionStatus.SENT:
            if row.status is InteractionStatus.SENDING and row.clicked_at is None:
                raise ValueError("an attempt whose click was never announced cannot have been sent by it")
        case InteractionStatus.FAILED:
            if reason is None:
                raise ValueError("a failed attempt needs its reason")
            if (row.clicked_at is not None or row.status is InteractionStatus.IN_DOUBT) and not not_sent_proven:
                raise ValueError("after the click `failed` takes proof that nothing went out; else it is in doubt")
        case InteractionStatus.IN_DOUBT:
            if reason is None and row.reason is None:
                raise ValueError("an attempt in doubt needs its reason")
        case _:
            raise ValueError(f"no attempt is settled as {status}")


_THIS = Interaction.id == bindparam("interaction_id", type_=Integer())
_CLICKED = (
    update(Interaction)
    .where(
        _THIS,
        Interaction.account_id == bindparam("of_account"),
        IS_IN_FLIGHT,
        Interaction.lease_token == bindparam("of_token"),
        Interaction.clicked_at.is_(None),
    )
    .values(clicked_at=bindparam("now"), events_before=bindparam("events"))
)
_TO_SETTLE = (
    select(
        Interaction.id,
        Interaction.account_id,
        Interaction.kind,
        Interaction.status,
        Interaction.lease_token,
        Interaction.claimed_at,
        Interaction.clicked_at,
        Interaction.reason,
        Interaction.explanation,
        Interaction.doubt_readings,
        Account.slug,
    )
    .join_from(Interaction, Account, Account.id == Interaction.account_id)
    .where(_THIS)
    .with_for_update(of=Interaction)
)
_SETTLED = (
    update(Interaction)
    .where(
        _THIS,
        # Beside a partial index SQLite would plan anew whenever the parameter has another value.
        unindexed(Interaction.status) == bindparam("status_before"),
        Interaction.lease_token.is_not_distinct_from(bindparam("token_before")),
        Interaction.doubt_readings == bindparam("readings_before"),
    )
    .values(
        status=bindparam("new_status"),
        settled_at=bindparam("now"),
        reason=bindparam("new_reason"),
        explanation=bindparam("new_explanation"),
        sent_at=bindparam("new_sent_at"),
        doubt_readings=bindparam("new_readings"),
        evidence=func.coalesce(bindparam("new_evidence", type_=Interaction.evidence.type), Interaction.evidence),
        body=func.coalesce(bindparam("new_body", type_=Interaction.body.type), Interaction.body),
    )
)
