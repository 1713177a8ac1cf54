"""What became of reading the member's own pages, a row an attempt: a day not read is told from an empty one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import AccountRef, Base, Id, RunId, Sentence
from linkedin_pipelines.db.types import enumerated
from linkedin_pipelines.domain.states import ReadingOutcome, SitePage


class SiteReading(Base):
    """One reading of one page for one local day of an account."""

    __tablename__ = "site_readings"
    __table_args__ = (
        CheckConstraint("(outcome = 'unknown') = (explanation IS NOT NULL)", name="unknown_explained"),
        CheckConstraint("outcome <> 'whole' OR people IS NOT NULL", name="whole_is_counted"),
        Index("idx_site_reading_day", "account_id", "page", "local_day"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    page: Mapped[SitePage] = mapped_column(enumerated(SitePage, "page"))
    local_day: Mapped[date]
    """The account's own day that the page was read for."""
    read_at: Mapped[datetime]
    run_id: Mapped[RunId]
    outcome: Mapped[ReadingOutcome] = mapped_column(enumerated(ReadingOutcome, "outcome"))
    people: Mapped[int | None]
    """How many people's birthdays were read; None if not even that is certain."""
    explanation: Mapped[Sentence | None]
    evidence: Mapped[str | None] = mapped_column(String(400))
    """Picture of the page that could not be read, below the evidence folder."""
