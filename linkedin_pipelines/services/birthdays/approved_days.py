"""Which days' lists have an approval at all: for sensors, which ask often and mostly find none."""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Database


def approved_days(database: Database, account_id: int, first: date, last: date) -> list[date]:
    """Days from `first` to `last` whose list has an approval, newest first; whether it still holds is not asked."""
    with database.reading() as session:
        return rows.approved_days(session, account_id, first, last)
