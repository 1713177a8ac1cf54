"""Launches asked for over HTTP: one row an idempotency key, claimed by one request at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.rows import changed_rows
from linkedin_pipelines.db.models import LaunchRequest

CLAIM = timedelta(seconds=60)
"""So long one request alone may hand a launch over; longer than every time limit on the way together."""


def find(session: Session, idempotency_key: str) -> LaunchRequest | None:
    """The launch asked for with that key."""
    query = select(LaunchRequest).where(LaunchRequest.idempotency_key == idempotency_key)
    return session.scalars(query).one_or_none()


def add(session: Session, row: LaunchRequest) -> bool:
    """Keep a new launch. False if another request was first with its key."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        if find(session, row.idempotency_key) is None:
            raise
        return False
    return True


def take_over(session: Session, launch_id: int, now: datetime) -> bool:
    """Claim a launch whose former request ended without an answer. False while that request may still be at work."""
    statement = update(LaunchRequest).where(
        LaunchRequest.id == launch_id, LaunchRequest.run_id.is_(None), LaunchRequest.claimed_until <= now
    )
    return bool(changed_rows(session, statement.values(claimed_until=now + CLAIM)))


def finish(session: Session, launch_id: int, run_id: str) -> None:
    """Note the run that was launched."""
    changed_rows(session, update(LaunchRequest).where(LaunchRequest.id == launch_id).values(run_id=run_id))


def let_go(session: Session, launch_id: int, now: datetime) -> None:
    """Give the claim up: the next request with the key may try at once."""
    changed_rows(session, update(LaunchRequest).where(LaunchRequest.id == launch_id).values(claimed_until=now))
