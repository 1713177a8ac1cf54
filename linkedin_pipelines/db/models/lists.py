"""A day's birthday list, and the human's yes to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import AccountRef, Base, ContactRef, Id, RunId, Sentence
from linkedin_pipelines.db.types import Payload, enumerated
from linkedin_pipelines.domain.payloads import ApprovedContent
from linkedin_pipelines.domain.states import EntryOutcome, Reason


class BirthdayList(Base):
    """The list of one account and date, as built last."""

    __tablename__ = "birthday_lists"
    __table_args__ = (UniqueConstraint("account_id", "list_date"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    list_date: Mapped[date]
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of recipients and texts; approval is given to it and to nothing else."""
    built_at: Mapped[datetime]
    built_by_run: Mapped[RunId]


class ListEntry(Base):
    """One person on a list, with what will happen and why."""

    __tablename__ = "list_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "contact_id", "occurrence_year"),
        CheckConstraint("(outcome = 'planned') = (reason IS NULL)", name="reason_given"),
        CheckConstraint("outcome <> 'planned' OR body IS NOT NULL", name="planned_has_text"),
        Index("idx_list_entry_contact", "contact_id"),
    )

    id: Mapped[Id]
    list_id: Mapped[int] = mapped_column(ForeignKey("birthday_lists.id", ondelete="CASCADE"))
    position: Mapped[int]
    contact_id: Mapped[ContactRef]
    occurrence_year: Mapped[int]
    occurs_on: Mapped[date]
    """The day the birthday is kept in that year, the leap-day rule applied."""
    days_late: Mapped[int]
    outcome: Mapped[EntryOutcome] = mapped_column(enumerated(EntryOutcome, "outcome"))
    reason: Mapped[Reason | None] = mapped_column(enumerated(Reason, "reason"))
    explanation: Mapped[Sentence | None]
    next_eligible_on: Mapped[date | None]
    template: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[str | None] = mapped_column(Text)


class ListApproval(Base):
    """A yes to exactly this content. Rows are kept for ever: they say who let what go out."""

    __tablename__ = "list_approvals"
    __table_args__ = (UniqueConstraint("account_id", "list_date", "content_hash"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    list_date: Mapped[date]
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[ApprovedContent] = mapped_column(Payload(ApprovedContent))
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(200))
    """`member` for a materialization by hand, `schedule` for an account with automatic approval."""
    run_id: Mapped[RunId]
