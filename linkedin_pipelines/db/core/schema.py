"""The version of the schema: bringing it to head, taking it back, refusing a wrong one.

Alembic's migrations are packaged beside this module. Their version table has a name of its own, since Dagster's tables,
which bring an Alembic version table too, may live in the same Postgres database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from linkedin_pipelines.db.core.engine import create_engine_for, describe
from linkedin_pipelines.errors import NoSchemaError, SchemaError

VERSION_TABLE = "linkedin_schema_version"
_UPGRADE_COMMAND = "`linkedin-pipelines db upgrade` upgrades it"
_LOCK_KEY = 0x6C696E6B
"""Number of the Postgres advisory lock that lets one process migrate at a time; spells "link"."""


def no_schema_yet() -> NoSchemaError:
    """The error for a database without tables of ours."""
    return NoSchemaError("nothing is set up yet: the database has no tables; `linkedin-pipelines init` makes them")


def upgrade(url: URL) -> None:
    """Bring the schema to head; `Database.upgrade` says the rest."""
    if url.drivername == "sqlite":
        _make_private_file(Path(str(url.database)))
    with _migrating(url) as (config, connection):
        _require_known(connection)
        command.upgrade(config, "head")


def downgrade(url: URL, revision: str) -> None:
    """Take the schema back to `revision`; `Database.downgrade` says the rest."""
    with _migrating(url) as (config, connection):
        _require_known(connection)
        try:
            command.downgrade(config, revision)
        except CommandError as error:
            raise SchemaError(f"there is no schema version {revision!r} to go back to") from error


def require_current(connection: Connection) -> None:
    """Raise SchemaError unless the schema is exactly this code's."""
    found = _require_known(connection)
    head = _scripts().get_current_head()
    if found is None:
        raise no_schema_yet()
    if found != head:
        raise SchemaError(f"the database is at schema {found}, this program needs {head}; {_UPGRADE_COMMAND}")


def _require_known(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    found = context.get_current_revision()
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(
            f"the database is at schema {found}, which a newer version of this program made; install that version, "
            "or restore a backup from before it"
        )
    return found


@contextmanager
def _migrating(url: URL) -> Iterator[tuple[Config, Connection]]:
    engine = create_engine_for(url, migrating=True)
    with engine.begin() as connection:
        if url.drivername != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config = _config()
        config.attributes["connection"] = connection
        yield config, connection
        if url.drivername == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
            raise SchemaError(f"the change of schema would leave rows of {describe(url)} without what they refer to")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _make_private_file(path: Path) -> None:
    """An empty database file that only its owner may read: it will hold people's names and birthdays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
