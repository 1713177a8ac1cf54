"""The database as the rest of the product sees it: two kinds of transaction, and a schema with a version.

What belongs here: where a transaction begins and ends, and what its failure is called. What does not: queries.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTimeError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core import schema
from linkedin_pipelines.db.core.engine import (
    BEGIN,
    BEGIN_READING,
    BEGIN_WRITING,
    BUSY_ROUNDS,
    BUSY_TIMEOUT_SECONDS,
    describe,
    engine_for,
    parse_url,
    unavailable,
)
from linkedin_pipelines.errors import DatabaseUnavailableError

__all__ = ["Database", "Dialect", "Session"]

Dialect = Literal["sqlite", "postgresql"]

REHEARSAL = "rehearsal"
"""Key of `Session.info` that marks a transaction of `Database.rehearsing`."""

MARKING_KEY = "marking_key"
"""Key of `Session.info` under which a transaction finds what to ask for the key of forgotten people's marks."""


class Database:
    """One database. Cheap to make, connects when first used; threads may share it, forked processes may not."""

    def __init__(self, url: str, *, marking_key: Callable[[], bytes] | None = None) -> None:
        """Take the address of a SQLite file or a Postgres database.

        `marking_key` is asked for the key of forgotten people's marks, where there are any. A database that has
        marks and no key takes in nobody.

        Raises:
            ConfigurationError: the address is of neither.
        """
        self.url = url
        self._marking_key = marking_key
        self._address = parse_url(url)
        self._writing_here = threading.local()
        self._writer_lock = threading.Lock()
        self._engine = engine_for(self._address)
        self._writer = self._engine.execution_options(**{BEGIN: BEGIN_WRITING})
        self._reader = self._engine.execution_options(**{BEGIN: BEGIN_READING})
        if self.dialect == "postgresql":
            self._reader = self._reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def dialect(self) -> Dialect:
        """Which of the two databases this is."""
        return cast("Dialect", self._engine.dialect.name)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; None for Postgres."""
        return Path(str(self._address.database)) if self.dialect == "sqlite" else None

    def dispose(self) -> None:
        """Close this process's pooled connections to it; the database may be used again afterwards."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One read-only transaction that sees one moment of the database, whatever others write meanwhile.

        Raises:
            DatabaseUnavailableError: the database is away or busy.
        """
        with self._transaction(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that is committed when the block ends well and rolled back otherwise.

        On SQLite the database's only write lock is taken first: what the block reads stays true until it commits;
        on Postgres the block locks the rows it relies on. Keep it short: nobody else writes to SQLite meanwhile.

        Raises:
            DatabaseUnavailableError: the database is away or busy; whether the block was committed is unknown if the
                failure came with the commit, so callers treat it as not done and look again before they act.
        """
        with self._alone_in_thread(), self._transaction(self._writer) as session:
            yield session

    @contextmanager
    def rehearsing(self) -> Iterator[Session]:
        """A writing transaction that is always rolled back: everything is checked as if it were real, nothing is kept.

        Raises:
            DatabaseUnavailableError: the database is away or busy.
        """
        with self._alone_in_thread(), self._transaction(self._writer) as session:
            session.info[REHEARSAL] = True
            yield session
            session.rollback()

    @contextmanager
    def _alone_in_thread(self) -> Iterator[None]:
        """Refuse a writing transaction inside another one of the same thread: on SQLite it would wait for itself."""
        if getattr(self._writing_here, "now", False):
            raise RuntimeError("this thread is writing already; hand its session on instead of opening another")
        # SQLite lets waiting writers poll, so a crowd of threads would mostly sleep: one a process waits for the file,
        # the others wait for it.
        writer_lock = self._writer_lock if self.dialect == "sqlite" else None
        if writer_lock is not None and not writer_lock.acquire(timeout=BUSY_TIMEOUT_SECONDS * BUSY_ROUNDS):
            fact = "this program itself kept it busy"
            raise DatabaseUnavailableError(
                f"{describe(self._address)} cannot be used ({fact}); nothing is sent until it can"
            )
        self._writing_here.now = True
        try:
            yield
        finally:
            self._writing_here.now = False
            if writer_lock is not None:
                writer_lock.release()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        info = {MARKING_KEY: self._marking_key}
        with self._naming_failures(), Session(engine, expire_on_commit=False, info=info) as session, session.begin():
            session.connection()  # the transaction starts here, not with the first statement
            yield session

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, InternalError, NoConnectionInTimeError) as error:
            if (named := unavailable(self._address, error)) is not None:
                raise named from error
            raise
        except DatabaseError as error:
            fatal = error.connection_invalidated or _is_no_database(error)
            if fatal and (named := unavailable(self._address, error)) is not None:
                raise named from error
            raise
        except sqlite3.Error as error:  # raised where a transaction is begun, which SQLAlchemy does not wrap
            if (named := unavailable(self._address, error)) is not None:
                raise named from error
            raise

    def upgrade(self) -> None:
        """Bring the schema to this code's version, in one transaction; makes the SQLite file where there is none.

        One that is there already is only read: `up` asks at each start, and would keep Alembic in memory for good.

        Raises:
            SchemaError: the schema is newer than this code.
            DatabaseUnavailableError: the database is away or busy.
        """
        with self._naming_failures():
            if self._is_current():
                return
            from linkedin_pipelines.db.core import migrating  # noqa: PLC0415 - see its first lines

            migrating.upgrade(self._address)

    def _is_current(self) -> bool:
        if self.file is not None and not self.file.exists():
            return False
        with self.reading() as session:
            return schema.require_known(session.connection()) == schema.HEAD

    def downgrade(self, revision: str) -> None:
        """Take the schema back to `revision`; `base` removes every table of ours.

        Raises:
            SchemaError: this code does not know the revision or the present schema.
            DatabaseUnavailableError: the database is away or busy.
        """
        with self._naming_failures():
            from linkedin_pipelines.db.core import migrating  # noqa: PLC0415 - see its first lines

            migrating.downgrade(self._address, revision)

    def require_current_schema(self) -> None:
        """Refuse to work on a schema that is not exactly this code's.

        Raises:
            SchemaError: the schema is older, newer or absent; says what mends it.
            DatabaseUnavailableError: the database is away or busy.
        """
        if self.file is not None and not self.file.exists():  # connecting would make an empty file
            raise schema.no_schema_yet()
        with self.reading() as session:
            schema.require_current(session.connection())


def _is_no_database(error: DatabaseError) -> bool:
    """Whether SQLite says that the file is damaged or something else altogether."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
