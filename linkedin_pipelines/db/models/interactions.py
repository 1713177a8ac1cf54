"""The ledger. One row is one attempt; the database itself holds that an occasion is occupied at most once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, RunId, Sentence, contact_of_account
from linkedin_pipelines.db.types import Payload, enumerated
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus, Reason

_OCCUPYING = text("status IN (" + ", ".join(f"'{status}'" for status in OCCUPYING) + ")")

_IN_FLIGHT = text(f"status = '{InteractionStatus.SENDING}'")


class Interaction(Base):
    """One attempt-worth of contact with one person.

    `uq_interaction_occasion` is the promise "never twice": of all rows of an occasion (account, contact, kind,
    occurrence year), at most one is sending, sent or in doubt. `uq_interaction_in_flight` lets an account do one thing
    at a time: a new attempt cannot start before the one before it has been settled.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        Index(
            "uq_interaction_occasion",
            "account_id",
            "contact_id",
            "kind",
            "occurrence_year",
            unique=True,
            sqlite_where=_OCCUPYING,
            postgresql_where=_OCCUPYING,
        ),
        CheckConstraint("(status = 'sending') = (settled_at IS NULL)", name="settled_or_sending"),
        Index(
            "uq_interaction_in_flight",
            "account_id",
            unique=True,
            sqlite_where=_IN_FLIGHT,
            postgresql_where=_IN_FLIGHT,
        ),
        contact_of_account(),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        CheckConstraint("status <> 'rehearsed' OR clicked_at IS NULL", name="rehearsed_never_clicked"),
        CheckConstraint("origin <> 'by_hand' OR status = 'sent'", name="by_hand_is_sent"),
        CheckConstraint("occurrence_year BETWEEN 1990 AND 2200", name="year_plausible"),
        CheckConstraint("status NOT IN ('failed', 'in_doubt') OR reason IS NOT NULL", name="reason_given"),
        CheckConstraint(
            "origin <> 'campaign' OR (run_id IS NOT NULL AND lease_token IS NOT NULL AND body IS NOT NULL)",
            name="campaign_is_whole",
        ),
        CheckConstraint("doubt_readings >= 0", name="readings_counted"),
        Index("idx_interaction_contact_type", "contact_id", "kind"),
        Index("idx_interaction_quota", "account_id", "kind", "claimed_at"),
        Index("idx_interaction_status", "account_id", "status"),
        Index("idx_interaction_settled", "account_id", "settled_at"),
        Index("idx_interaction_run", "run_id"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    kind: Mapped[InteractionKind] = mapped_column(enumerated(InteractionKind, "kind"))
    occurrence_year: Mapped[int]
    """Year of the birthday itself, so that 30 December wished on 3 January is last year's."""
    status: Mapped[InteractionStatus] = mapped_column(enumerated(InteractionStatus, "status"))
    origin: Mapped[InteractionOrigin] = mapped_column(enumerated(InteractionOrigin, "origin"))
    list_date: Mapped[date | None]
    run_id: Mapped[RunId | None]
    lease_token: Mapped[int | None]
    """Fencing token of the lease under which the row was claimed."""
    body: Mapped[str | None] = mapped_column(Text)
    """Exactly the text that was, or was to be, sent."""
    template: Mapped[str | None] = mapped_column(String(100))
    claimed_at: Mapped[datetime]
    """When the quota was spent; for a wish sent by hand, when it was sent."""
    local_day: Mapped[date]
    """The account's local day of `claimed_at`, by the zone it had then."""
    clicked_at: Mapped[datetime | None]
    """Written before the click is dispatched: a row that is `sending` without it was never clicked."""
    settled_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reason: Mapped[Reason | None] = mapped_column(enumerated(Reason, "reason"))
    explanation: Mapped[Sentence | None]
    doubt_readings: Mapped[int] = mapped_column(default=0)
    """How often the thread of an in-doubt row was read without being able to tell."""
    evidence: Mapped[Evidence | None] = mapped_column(Payload(Evidence))
