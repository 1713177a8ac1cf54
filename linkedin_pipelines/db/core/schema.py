"""The version of the schema, read and held against this code's; `db.core.migrating` changes it.

The version table has a name of its own, since Dagster's tables, which bring a version table too, may live in the same
Postgres database.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from linkedin_pipelines.errors import NoSchemaError, SchemaError

VERSION_TABLE = "linkedin_schema_version"
HEAD = "0120_moments"
"""The newest migration, which this code needs. Named here so that no process has to read them all to know it; a test
holds it to what the migrations say."""
_UPGRADE_COMMAND = "`linkedin-pipelines db upgrade` upgrades it"


def no_schema_yet() -> NoSchemaError:
    """The error for a database without tables of ours."""
    return NoSchemaError("nothing is set up yet: the database has no tables; `linkedin-pipelines init` makes them")


def require_current(connection: Connection) -> None:
    """Raise SchemaError unless the schema is exactly this code's."""
    found = require_known(connection)
    if found is None:
        raise no_schema_yet()
    if found != HEAD:
        raise SchemaError(f"the database is at schema {found}, this program needs {HEAD}; {_UPGRADE_COMMAND}")


def require_known(connection: Connection) -> str | None:
    """The migration that the schema is at; None without any.

    Raises:
        SchemaError: it is at one that this code does not have.
    """
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    if found is not None and found not in revisions():
        raise SchemaError(
            f"the database is at schema {found}, which a newer version of this program made; install that version, "
            "or restore a backup from before it"
        )
    return found


def revisions() -> frozenset[str]:
    """All migrations that this code has; each file is named like its revision."""
    folder = Path(__file__).parents[1] / "migrations" / "versions"
    return frozenset(path.stem for path in folder.glob("*.py"))
