"""What the database says of itself: its clock, and how much room it and Dagster's event log take."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def now_of(session: Session, ours: datetime) -> datetime:
    """The database server's clock; `ours` on SQLite, which has no clock of its own."""
    if session.get_bind().dialect.name == "sqlite":
        return ours
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def database_bytes(session: Session) -> int:
    """Bytes of the whole database, free pages and indexes included."""
    if session.get_bind().dialect.name == "sqlite":
        pages = session.execute(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
        return int(pages.scalar_one())
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def event_log_bytes(session: Session) -> int | None:
    """Bytes of Dagster's event log where its tables share the Postgres database; None where they do not."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    found = session.execute(text("SELECT pg_total_relation_size(to_regclass('event_logs'))")).scalar_one()
    return None if found is None else int(found)
