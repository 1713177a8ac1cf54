"""What a claim rests on, gathered in two statements: one row of facts, and what was spent in the week.

The statements are made once, with parameters, since a claim spends more on putting a query together than on running it.
Every part of them ends in an index that holds a handful of rows of one account, however long the ledger is; what a
partial index needs to be chosen is spelled out in `db.models.interactions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Row, Select, String, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from linkedin_pipelines.db.accounts import breakers, canary
from linkedin_pipelines.db.core.database import REHEARSAL
from linkedin_pipelines.db.core.rows import executed
from linkedin_pipelines.db.core.types import UtcDateTime
from linkedin_pipelines.db.ledger import holds, spending
from linkedin_pipelines.db.ledger.keeping import kept_visits
from linkedin_pipelines.db.models import Account, AccountBreaker, CanaryProbe, Contact, Interaction, StopRequest
from linkedin_pipelines.db.models.interactions import (
    COUNTS,
    IS_CAMPAIGNS,
    IS_IN_FLIGHT,
    IS_UNSETTLED,
    OF_CAMPAIGNS,
    occupies,
    unindexed,
)
from linkedin_pipelines.domain import quotas
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, settled_by_the_product
from linkedin_pipelines.domain.canary import ProbeOutcome, unreadable
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES, ClaimContext
from linkedin_pipelines.domain.occasions import occurrence
from linkedin_pipelines.domain.rules import Attempt, Person
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import UnknownAccountError

if TYPE_CHECKING:
    from linkedin_pipelines.db.ledger.claiming import ClaimRequest

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of two machines may differ by this much; a ledger further ahead of the clock means that it was set back."""


@dataclass(frozen=True)
class Facts:
    """All of it, as it was at one moment."""

    context: ClaimContext
    ledger_is_ahead: bool
    """Whether the ledger of an account that need not settle first is ahead of the clock."""


def gather(session: Session, request: ClaimRequest, now: datetime) -> Facts:
    """What the decision about `request` rests on; binding under the account's lock.

    Raises:
        UnknownAccountError: there is no such account.
    """
    kind = ACTION_KINDS[request.kind]
    row = executed(
        session,
        _facts_of(request.kind, spending.kinds_of(request.kind), tuple(sorted(settled_by_the_product()))),
        {
            "account_id": request.account_id,
            "contact_id": request.contact_id,
            "occasion_key": request.occasion_key,
            "run_id": request.run_id,
            "ahead": now + CLOCK_TOLERANCE,
            "held_year": request.occurrence_year if holds.may_be_held(request.kind) else None,
        },
    ).one_or_none()
    if row is None:
        raise UnknownAccountError(f"there is no account with number {request.account_id}")
    account: AccountConfig = row.config
    used = spending.used_in_week(session, request.account_id, request.kind, now)
    used += spending.of_unknown_time(account, kind, used, row.unknown_from, row.unknown_until)
    context = ClaimContext(
        now=now,
        rehearsal=bool(session.info.get(REHEARSAL)),
        account=account,
        retired=row.retired_at is not None,
        pause_reason=row.pause_reason,
        terms_accepted=row.terms_accepted_at is not None,
        settle_first_reason=row.settle_first_reason,
        unsettled=row.unsettled,
        breaker=breakers.of_columns([getattr(row, f"breaker_{name}") for name in breakers.FIELDS]),
        quota=quotas.quota_left(account, kind, used, row.by_run, now),
        person=_person(row, account),
        occupant=None if row.occupant_id is None else Attempt(*row[-4:]),
        kind=kind,
        valid_until=request.valid_until,
        kept_on=request.kept_on,
        kept_on_now=_kept_on(row, request.occurrence_year, account),
        unreadable=unreadable(canary.kept(session, request.account_id), kind.needs) if row.canary_failed else (),
        held=row.held,
        kept_visits=kept_visits(session, session.get_one(Account, request.account_id), now)
        if kind.quota == InteractionKind.PROFILE_VISIT
        else 0,
    )
    return Facts(context, row.settle_first_reason is None and bool(row.is_ahead))


def is_ahead(session: Session, account_id: int, now: datetime) -> bool:
    """Whether the account's ledger is ahead of `now` by more than clocks may differ."""
    values = {"account_id": account_id, "ahead": now + CLOCK_TOLERANCE}
    return bool(session.scalar(select(_ahead()).where(Account.id == bindparam("account_id")), values))


def _kept_on(row: Row[Any], year: int | None, account: AccountConfig) -> date | None:
    if row.contact_id is None or row.birth_month is None or row.birth_day is None or year is None:
        return None
    return occurrence(row.birth_month, row.birth_day, year, account.leap_day).on


def _person(row: Row[Any], account: AccountConfig) -> Person | None:
    if row.contact_id is None:
        return None
    return Person(
        profile_slug=row.profile_slug,
        status=row.contact_status,
        do_not_contact=row.do_not_contact_reason,
        stop_requested_on=local_day(row.asked_at, account.zone) if row.asked_at is not None else None,
        disputed="Sources name different days for this birthday." if row.birthday_disputed else None,
    )


def _ahead() -> Any:
    """Whether campaigns of the account left a moment after the parameter `ahead`."""
    # Nearly all ids are above the reconciled one: no index is to be chosen for their sake.
    new = unindexed(Interaction.id) > func.coalesce(Account.reconciled_interaction_id, 0)
    ours = (Interaction.account_id == Account.id) & new
    later = bindparam("ahead", type_=UtcDateTime())
    return or_(
        exists().where(ours, Interaction.claimed_at > later, OF_CAMPAIGNS).correlate(Account),
        exists().where(ours, Interaction.settled_at > later, IS_CAMPAIGNS).correlate(Account),
    ).label("is_ahead")


def _unsettled(ours_to_settle: tuple[str, ...]) -> Any:
    """How many attempts have to be settled before the account does anything new."""
    # What is unsettled and not in flight is in doubt. Not asked as `status = ?`: beside partial indexes of that column
    # SQLite looks at the parameter's value, and plans anew with every execution.
    left_to_us = spending.is_one_of(ours_to_settle) & (Interaction.doubt_readings < READINGS_BEFORE_MEMBER_DECIDES)
    return (
        select(func.count())
        .where(Interaction.account_id == Account.id, IS_UNSETTLED, or_(IS_IN_FLIGHT, left_to_us))
        .correlate(Account)
        .scalar_subquery()
        .label("unsettled")
    )


def _by_run(kinds: tuple[str, ...]) -> Any:
    """What the run spent of the quota."""
    return (
        select(func.count())
        .where(
            Interaction.run_id == bindparam("run_id", type_=String()),
            unindexed(Interaction.account_id) == Account.id,
            spending.is_one_of(kinds),
            COUNTS,
        )
        .correlate(Account)
        .scalar_subquery()
        .label("by_run")
    )


def _asked_at() -> Any:
    """When the person first asked to be left alone, where that is undecided."""
    return (
        select(func.min(StopRequest.said_at))
        .where(StopRequest.contact_id == Contact.id, StopRequest.decided_at.is_(None))
        .correlate(Contact)
        .scalar_subquery()
        .label("asked_at")
    )


def _canary_failed() -> Any:
    return (
        exists()
        .where(CanaryProbe.account_id == Account.id, CanaryProbe.outcome == ProbeOutcome.FAILED)
        .correlate(Account)
        .label("canary_failed")
    )


@cache
def _facts_of(kind: str, kinds: tuple[str, ...], ours_to_settle: tuple[str, ...]) -> Select[Any]:
    """The row of facts about an attempt of `kind`, which spends its quota together with the `kinds`."""
    occupant = aliased(Interaction, name="occupant")
    account_id = bindparam("account_id", type_=Integer())
    contact_id = bindparam("contact_id", type_=Integer())
    return (
        select(
            Account.config,
            Account.retired_at,
            Account.pause_reason,
            Account.terms_accepted_at,
            Account.settle_first_reason,
            Account.unknown_from,
            Account.unknown_until,
            *(column.label(f"breaker_{column.key}") for column in breakers.COLUMNS),
            Contact.id.label("contact_id"),
            Contact.profile_slug,
            Contact.status.label("contact_status"),
            Contact.do_not_contact_reason,
            Contact.birthday_disputed,
            Contact.birth_month,
            Contact.birth_day,
            _asked_at(),
            _unsettled(ours_to_settle),
            _by_run(kinds),
            _ahead(),
            _canary_failed(),
            holds.held(contact_id, bindparam("held_year", type_=Integer())).label("held"),
            occupant.id.label("occupant_id"),
            occupant.occurrence_year,
            occupant.status,
            occupant.origin,
            occupant.local_day,
        )
        .select_from(Account)
        .outerjoin(AccountBreaker, AccountBreaker.account_id == Account.id)
        .outerjoin(Contact, (Contact.id == contact_id) & (unindexed(Contact.account_id) == account_id))
        .outerjoin(
            occupant,
            (occupant.account_id == account_id)
            & (occupant.contact_id == contact_id)
            & (occupant.kind == kind)
            & (occupant.occasion_key == bindparam("occasion_key", type_=String()))
            & occupies("occupant"),
        )
        .where(Account.id == account_id)
    )
