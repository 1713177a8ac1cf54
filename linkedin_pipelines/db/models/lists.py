"""A day's birthday list, the human's yes to it, and the readings of pages that it rests on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Growing, Payload, enumerated
from linkedin_pipelines.db.models.base import AccountRef, Base, ContactRef, Id, RunId, Sentence, contact_of_account
from linkedin_pipelines.domain.payloads import ApprovedContent, ApprovedPlan
from linkedin_pipelines.domain.states import EntryOutcome, ReadingOutcome, Reason, SitePage


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
    reason: Mapped[Reason | None] = mapped_column(Growing(Reason))
    explanation: Mapped[Sentence | None]
    next_eligible_on: Mapped[date | None]
    template: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[str | None] = mapped_column(Text)


class ListDecision(Base):
    """What the member decided about one person's birthday, which outlives every rebuild of a list."""

    __tablename__ = "list_decisions"
    __table_args__ = (
        UniqueConstraint("account_id", "contact_id", "occurrence_year"),
        CheckConstraint("(words IS NULL) = (text_for IS NULL)", name="words_of_a_list"),
        CheckConstraint("left_out IS NOT NULL OR words IS NOT NULL", name="decides_something"),
        contact_of_account(),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    occurrence_year: Mapped[int]
    left_out: Mapped[Sentence | None]
    """Why the person is left out this time, on any list."""
    words: Mapped[str | None] = mapped_column(Text)
    """The member's own words."""
    text_for: Mapped[date | None]
    """Date of the list that they are for."""
    decided_at: Mapped[datetime]


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


class PlanApproval(Base):
    """A yes to exactly these people, and words if there are any, for one kind of action; kept like `ListApproval`."""

    __tablename__ = "plan_approvals"
    __table_args__ = (UniqueConstraint("account_id", "kind", "list_date", "content_hash"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    kind: Mapped[str] = mapped_column(String(32))
    """Name of a row of `domain.action_kinds`."""
    list_date: Mapped[date]
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[ApprovedPlan] = mapped_column(Payload(ApprovedPlan))
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(200))
    run_id: Mapped[RunId]


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


class ReconciledThread(Base):
    """How far the reading after a restore has come with one person; the rows go when it has ended."""

    __tablename__ = "reconciled_threads"
    __table_args__ = (
        UniqueConstraint("account_id", "contact_id", "occurrence_year"),
        CheckConstraint("readings >= 1", name="readings_counted"),
        contact_of_account(),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    occurrence_year: Mapped[int]
    readings: Mapped[int]
    """How often it was tried."""
    done: Mapped[bool]
    """The ledger knows what the conversation holds of this birthday, or that nobody can tell."""
    read_at: Mapped[datetime]
