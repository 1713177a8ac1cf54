"""Rows of the ledger as a campaign of 18 March 2026 leaves them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus, Reason

_TROUBLED = {InteractionStatus.FAILED, InteractionStatus.IN_DOUBT}


def attempt(database: Database, account: int, contact: int, **columns: Any) -> int:
    """A row of the ledger: sent through the list of the day unless told otherwise. Its id."""
    now = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
    status = columns.get("status", InteractionStatus.SENT)
    values: dict[str, Any] = {
        "account_id": account,
        "contact_id": contact,
        "kind": InteractionKind.BIRTHDAY_MESSAGE,
        "occasion_key": str(columns.get("occurrence_year", 2026)),
        "occurrence_year": 2026,
        "status": status,
        "origin": InteractionOrigin.CAMPAIGN,
        "list_date": date(2026, 3, 18),
        "run_id": "run-0",
        "lease_token": 1,
        "body": "Happy birthday!",
        "template": "en/on_time/plain-wonderful",
        "claimed_at": now,
        "local_day": date(2026, 3, 18),
        "settled_at": None if status is InteractionStatus.SENDING else now,
        "sent_at": now if status is InteractionStatus.SENT else None,
        "reason": Reason.PAGE_UNREADABLE if status in _TROUBLED else None,
    }
    with database.writing() as session:
        row = Interaction(**(values | columns))
        session.add(row)
        session.flush()
        return row.id
