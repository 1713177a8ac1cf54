"""Taking an occasion: the facts gathered under the account's lock, the decision asked for, the row written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.ledger.facts import gather, is_ahead
from linkedin_pipelines.db.ledger.unsettled import put_settle_first
from linkedin_pipelines.db.models import Account, Interaction
from linkedin_pipelines.db.models.interactions import OCCUPIES
from linkedin_pipelines.domain import claims
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.claims import last_refusal, refusal
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.rules import Attempt
from linkedin_pipelines.domain.states import BreakerState, InteractionOrigin, InteractionStatus
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LedgerConflictError, UnknownAccountError

SET_BACK = "the clock of this machine was set back"


@dataclass(frozen=True, kw_only=True)
class ClaimRequest:
    """What a run wants to do, to whom, in which exact words."""

    account_id: int
    contact_id: int
    kind: str
    """Name of a row of `domain.action_kinds`."""
    occasion_key: str
    list_date: date | None
    run_id: str
    purpose: str | None = None
    body: str | None = None
    template: str | None = None
    occurrence_year: int | None = None
    """Year of the birthday, where the occasion is one."""
    kept_on: date | None = None
    """Day on which the approved birthday is kept; one that was corrected since is not wished on it."""
    valid_until: date | None = None
    """Last local day on which the words are true; None if they are on any day."""


@dataclass(frozen=True)
class Claimed:
    """The occasion is ours and the quota is spent; the attempt may start."""

    interaction_id: int


def attempt_of(
    request: ClaimRequest, lease: Lease, zone: ZoneInfo, now: datetime, status: InteractionStatus
) -> dict[str, Any]:
    """The columns of an attempt that begins `now` under the lease; its day is that of the account's zone."""
    return {
        "account_id": request.account_id,
        "contact_id": request.contact_id,
        "kind": request.kind,
        "occasion_key": request.occasion_key,
        "purpose": request.purpose,
        "occurrence_year": request.occurrence_year,
        "status": status,
        "origin": InteractionOrigin.CAMPAIGN,
        "list_date": request.list_date,
        "run_id": request.run_id,
        "lease_token": lease.token,
        "body": request.body,
        "template": request.template,
        "claimed_at": now,
        "local_day": local_day(now, zone),
    }


def claim(session: Session, request: ClaimRequest, lease: Lease, now: datetime) -> Claimed | Outcome:
    """Take the occasion and spend the quota, or say why not; the whole check list in the caller's transaction.

    A ledger that is ahead of `now` means that the clock was set back: the account is then put into "settle first".
    In a transaction of `Database.rehearsing` the account need not be live.

    Raises:
        LeaseLostError: the run no longer holds the account.
        UnknownAccountError: there is no such account.
        ValueError: the kind is unknown, or the occasion's key or the text does not follow its rule.
    """
    kind = ACTION_KINDS.get(request.kind)
    if kind is None:
        raise ValueError(f"there is no kind of action called {request.kind!r}")
    kind.require_key(request.occasion_key)
    if kind.writes_text != bool(request.body):
        raise ValueError(f"an attempt of {kind.name} {'needs its text' if kind.writes_text else 'has no text'}")
    leases.require_for(session, lease, request.account_id, now)
    facts = gather(session, request, now)
    context = facts.context
    if facts.ledger_is_ahead:
        put_settle_first(session, request.account_id, now, SET_BACK)
        context = replace(context, settle_first_reason=SET_BACK)
    if (refused := refusal(context)) is not None:
        return refused
    values = attempt_of(request, lease, context.account.zone, now, InteractionStatus.SENDING)
    interaction_id = session.connection().execute(_INSERTS[session.get_bind().dialect.name], values).scalar()
    if interaction_id is None:
        # An import recorded a wish sent by hand since we looked: the index had the last word, now look again.
        if (refused := refusal(gather(session, request, now).context)) is not None:
            return refused
        raise LedgerConflictError(f"the occasion {request.occasion_key} of contact {request.contact_id} is not free")
    if context.breaker.state is not BreakerState.CLOSED:
        breakers.take_probe(session, request.account_id, now)
    return Claimed(interaction_id)


def against_click(
    session: Session, request: ClaimRequest, lease: Lease, now: datetime, *, by_member: bool = False
) -> Outcome | None:
    """What has come up against an attempt since it was claimed; None if its click may be announced.

    `by_member`: the click is the member's own.

    Raises:
        LeaseLostError: the run no longer holds the account.
    """
    leases.require_for(session, lease, request.account_id, now)
    return last_refusal(replace(gather(session, request, now).context, by_member=by_member))


def hold_if_clock_was_set_back(session: Session, account_id: int, now: datetime) -> None:
    """Put the account into "settle first" if its ledger is ahead of `now`."""
    if _account(session, account_id).settle_first_reason is None and is_ahead(session, account_id, now):
        put_settle_first(session, account_id, now, SET_BACK)


def may_act(session: Session, account_id: int, now: datetime) -> Outcome | None:
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


def occupant(session: Session, account_id: int, contact_id: int, kind: str, occasion_key: str) -> Attempt | None:
    """What occupies an occasion."""
    row = session.execute(
        select(Interaction.occurrence_year, Interaction.status, Interaction.origin, Interaction.local_day).where(
            Interaction.account_id == account_id,
            Interaction.contact_id == contact_id,
            Interaction.kind == kind,
            Interaction.occasion_key == occasion_key,
            OCCUPIES,
        )
    ).one_or_none()
    return None if row is None else Attempt(*row)


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        raise UnknownAccountError(f"there is no account with number {account_id}")
    return account


_INSERTS = {
    "sqlite": sqlite.insert(Interaction).on_conflict_do_nothing().returning(Interaction.id),
    "postgresql": postgresql.insert(Interaction).on_conflict_do_nothing().returning(Interaction.id),
}
"""A row, unless its occasion is occupied or the account has another in flight: the unique indexes say so without an
error, which on Postgres would have ended the transaction."""
