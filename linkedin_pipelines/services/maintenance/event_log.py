"""How large Dagster's event log is, without loading Dagster."""

from __future__ import annotations

from pathlib import Path

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting import machine


def event_log_bytes(database: Database, home: Path) -> int | None:
    """Bytes of the event log: of Dagster's files in the home, or of its table in the database; None where neither is.

    Raises:
        DatabaseUnavailableError: the database is away.
    """
    if (history := home / "history").is_dir():
        return sum(_size(path) for path in history.rglob("*.db*"))
    with database.reading() as session:
        return machine.event_log_bytes(session)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # SQLite's own side files come and go
        return 0
