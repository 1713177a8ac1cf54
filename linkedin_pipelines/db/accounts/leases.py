"""One holder at a time may act for an account.

A lease ends by itself unless renewed, so a run that died frees its account. Its token only grows: whoever took the
account over has a higher one, and a run that slept through its lease finds its own token outdated wherever it matters.
Every function here locks the account's lease row until the transaction ends, so that claims and settlements of one
account come one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.rows import executed
from linkedin_pipelines.db.models import Account, AccountLease
from linkedin_pipelines.errors import LeaseHeldError, LeaseLostError

TTL = timedelta(seconds=60)
LONGEST_TTL = timedelta(minutes=15)
"""A lease that ends later than this from now was taken under a clock that has been set back since."""


@dataclass(frozen=True)
class Lease:
    """The right to act for an account until it expires."""

    account_id: int
    holder: str
    token: int
    """Fencing token: higher than that of every holder before."""
    expires_at: datetime


def acquire(session: Session, account_id: int, holder: str, now: datetime, ttl: timedelta = TTL) -> Lease:
    """Take the lease of an account that nobody holds, under a new token.

    Raises:
        LeaseHeldError: somebody holds it, be it the same holder: two threads of one run are two.
    """
    if not timedelta(0) < ttl <= LONGEST_TTL:
        raise ValueError(f"a lease lasts at most {LONGEST_TTL}")
    row = lock(session, account_id)
    if row is None:
        try:
            with session.begin_nested():
                session.execute(
                    insert(AccountLease).values(account_id=account_id, holder=None, token=0, expires_at=None)
                )
        except IntegrityError:
            pass  # somebody else made the row in the meantime; it is there now, which is all that matters
        row = lock(session, account_id)
        assert row is not None  # rows of this table are never deleted
    if row.expires_at is not None and now < row.expires_at <= now + LONGEST_TTL:
        raise LeaseHeldError(
            f"run {row.holder} is at work for this account until {row.expires_at:%H:%M:%S} UTC at least; "
            "try again when it has ended"
        )
    lease = Lease(account_id, holder, row.token + 1, now + ttl)
    session.execute(
        update(AccountLease)
        .where(AccountLease.account_id == account_id)
        .values(holder=lease.holder, token=lease.token, expires_at=lease.expires_at)
    )
    return lease


def renew(session: Session, lease: Lease, now: datetime, ttl: timedelta = TTL) -> Lease:
    """Prolong a lease that is still held; the token stays.

    Raises:
        LeaseLostError: it expired, or somebody else holds it.
    """
    require(session, lease, now)
    renewed = replace(lease, expires_at=now + ttl)
    session.execute(
        update(AccountLease)
        .where(AccountLease.account_id == lease.account_id, AccountLease.token == lease.token)
        .values(expires_at=renewed.expires_at)
    )
    return renewed


def release(session: Session, lease: Lease) -> None:
    """Give the lease back; does nothing to a lease that somebody else holds by now."""
    session.execute(
        update(AccountLease)
        .where(
            AccountLease.account_id == lease.account_id,
            AccountLease.token == lease.token,
            AccountLease.holder == lease.holder,
        )
        .values(holder=None, expires_at=None)
    )


def require(session: Session, lease: Lease, now: datetime) -> None:
    """Lock the account's lease row and make sure that it is still this lease.

    Raises:
        LeaseLostError: it expired, was given back, or somebody else holds it. An expired lease is lost even if nobody
            took it: the run may have been declared dead meanwhile.
    """
    row = lock(session, lease.account_id)
    if (
        row is None
        or (row.holder, row.token) != (lease.holder, lease.token)
        or row.expires_at is None
        or row.expires_at <= now
    ):
        raise LeaseLostError(f"run {lease.holder} no longer holds the lease of its account and has to end")


def require_for(session: Session, lease: Lease, account_id: int, now: datetime) -> None:
    """`require`, for work on `account_id`.

    Raises:
        LeaseLostError: as `require`.
        ValueError: the lease is another account's.
    """
    if lease.account_id != account_id:
        raise ValueError("the lease is another account's")
    require(session, lease, now)


def held(session: Session, now: datetime) -> list[str]:
    """The slugs of the accounts that somebody is at work for."""
    query = (
        select(Account.slug)
        .join(AccountLease, AccountLease.account_id == Account.id)
        .where(AccountLease.expires_at > now, AccountLease.expires_at <= now + LONGEST_TTL)
    )
    return list(session.scalars(query.order_by(Account.slug)))


def lock(session: Session, account_id: int) -> Row[*tuple[Any, ...]] | None:
    """Holder, token and end of the account's lease, its row locked until the transaction ends; None if it has none."""
    return executed(session, _LOCKED, {"account_id": account_id}).one_or_none()


_LOCKED = (
    select(AccountLease.holder, AccountLease.token, AccountLease.expires_at)
    .where(AccountLease.account_id == bindparam("account_id", type_=Integer()))
    .with_for_update()
)
