"""Leaving nothing of deleted rows behind in the database's own files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.core.engine import create_engine_for, describe, parse_url
from linkedin_pipelines.db.models import Base
from linkedin_pipelines.errors import DatabaseUnavailableError

_WAIT_SECONDS = 30


def compact(database: Database) -> None:
    """Write the database anew without what was deleted from it.

    On Postgres the space is given free for other rows; what the server's own files and logs hold until then is the
    server's.

    Raises:
        DatabaseUnavailableError: others keep the database busy; nothing was lost.
    """
    if database.file is not None:
        compact_sqlite(database.file)
        return
    engine = create_engine_for(parse_url(database.url), migrating=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(text(f'VACUUM "{table.name}"'))
    engine.dispose()


def compact_sqlite(path: Path) -> None:
    """Write a SQLite file, and the log beside it, anew from what they hold now.

    Raises:
        DatabaseUnavailableError: others keep the file busy, or it cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        where = describe(parse_url(f"sqlite:///{path}"))
        raise DatabaseUnavailableError(f"{where} cannot be written anew ({error}); run this again") from error
    if busy:
        raise DatabaseUnavailableError(
            f"{path} is read by another program, so its log cannot be emptied; run this again"
        )
