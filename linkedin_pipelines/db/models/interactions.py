"""The ledger. One row is one attempt; the database itself holds that an occasion is occupied at most once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    String,
    Text,
    TextClause,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Growing, Payload, enumerated
from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, RunId, Sentence, contact_of_account
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.payloads import Evidence, OwnEvents
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus, Reason

UNSETTLED = (InteractionStatus.SENDING, InteractionStatus.IN_DOUBT)


def _is_one_of(column: str, values: Iterable[StrEnum]) -> str:
    return f"{column} IN (" + ", ".join(f"'{value}'" for value in values) + ")"


_OCCUPYING = text(_is_one_of("status", OCCUPYING))
_OPEN = text(_is_one_of("status", UNSETTLED))
_IN_FLIGHT = text(f"status = '{InteractionStatus.SENDING}'")
_BY_CAMPAIGN = text(f"origin = '{InteractionOrigin.CAMPAIGN}'")


# Conditions of queries, with the words of the partial indexes: SQLite takes such an index only for a query that says
# literally the same. It chooses before it sees the value of a parameter, and where one stands beside such a column, it
# plans anew with every execution.
def occupies(table: str) -> TextClause:
    """That a row of the ledger, which the query calls `table`, occupies its occasion."""
    return text(f"{table}.{_OCCUPYING.text}")


OCCUPIES: TextClause = occupies("interactions")
IS_UNSETTLED: TextClause = text(f"interactions.{_OPEN.text}")
IS_IN_FLIGHT: TextClause = text(f"interactions.{_IN_FLIGHT.text}")
IS_CAMPAIGNS: TextClause = text(f"interactions.{_BY_CAMPAIGN.text}")


def unindexed(column: Any) -> Any:
    """The column's value in a form that no index holds, so that a planner without statistics goes by another column."""
    return column + literal_column("0") if isinstance(column.type, Integer) else column + literal_column("''")


def _partial(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


class Interaction(Base):
    """One attempt-worth of contact with one person.

    `uq_interaction_occasion` is the promise "never twice": of all rows of an occasion (account, contact, kind,
    occasion key), at most one is sending, sent or in doubt. `uq_interaction_in_flight` lets an account do one thing
    at a time: a new attempt cannot start before the one before it has been settled.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        _partial(
            "uq_interaction_occasion",
            *("account_id", "contact_id", "kind", "occasion_key"),
            where=_OCCUPYING,
            unique=True,
        ),
        CheckConstraint("(status = 'sending') = (settled_at IS NULL)", name="settled_or_sending"),
        _partial("uq_interaction_in_flight", "account_id", where=_IN_FLIGHT, unique=True),
        contact_of_account(),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        CheckConstraint("status NOT IN ('rehearsed', 'refused') OR clicked_at IS NULL", name="rehearsed_never_clicked"),
        CheckConstraint("origin <> 'by_hand' OR status = 'sent'", name="by_hand_is_sent"),
        CheckConstraint("occurrence_year BETWEEN 1990 AND 2200", name="year_plausible"),
        CheckConstraint("status NOT IN ('failed', 'in_doubt', 'refused') OR reason IS NOT NULL", name="reason_given"),
        CheckConstraint(
            "origin <> 'campaign' OR (run_id IS NOT NULL AND lease_token IS NOT NULL)",
            name="campaign_is_whole",
        ),
        CheckConstraint("doubt_readings >= 0", name="readings_counted"),
        Index("idx_interaction_contact_type", "contact_id", "kind"),
        Index("idx_interaction_quota", "account_id", "claimed_at"),
        Index("idx_interaction_status", "account_id", "status"),
        _partial("idx_interaction_settled", "account_id", "settled_at", where=_BY_CAMPAIGN),
        _partial("idx_interaction_run", "run_id", where=text("run_id IS NOT NULL")),
        _partial("idx_interaction_unsettled", "account_id", where=_OPEN),
        _partial("idx_interaction_list", "account_id", "list_date", where=text("list_date IS NOT NULL")),
        Index("idx_interaction_account", "account_id", "id"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Growing(InteractionKind))
    """Name of a row of `domain.action_kinds`."""
    occasion_key: Mapped[str] = mapped_column(String(100))
    """What the occasion is known by, after the rule of the kind."""
    purpose: Mapped[str | None] = mapped_column(String(64))
    """What it is done for, where a kind serves several purposes."""
    occurrence_year: Mapped[int | None]
    """Year of the birthday itself, so that 30 December wished on 3 January is last year's; None for other occasions."""
    status: Mapped[InteractionStatus] = mapped_column(enumerated(InteractionStatus, "status"))
    origin: Mapped[InteractionOrigin] = mapped_column(enumerated(InteractionOrigin, "origin"))
    list_date: Mapped[date | None]
    run_id: Mapped[RunId | None]
    lease_token: Mapped[int | None]
    """Fencing token of the lease under which the row was claimed."""
    body: Mapped[str | None] = mapped_column(Text)
    """Exactly the text that was, or was to be, sent; None where a kind writes none."""
    template: Mapped[str | None] = mapped_column(String(100))
    claimed_at: Mapped[datetime]
    """When the quota was spent; for a wish sent by hand, when it was sent."""
    local_day: Mapped[date]
    """The account's local day of `claimed_at`, by the zone it had then."""
    clicked_at: Mapped[datetime | None]
    """Written before the click is dispatched: a row that is `sending` without it was never clicked."""
    settled_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reason: Mapped[Reason | None] = mapped_column(Growing(Reason))
    explanation: Mapped[Sentence | None]
    doubt_readings: Mapped[int] = mapped_column(default=0)
    """How often the thread of an in-doubt row was read without being able to tell."""
    events_before: Mapped[OwnEvents | None] = mapped_column(Payload(OwnEvents))
    """The member's own messages that the conversation showed before the click, kept with its announcement."""
    evidence: Mapped[Evidence | None] = mapped_column(Payload(Evidence))


COUNTS: TextClause = text(_is_one_of("(interactions.status || '')", OCCUPYING))
"""`OCCUPIES` for queries that go by a moment, a run or an id: the index of occasions must not tempt them."""
OF_CAMPAIGNS: TextClause = text(f"(interactions.origin || '') = '{InteractionOrigin.CAMPAIGN}'")
"""`IS_CAMPAIGNS` for the same."""
