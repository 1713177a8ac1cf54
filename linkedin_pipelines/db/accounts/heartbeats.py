"""Heartbeats of runs, so that one that died with its machine is found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import RunHeartbeat


def beat(session: Session, run_id: str, host: str, pid: int, now: datetime) -> None:
    """Note that the run is alive. A run that was noted as ended and beats again is alive again."""
    row = session.get(RunHeartbeat, run_id)
    if row is None:
        session.add(RunHeartbeat(run_id=run_id, host=host, pid=pid, beat_at=now, ended_at=None))
    else:
        row.host, row.pid, row.beat_at, row.ended_at = host, pid, now, None
    session.flush()


def end(session: Session, run_id: str, now: datetime) -> None:
    """Note that the run ended by itself, or was found dead and dealt with; unknown runs are left alone."""
    session.execute(update(RunHeartbeat).where(RunHeartbeat.run_id == run_id).values(ended_at=now))


def stale(session: Session, now: datetime, older_than: timedelta) -> list[str]:
    """Runs that have not ended and gave no heartbeat for `older_than`, the longest silent first."""
    return list(
        session.scalars(
            select(RunHeartbeat.run_id)
            .where(RunHeartbeat.ended_at.is_(None), RunHeartbeat.beat_at < now - older_than)
            .order_by(RunHeartbeat.beat_at)
        )
    )


def beating_since(session: Session, moment: datetime) -> list[str]:
    """Runs that have not ended and gave a heartbeat after `moment`."""
    query = select(RunHeartbeat.run_id).where(RunHeartbeat.ended_at.is_(None), RunHeartbeat.beat_at > moment)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Heartbeat:
    """A run's last heartbeat."""

    at: datetime
    host: str
    pid: int


def last_heartbeats(session: Session, run_ids: Collection[str]) -> dict[str, Heartbeat]:
    """The last heartbeat of each of the runs, be it a beat or its end; runs that never beat are left out."""
    query = select(RunHeartbeat).where(RunHeartbeat.run_id.in_(run_ids))
    return {
        row.run_id: Heartbeat(max(row.beat_at, row.ended_at or row.beat_at), row.host, row.pid)
        for row in session.scalars(query)
    }
