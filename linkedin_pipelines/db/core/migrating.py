"""The schema brought to head, or taken back, by the migrations beside this module.

Only what changes a schema imports this module: Alembic costs a process a quarter of a second.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from linkedin_pipelines.db.core.engine import create_engine_for, describe
from linkedin_pipelines.db.core.schema import require_known
from linkedin_pipelines.errors import SchemaError

_LOCK_KEY = 0x6C696E6B
"""Number of the Postgres advisory lock that lets one process migrate at a time; spells "link"."""


def upgrade(url: URL) -> None:
    """Bring the schema to head; `Database.upgrade` says the rest."""
    if url.drivername == "sqlite":
        _make_private_file(Path(str(url.database)))
    with _migrating(url) as (config, connection):
        require_known(connection)
        command.upgrade(config, "head")


def downgrade(url: URL, revision: str) -> None:
    """Take the schema back to `revision`; `Database.downgrade` says the rest."""
    with _migrating(url) as (config, connection):
        require_known(connection)
        try:
            command.downgrade(config, revision)
        except CommandError as error:
            raise SchemaError(f"there is no schema version {revision!r} to go back to") from error


@contextmanager
def _migrating(url: URL) -> Iterator[tuple[Config, Connection]]:
    engine = create_engine_for(url, migrating=True)
    with engine.begin() as connection:
        if url.drivername != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config = migrations()
        config.attributes["connection"] = connection
        yield config, connection
        if url.drivername == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
            raise SchemaError(f"the change of schema would leave rows of {describe(url)} without what they refer to")


def migrations() -> Config:
    """Alembic's settings: where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _make_private_file(path: Path) -> None:
    """An empty database file that only its owner may read: it will hold people's names and birthdays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
