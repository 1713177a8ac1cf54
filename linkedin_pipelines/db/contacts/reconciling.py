"""How far the reading after a restore has come, so that a run goes on where the one before it had to stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import ReconciledThread


@dataclass(frozen=True)
class Progress:
    """What became of one person's conversation so far."""

    readings: int
    done: bool


def progress(session: Session, account_id: int) -> dict[tuple[int, int], Progress]:
    """By contact and year of the birthday; whoever is missing was not tried yet."""
    query = select(ReconciledThread).where(ReconciledThread.account_id == account_id)
    return {(row.contact_id, row.occurrence_year): Progress(row.readings, row.done) for row in session.scalars(query)}


def note(session: Session, account_id: int, contact_id: int, year: int, now: datetime, *, done: bool) -> int:
    """Count one more reading of a conversation; the number of its readings."""
    row = session.scalars(
        select(ReconciledThread).where(
            ReconciledThread.account_id == account_id,
            ReconciledThread.contact_id == contact_id,
            ReconciledThread.occurrence_year == year,
        )
    ).one_or_none()
    if row is None:
        row = ReconciledThread(account_id=account_id, contact_id=contact_id, occurrence_year=year, readings=0)
        session.add(row)
    row.readings, row.done, row.read_at = row.readings + 1, done, now
    session.flush()
    return row.readings
