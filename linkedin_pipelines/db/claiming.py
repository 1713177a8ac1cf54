"""Taking an occasion: the facts gathered under the account's lock, the decision asked for, the row written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db import breakers, canary, leases
from linkedin_pipelines.db.database import REHEARSAL
from linkedin_pipelines.db.leases import Lease
from linkedin_pipelines.db.models import Account, Contact, Interaction, StopRequest
from linkedin_pipelines.db.spending import quota_left
from linkedin_pipelines.db.unsettled import put_settle_first
from linkedin_pipelines.domain import claims
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.canary import Action, KeptSight, unreadable
from linkedin_pipelines.domain.claims import (
    READINGS_BEFORE_MEMBER_DECIDES,
    Circumstances,
    Occupant,
    Person,
    Refused,
    refusal,
)
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import UnknownAccountError

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of two machines may differ by this much; a ledger further ahead of the clock means that it was set back."""


@dataclass(frozen=True)
class ClaimRequest:
    """What a run wants to do, to whom, in which exact words."""

    account_id: int
    contact_id: int
    kind: InteractionKind
    occurrence_year: int
    list_date: date | None
    run_id: str
    body: str
    template: str | None


@dataclass(frozen=True)
class Claimed:
    """The occasion is ours and the quota is spent; the attempt may start."""

    interaction_id: int


def attempt_of(
    request: ClaimRequest, lease: Lease, zone: ZoneInfo, now: datetime, status: InteractionStatus
) -> Interaction:
    """The row of an attempt that begins `now` under the lease; its day is that of the account's zone."""
    return Interaction(
        account_id=request.account_id,
        contact_id=request.contact_id,
        kind=request.kind,
        occurrence_year=request.occurrence_year,
        status=status,
        origin=InteractionOrigin.CAMPAIGN,
        list_date=request.list_date,
        run_id=request.run_id,
        lease_token=lease.token,
        body=request.body,
        template=request.template,
        claimed_at=now,
        local_day=local_day(now, zone),
    )


def claim(session: Session, request: ClaimRequest, lease: Lease, now: datetime) -> Claimed | Refused:
    """Take the occasion and spend the quota, or say why not; the whole check list in the caller's transaction.

    A ledger that is ahead of `now` means that the clock was set back: the account is then put into "settle first".
    In a transaction of `Database.rehearsing` the account need not be live.

    Raises:
        LeaseLostError: the run no longer holds the account.
        UnknownAccountError: there is no such account.
    """
    leases.require_for(session, lease, request.account_id, now)
    account = _account(session, request.account_id)
    if account.settle_first_reason is None and _clock_was_set_back(session, account, now):
        put_settle_first(session, account.id, now, "the clock of this machine was set back")
    if (refused := refusal(_circumstances(session, account, request, now))) is not None:
        return refused
    row = attempt_of(request, lease, account.config.zone, now, InteractionStatus.SENDING)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        # An import recorded a wish sent by hand since we looked: the index had the last word, now look again.
        if (refused := refusal(_circumstances(session, account, request, now))) is not None:
            return refused
        raise
    breakers.take_probe(session, account.id, now)
    return Claimed(row.id)


def may_act(session: Session, account_id: int, now: datetime) -> Refused | None:
    """Why the account must leave the site alone now (retired, paused, terms, breaker, hours); None if it need not.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = _account(session, account_id)
    return claims.may_act(
        account.config,
        now,
        retired=account.retired_at is not None,
        pause_reason=account.pause_reason,
        terms_accepted=account.terms_accepted_at is not None,
        breaker=breakers.get(session, account_id),
    )


def occupant(
    session: Session, account_id: int, contact_id: int, kind: InteractionKind, occurrence_year: int
) -> Occupant | None:
    row = session.execute(
        select(Interaction.status, Interaction.origin, Interaction.local_day).where(
            Interaction.account_id == account_id,
            Interaction.contact_id == contact_id,
            Interaction.kind == kind,
            Interaction.occurrence_year == occurrence_year,
            Interaction.status.in_(OCCUPYING),
        )
    ).one_or_none()
    return None if row is None else Occupant(*row)


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        raise UnknownAccountError(f"there is no account with number {account_id}")
    return account


def _circumstances(session: Session, account: Account, request: ClaimRequest, now: datetime) -> Circumstances:
    return Circumstances(
        now=now,
        rehearsal=bool(session.info.get(REHEARSAL)),
        account=account.config,
        retired=account.retired_at is not None,
        pause_reason=account.pause_reason,
        terms_accepted=account.terms_accepted_at is not None,
        settle_first_reason=account.settle_first_reason,
        unsettled=_count_unsettled(session, account.id),
        breaker=breakers.get(session, account.id),
        quota=quota_left(session, account.config, account.id, request.kind, request.run_id, now),
        person=_person(session, request),
        occupant=occupant(session, account.id, request.contact_id, request.kind, request.occurrence_year),
        kind=request.kind,
        unreadable=_unreadable(session, account.id, request.kind),
    )


_ACTIONS = {InteractionKind.BIRTHDAY_MESSAGE: Action.SEND_MESSAGES}
"""What each kind of interaction does on the site, as far as the canary looks after it."""


def _unreadable(session: Session, account_id: int, kind: InteractionKind) -> tuple[KeptSight, ...]:
    action = _ACTIONS.get(kind)
    return () if action is None else unreadable(canary.kept(session, account_id), action)


def _person(session: Session, request: ClaimRequest) -> Person | None:
    undecided = exists().where(StopRequest.contact_id == Contact.id, StopRequest.decided_at.is_(None))
    row = session.execute(
        select(
            Contact.full_name,
            Contact.profile_slug,
            Contact.status,
            Contact.do_not_contact_reason,
            undecided,
            Contact.birthday_disputed,
        ).where(Contact.id == request.contact_id, Contact.account_id == request.account_id)
    ).one_or_none()
    return None if row is None else Person(*row)


def _count_unsettled(session: Session, account_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Interaction.account_id == account_id,
                or_(
                    Interaction.status == InteractionStatus.SENDING,
                    (Interaction.status == InteractionStatus.IN_DOUBT)
                    & (Interaction.doubt_readings < READINGS_BEFORE_MEMBER_DECIDES),
                ),
            )
        )
        or 0
    )


def _clock_was_set_back(session: Session, account: Account, now: datetime) -> bool:
    ahead = now + CLOCK_TOLERANCE
    ours = (
        (Interaction.account_id == account.id)
        & (Interaction.origin == InteractionOrigin.CAMPAIGN)
        & (Interaction.id > (account.reconciled_interaction_id or 0))
    )
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(ours, Interaction.kind.in_(list(InteractionKind)), Interaction.claimed_at > ahead),
                    exists().where(ours, Interaction.settled_at > ahead),
                )
            )
        )
    )
