"""Rows of what became of reading the member's own pages, and of whose contact info may be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import BrowserSession, Contact, Interaction, SiteReading
from linkedin_pipelines.db.models.interactions import COUNTS
from linkedin_pipelines.domain.states import ContactStatus, ReadingOutcome, SitePage


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


def has_session(session: Session, account_id: int) -> bool:
    """Whether somebody signed in for the account; without that no page of it can be read."""
    return session.scalar(select(exists().where(BrowserSession.account_id == account_id))) or False


@dataclass(frozen=True)
class Unknown:
    """A connection without a birthday, who may be visited."""

    contact_id: int
    profile_slug: str
    full_name: str


def without_birthday(session: Session, account_id: int, kind: str, occasion_key: str) -> list[Unknown]:
    """Connections of whom no readable birthday is known and who were not visited on that occasion."""
    visited = exists().where(
        Interaction.contact_id == Contact.id,
        Interaction.kind == kind,
        Interaction.occasion_key == occasion_key,
        COUNTS,
    )
    query = select(Contact.id, Contact.profile_slug, Contact.full_name).where(
        Contact.account_id == account_id,
        Contact.status == ContactStatus.CONNECTED,
        Contact.profile_slug.is_not(None),
        Contact.birth_month.is_(None),
        Contact.do_not_contact_since.is_(None),
        ~visited,
    )
    return [Unknown(row[0], row[1] or "", row[2]) for row in session.execute(query)]


def visits_of_day(session: Session, account_id: int, kind: str, purpose: str, local_day: date) -> int:
    """How many visits for that purpose the account made, or may have made, on its local day."""
    query = select(func.count()).where(
        Interaction.account_id == account_id,
        Interaction.kind == kind,
        Interaction.purpose == purpose,
        Interaction.local_day == local_day,
        Interaction.claimed_at >= datetime.combine(local_day, time(), UTC) - timedelta(days=1),  # bounds the index
        COUNTS,
    )
    return session.scalars(query).one()
