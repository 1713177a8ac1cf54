"""Copies of the whole database: taken while others write, looked at in a scratch database, and put back.

What belongs here: what differs between a SQLite file and a Postgres database. What does not: names, rotation and when
nobody may be at work (`services.backups`).
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.core.schema import VERSION_TABLE
from linkedin_pipelines.db.maintenance import postgres_tools
from linkedin_pipelines.db.models import Base
from linkedin_pipelines.errors import BackupError

_PAGES_A_STEP = 2000
"""Pages that SQLite copies before it lets writers in; a copy that a writer outran starts again by itself."""


@dataclass(frozen=True)
class Contents:
    """What a database holds: enough to tell whether a copy is that database's."""

    revision: str
    rows: dict[str, int]
    """Rows of each table."""


def suffix_of(database: Database) -> str:
    """The ending of this database's backups, which says what they can be restored into."""
    return ".sqlite" if database.file is not None else ".pgdump"


def copy(database: Database, target: Path) -> None:
    """Write a copy of the database, as it is at one moment, to the new file `target`.

    Raises:
        BackupError: it cannot be copied; says why.
    """
    if database.file is not None:
        copy_sqlite(database.file, target)
    else:
        postgres_tools.dump(database.url, target, _tables())


@contextmanager
def scratch_copy(database: Database, backup: Path) -> Iterator[Database]:
    """A database of the same kind as `database`, with what the backup holds; removed with the block.

    Raises:
        BackupError: the backup cannot be restored.
    """
    if database.file is not None:
        with _scratch_file(backup) as scratch:
            yield scratch
        return
    name = f"linkedin_scratch_{secrets.token_hex(6)}"
    with postgres_tools.scratch_database(database.url, name) as url:
        postgres_tools.restore(url, backup, clean=False)
        scratch = Database(url)
        try:
            yield scratch
        finally:
            scratch.dispose()


@contextmanager
def _scratch_file(backup: Path) -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp(prefix="linkedin-scratch-"))
    try:
        path = folder / "scratch.db"
        shutil.copyfile(backup, path)
        require_sound(path)
        scratch = Database(f"sqlite:///{path}")
        try:
            yield scratch
        finally:
            scratch.dispose()
    finally:
        shutil.rmtree(folder)


def put_back(database: Database, prepared: Database) -> None:
    """Replace everything of ours in `database` by what `prepared` holds, whole or not at all. Schemas are alike.

    Raises:
        BackupError: it cannot be replaced; the database is as it was.
    """
    if database.file is not None:
        assert prepared.file is not None
        database.dispose()
        _replace_sqlite(prepared.file, database.file)
        return
    with tempfile.TemporaryDirectory(prefix="linkedin-scratch-") as folder:
        dump = Path(folder) / "prepared.pgdump"
        postgres_tools.dump(prepared.url, dump, _tables())
        database.dispose()
        postgres_tools.restore(database.url, dump, clean=True)


def contents(database: Database) -> Contents:
    """Revision and row counts of a database of any version that has our tables.

    Raises:
        BackupError: it has none.
    """
    with database.reading() as session:
        there = set(_existing_tables(session.connection().dialect.name, session))
        if VERSION_TABLE not in there:
            raise BackupError("it holds no tables of this program")
        revision = session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our own word
        counts = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in sorted(Base.metadata.tables.items())
            if name in there
        }
    return Contents(str(revision), counts)


def _existing_tables(dialect: str, session: Session) -> list[str]:
    query = (
        "SELECT name FROM sqlite_schema WHERE type = 'table'"
        if dialect == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    return list(session.scalars(text(query)))


def _tables() -> list[str]:
    """Dagster's tables may live in the same database; they are not ours to copy."""
    return [*Base.metadata.tables, VERSION_TABLE]


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file by SQLite's own online backup: it waits for nobody and nobody waits for it.

    Raises:
        BackupError: the source is away or no database, or the target cannot be written.
    """
    if not source.is_file():
        raise BackupError(f"there is no database {source}")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=60)) as reading,
            closing(sqlite3.connect(target, timeout=60)) as writing,
        ):
            reading.backup(writing, pages=_PAGES_A_STEP, sleep=0.01)
            writing.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, without companions
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied ({error})") from error


def require_sound(path: Path) -> None:
    """Let SQLite look at every page and every reference.

    Raises:
        BackupError: something is broken.
    """
    try:
        with closing(sqlite3.connect(path)) as looking:
            found = [row[0] for row in looking.execute("PRAGMA integrity_check(3)")]
            orphans = looking.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{path.name} is no whole SQLite database ({error})") from error
    if found != ["ok"]:
        raise BackupError(f"{path.name} is damaged ({found[0]})")
    if orphans is not None:
        raise BackupError(f"{path.name} has rows of {orphans[0]} without what they refer to")


def _replace_sqlite(prepared: Path, target: Path) -> None:
    """Write over a database in one transaction of SQLite's own: a power cut leaves the old one or the new one."""
    if target.exists() and not _is_database(target):
        raise BackupError(f"{target} is no SQLite database any more; move it and its -wal and -shm files away first")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(prepared)) as source, closing(sqlite3.connect(target, timeout=30)) as goal:
            source.backup(goal)
            goal.execute("PRAGMA journal_mode = WAL").fetchall()
    except sqlite3.Error as error:
        raise BackupError(f"{target} cannot be written over ({error}); is something still using it?") from error


def _is_database(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as looking:
            looking.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def kind_of(path: Path) -> str:
    """`sqlite` or `postgresql`, by the first bytes of a backup; empty for anything else."""
    with path.open("rb") as file:
        head = file.read(16)
    if head == b"SQLite format 3\0":
        return "sqlite"
    return "postgresql" if head.startswith(b"PGDMP") else ""
