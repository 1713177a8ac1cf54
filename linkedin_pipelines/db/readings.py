"""Rows of what became of reading the member's own pages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import SiteReading
from linkedin_pipelines.domain.states import ReadingOutcome, SitePage


def add_reading(session: Session, reading: SiteReading) -> None:
    """Keep what became of one reading."""
    session.add(reading)
    session.flush()


def reading_of(session: Session, account_id: int, page: SitePage, local_day: date) -> SiteReading | None:
    """What is known of the page's day: a whole reading if there was one, else the last attempt; None if never read."""
    query = select(SiteReading).where(
        SiteReading.account_id == account_id, SiteReading.page == page, SiteReading.local_day == local_day
    )
    readings = list(session.scalars(query.order_by(SiteReading.id.desc())))
    whole = [reading for reading in readings if reading.outcome is ReadingOutcome.WHOLE]
    return next(iter([*whole, *readings]), None)
