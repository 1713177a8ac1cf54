"""What keeps several runs and machines out of each other's way, and what the operator reads at night."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import enumerated
from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, RunId, Sentence
from linkedin_pipelines.domain.canary import ProbeOutcome
from linkedin_pipelines.domain.states import BreakerState


class AccountLease(Base):
    """Who may act for an account now. The row outlives its holders: its token only ever grows."""

    __tablename__ = "account_leases"
    __table_args__ = (CheckConstraint("(holder IS NULL) = (expires_at IS NULL)", name="held_until"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    holder: Mapped[RunId | None]
    token: Mapped[int]
    expires_at: Mapped[datetime | None]


class AccountBreaker(Base):
    """Whether an account's circuit is closed, and what must happen before it closes again."""

    __tablename__ = "account_breakers"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (opened_at IS NULL)", name="opened_at_known"),
        CheckConstraint("state <> 'closed' OR (retry_at IS NULL AND stop_sign IS NULL)", name="closed_is_clean"),
        CheckConstraint(
            "stop_sign IS NULL OR (state = 'open' AND retry_at IS NULL)", name="stop_sign_waits_for_a_human"
        ),
        CheckConstraint("state = 'closed' OR stop_sign IS NOT NULL OR retry_at IS NOT NULL", name="wait_has_an_end"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    state: Mapped[BreakerState] = mapped_column(enumerated(BreakerState, "state"))
    failures: Mapped[int] = mapped_column(default=0)
    """Consecutive failures."""
    openings: Mapped[int] = mapped_column(default=0)
    """Consecutive openings; the wait doubles with each."""
    opened_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """When one probe may try; while half open, when the probe that is out counts as lost. None while open means that a
    human must resume the account."""
    stop_sign: Mapped[str | None] = mapped_column(String(64))
    cause: Mapped[Sentence | None]
    evidence: Mapped[str | None] = mapped_column(String(400))
    """Picture of the stop sign, below the evidence folder."""


class RunHeartbeat(Base):
    """Heartbeat of a Dagster run; one that stopped beating died with its machine."""

    __tablename__ = "run_heartbeats"

    run_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SelectorHealth(Base):
    """Which way of finding an element works: one row a candidate."""

    __tablename__ = "linkedin_selectors"
    __table_args__ = (
        UniqueConstraint("surface", "element", "candidate"),
        Index("idx_selector_success", "surface", "element", "successes"),
    )

    id: Mapped[Id]
    surface: Mapped[str] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(64))
    candidate: Mapped[str] = mapped_column(String(200))
    successes: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]


class CanaryProbe(Base):
    """What the canary last saw of one element of the site, by one account: one that failed holds what needs it."""

    __tablename__ = "canary_sights"
    __table_args__ = (CheckConstraint("outcome = 'ok' OR reason IS NOT NULL", name="reason_given"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    element: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A `domain.canary.CanaryElement`; other versions may look at others."""
    outcome: Mapped[ProbeOutcome] = mapped_column(enumerated(ProbeOutcome, "outcome"))
    reason: Mapped[Sentence | None]
    evidence: Mapped[str | None] = mapped_column(String(400))
    """Path of the picture below the evidence folder."""
    checked_at: Mapped[datetime]
    run_id: Mapped[RunId]


class MetricValue(Base):
    """One series of a metric, kept in the transactions of what it counts. Labels name no person."""

    __tablename__ = "metric_values"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    labels: Mapped[str] = mapped_column(String(500), primary_key=True)
    """JSON object with sorted keys."""
    value: Mapped[float] = mapped_column(Double)


class LaunchRequest(Base):
    """A launch asked for over HTTP: the same idempotency key never starts a second run."""

    __tablename__ = "launch_requests"
    __table_args__ = (UniqueConstraint("idempotency_key"), NEVER_REUSED)

    id: Mapped[Id]
    idempotency_key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of job and body: the key of another request is refused."""
    account_id: Mapped[AccountRef]
    job: Mapped[str] = mapped_column(String(100))
    list_date: Mapped[date]
    live: Mapped[bool]
    requested_at: Mapped[datetime]
    claimed_until: Mapped[datetime]
    """Until then one request alone talks to Dagster about it."""
    run_id: Mapped[RunId | None]
