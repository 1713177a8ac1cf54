"""Metrics kept in the transactions of what they count, so that they survive restarts and count every process.

A scrape then costs what there are series, not what there are interactions. Labels come from small fixed sets and never
name a person. Every series that a transaction adds to bears the account, whose lock the transaction holds: two accounts
never wait for each other here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Account, Interaction, MetricValue
from linkedin_pipelines.db.models.interactions import IS_CAMPAIGNS
from linkedin_pipelines.domain.states import InteractionStatus, Reason

SETTLED = "interactions_settled"
ERRORS = "errors"
LAST_SUCCESS = "last_success_timestamp_seconds"
SEND_SECONDS = "send_duration_seconds"
SEND_BUCKETS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Upper bounds of the send histogram's buckets, in seconds; the last bucket is open."""
PAGE_SECONDS = "page_duration_seconds"
PAGE_BUCKETS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Likewise of opening a page of the site."""


@dataclass(frozen=True)
class Series:
    """One series as it stands."""

    name: str
    labels: dict[str, str]
    value: float


def record_outcome(
    session: Session,
    slug: str,
    kind: str,
    claimed_at: datetime,
    status: InteractionStatus,
    reason: Reason | None,
    now: datetime,
) -> None:
    """Count how an attempt of the account `slug` ended; called wherever the ledger writes a campaign's outcome."""
    kind = str(kind)
    told = [_value(SETTLED, 1.0, account=slug, kind=kind, status=status.value)]
    if status in {InteractionStatus.FAILED, InteractionStatus.IN_DOUBT} and reason is not None:
        told.append(_value(ERRORS, 1.0, account=slug, type=reason.value, service=kind))
    if status is InteractionStatus.SENT:
        seconds = max(0.0, (now - claimed_at).total_seconds())
        bound = next((f"{each:g}" for each in SEND_BUCKETS if seconds <= each), "+Inf")
        told += [
            _value(LAST_SUCCESS, now.timestamp(), account=slug, kind=kind),
            # One observation: to the one bucket it falls into, and to the sum.
            _value(SEND_SECONDS, 1.0, account=slug, kind=kind, le=bound),
            _value(SEND_SECONDS, seconds, account=slug, kind=kind, le="sum"),
        ]
    session.connection().execute(_UPSERTS[session.get_bind().dialect.name], told)


def record_page_times(session: Session, account: str, times: Iterable[tuple[str, float]]) -> None:
    """Count which pages of the site a browser opened, and in how many seconds each."""
    told = []
    for page, seconds in times:
        bound = next((f"{each:g}" for each in PAGE_BUCKETS if seconds <= each), "+Inf")
        told += [
            _value(PAGE_SECONDS, 1.0, account=account, page=page, le=bound),
            _value(PAGE_SECONDS, seconds, account=account, page=page, le="sum"),
        ]
    if told:
        session.connection().execute(_UPSERTS[session.get_bind().dialect.name], told)


def record_visit(session: Session, account_slug: str, kind: str) -> None:
    """Count a profile opened on the way to something else; how long that took says nothing of visits."""
    told = [_value(SETTLED, 1.0, account=account_slug, kind=kind, status=InteractionStatus.SENT.value)]
    session.connection().execute(_UPSERTS[session.get_bind().dialect.name], told)


def record_adopted(session: Session, account_id: int, now: datetime) -> None:
    """Count the attempts of dead runs that were adopted at `now`."""
    query = (
        select(Account.slug, Interaction.kind, Interaction.claimed_at, Interaction.status, Interaction.reason)
        .join_from(Interaction, Account, Account.id == Interaction.account_id)
        .where(
            Interaction.account_id == account_id,
            IS_CAMPAIGNS,
            Interaction.settled_at == now,
            Interaction.reason.in_([Reason.INTERRUPTED, Reason.RUN_DIED]),
        )
    )
    for row in session.execute(query):
        record_outcome(session, *row, now)


def all_series(session: Session) -> list[Series]:
    """Every series that is kept."""
    query = select(MetricValue.name, MetricValue.labels, MetricValue.value)
    rows = session.execute(query.order_by(MetricValue.name, MetricValue.labels))
    return [Series(name, json.loads(labels), value) for name, labels, value in rows]


def _value(name: str, value: float, **labels: str) -> dict[str, Any]:
    return {"name": name, "labels": json.dumps(labels, sort_keys=True), "value": value}


def _upsert(insert: Any) -> Any:
    statement = insert(MetricValue)
    return statement.on_conflict_do_update(
        index_elements=[MetricValue.name, MetricValue.labels],
        set_={
            "value": case(
                (MetricValue.name == LAST_SUCCESS, statement.excluded.value),
                else_=MetricValue.value + statement.excluded.value,
            )
        },
    )


_UPSERTS = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
"""Add to a series; a moment replaces the one before."""
