"""People searches, and profiles that they found: what a visit read, how it was read, and the fit it came to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Payload
from linkedin_pipelines.db.models.base import (
    NEVER_REUSED,
    AccountRef,
    Base,
    Id,
    Name,
    RunId,
    Sentence,
    Slug,
    contact_of_account,
)
from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.domain.profiles import ReadProfile


class PeopleSearch(Base):
    """One reading of one people search."""

    __tablename__ = "people_searches"
    __table_args__ = (
        UniqueConstraint("account_id", "id"),
        CheckConstraint("hidden >= 0 AND others >= 0 AND repeated >= 0 AND pages >= 0", name="rows_counted"),
        Index("idx_people_search_day", "account_id", "local_day"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    query: Mapped[str] = mapped_column(String(2000))
    """The search's query, without its page."""
    criteria: Mapped[Criteria | None] = mapped_column(Payload(Criteria))
    """By what the people were scored; None for a search without scores."""
    local_day: Mapped[date]
    read_at: Mapped[datetime]
    run_id: Mapped[RunId]
    pages: Mapped[int]
    hidden: Mapped[int]
    others: Mapped[int]
    repeated: Mapped[int]
    doubt: Mapped[Sentence | None]
    """Why there may be more people; None if the end was proven."""


class SearchResult(Base):
    """One person among the results of one search."""

    __tablename__ = "search_results"
    __table_args__ = (
        UniqueConstraint("search_id", "profile_slug"),
        UniqueConstraint("search_id", "place"),
        ForeignKeyConstraint(["account_id", "search_id"], ["people_searches.account_id", "people_searches.id"]),
        Index("idx_search_result_profile", "account_id", "profile_slug"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    search_id: Mapped[int]
    profile_slug: Mapped[Slug]
    full_name: Mapped[Name]
    place: Mapped[int]
    """Among all results, the first being 1."""


class SourcedProfile(Base):
    """A profile as the latest visit read it. Its score is computed again from this whenever criteria change."""

    __tablename__ = "sourced_profiles"
    __table_args__ = (
        UniqueConstraint("account_id", "profile_slug"),
        CheckConstraint("(profile IS NULL) = (missing_since IS NOT NULL)", name="read_or_missing"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score_bounded"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 0 AND 100", name="confidence_bounded"),
        contact_of_account(),
        Index("idx_sourced_profile_score", "account_id", "score"),
        Index("idx_sourced_profile_read", "account_id", "read_at"),
        Index("idx_sourced_profile_contact", "contact_id"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    profile_slug: Mapped[Slug]
    contact_id: Mapped[int | None]
    search_id: Mapped[int | None] = mapped_column(ForeignKey("people_searches.id"))
    """The search whose criteria the score is by."""
    profile: Mapped[ReadProfile | None] = mapped_column(Payload(ReadProfile))
    """None for a profile that was missing when it was visited."""
    read_at: Mapped[datetime]
    local_day: Mapped[date]
    run_id: Mapped[RunId]
    missing_since: Mapped[date | None]
    score: Mapped[int | None]
    confidence: Mapped[int | None]
    explanation: Mapped[str | None] = mapped_column(String(8000))
