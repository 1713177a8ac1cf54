"""The breaker of each account, kept in the database so that it survives restarts; the rules are in `domain.breaker`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import AccountBreaker, AccountChange
from linkedin_pipelines.domain import breaker as rules
from linkedin_pipelines.domain.breaker import Breaker, Random
from linkedin_pipelines.domain.states import BreakerState

FIELDS = tuple(field.name for field in fields(Breaker))
COLUMNS = tuple(getattr(AccountBreaker, name) for name in FIELDS)
"""The columns that a breaker is made of, for queries that join them."""


def get(session: Session, account_id: int) -> Breaker:
    """Where the account's breaker stands; closed if it never failed."""
    row = session.scalars(select(AccountBreaker).where(AccountBreaker.account_id == account_id)).one_or_none()
    return Breaker() if row is None else _as_breaker(row)


def of_columns(values: Sequence[Any]) -> Breaker:
    """The breaker of what a query found in `COLUMNS` by an outer join; closed if the account has no row."""
    state = values[FIELDS.index("state")]
    return Breaker() if state is None else Breaker(**dict(zip(FIELDS, values, strict=True)))


def allow(session: Session, account_id: int, now: datetime) -> bool:
    """Whether work may start now. Asking changes nothing: the claim of the work itself is what takes the probe."""
    return rules.admits(get(session, account_id), now)


allows = allow


def take_probe(session: Session, account_id: int, now: datetime) -> None:
    """Note that work has started: if the breaker was open, that work is its one probe."""
    _step(session, account_id, lambda breaker: rules.admit(breaker, now))


def lose_probe(session: Session, account_id: int, now: datetime) -> None:
    """The run that probed has died; the next one may probe."""
    _step(session, account_id, lambda breaker: rules.after_lost_probe(breaker, now))


def record_success(session: Session, account_id: int, now: datetime) -> Breaker:  # noqa: ARG001 - one shape for all
    """Work ended well; closes a half-open breaker and forgets earlier failures."""
    return _step(session, account_id, rules.after_success)


def record_failure(
    session: Session, account_id: int, now: datetime, cause: str, random: Random = random.random
) -> Breaker:
    """Work failed; `cause` is a sentence for the member."""
    return _step(session, account_id, lambda breaker: rules.after_failure(breaker, now, cause[:1000], random))


def record_stop_sign(
    session: Session, account_id: int, now: datetime, sign: str, cause: str, evidence: str | None = None
) -> Breaker:
    """The site told us to stop: open until `resume`. `evidence` is the picture of it, below the evidence folder."""
    return _step(
        session,
        account_id,
        lambda breaker: rules.after_stop_sign(breaker, now, sign[:64], cause[:1000], evidence),
    )


def resume(session: Session, account_id: int, now: datetime, reason: str, by: str) -> Breaker:
    """A human looked at the account and closes its breaker; who and why is kept."""
    old = get(session, account_id)
    new = _step(session, account_id, lambda _: Breaker())
    if old != new:
        shown = {"state": str(old.state), "stop_sign": old.stop_sign, "cause": old.cause}
        session.add(
            AccountChange(
                account_id=account_id,
                changed_at=now,
                changed_by=by,
                field="breaker",
                old_value=shown,
                new_value={"state": str(new.state)},
                reason=reason,
            )
        )
        session.flush()
    return new


def _step(session: Session, account_id: int, rule: rules.Step) -> Breaker:
    row = _lock(session, account_id)
    if row is None:
        try:
            with session.begin_nested():
                session.add(AccountBreaker(account_id=account_id, state=BreakerState.CLOSED))
        except IntegrityError:
            pass  # somebody else made the row in the meantime; it is there now, which is all that matters
        row = _lock(session, account_id)
        assert row is not None  # rows of this table are never deleted
    new = rule(_as_breaker(row))
    for name in FIELDS:
        setattr(row, name, getattr(new, name))
    session.flush()
    return new


def _lock(session: Session, account_id: int) -> AccountBreaker | None:
    return session.scalars(
        select(AccountBreaker)
        .where(AccountBreaker.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _as_breaker(row: AccountBreaker) -> Breaker:
    return Breaker(**{name: getattr(row, name) for name in FIELDS})
