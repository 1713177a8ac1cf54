"""Sent invitations as the page last showed them, with who sent them and what became of each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import enumerated
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
from linkedin_pipelines.domain.invitations import Provenance, WithdrawalOutcome

_HAPPENED = "'withdrawn', 'already_accepted', 'gone'"


class InvitationSnapshot(Base):
    """One reading of the sent invitations."""

    __tablename__ = "invitation_snapshots"
    __table_args__ = (
        CheckConstraint("people >= 0 AND others >= 0", name="rows_counted"),
        Index("idx_invitation_snapshot_day", "account_id", "local_day"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    local_day: Mapped[date]
    read_at: Mapped[datetime]
    run_id: Mapped[RunId]
    people: Mapped[int]
    others: Mapped[int]
    """Rows of pages, newsletters, showcases and events."""
    doubt: Mapped[Sentence | None]
    """Why these may not be all; None if the page's own count proved it."""


class SentInvitation(Base):
    """One person's invitation, from when it was first seen to its end. A later one is a row of its own."""

    __tablename__ = "sent_invitations"
    __table_args__ = (
        UniqueConstraint("account_id", "profile_slug", "first_seen_on"),
        CheckConstraint(
            f"(outcome IS NOT NULL AND outcome IN ({_HAPPENED})) = (ended_on IS NOT NULL)", name="end_dated"
        ),
        CheckConstraint("outcome <> 'withdrawn' OR re_invite_on IS NOT NULL", name="withdrawn_tells_re_invite"),
        CheckConstraint("at_least_days IS NULL OR at_least_days >= 0", name="age_counted"),
        contact_of_account(),
        Index("idx_sent_invitation_outcome", "account_id", "outcome"),
        Index("idx_sent_invitation_contact", "contact_id"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    profile_slug: Mapped[Slug]
    full_name: Mapped[Name]
    contact_id: Mapped[int | None]
    provenance: Mapped[Provenance] = mapped_column(enumerated(Provenance, "provenance"))
    age_text: Mapped[str] = mapped_column(String(400))
    at_least_days: Mapped[int | None]
    """The fewest days it was old on `seen_on`; None if its line could not be read."""
    place: Mapped[int]
    """Among the people of the latest reading, the newest being 1."""
    first_seen_on: Mapped[date]
    seen_on: Mapped[date]
    outcome: Mapped[WithdrawalOutcome | None] = mapped_column(enumerated(WithdrawalOutcome, "outcome"))
    """None while it waits."""
    ended_on: Mapped[date | None]
    re_invite_on: Mapped[date | None]
    explanation: Mapped[Sentence | None]
