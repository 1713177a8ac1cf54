"""How the two databases are spoken to: connections, pragmas, time limits, and which failures mean "away".

What belongs here: everything that differs between SQLite and Postgres below a transaction. What does not: transactions
as the product sees them (`linkedin_pipelines.db.core.database`).

SQLite runs in WAL mode with `synchronous=FULL`. WAL alone (`NORMAL`) may forget the last commits when the power goes.
The ledger cannot afford that: the commit of `clicked_at` happens just before a click, and a click whose commit was
forgotten would be repeated after the restart. For the same reason Postgres sessions insist on `synchronous_commit=on`.
"""

from __future__ import annotations

import os
import sqlite3
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from linkedin_pipelines.errors import ConfigurationError, DatabaseUnavailableError

BUSY_TIMEOUT_SECONDS = 30
"""How long SQLite itself waits for another writer, each time it is asked to."""
BUSY_ROUNDS = 4
"""How often it is asked: two minutes in all, after which the database counts as unavailable."""
STATEMENT_TIMEOUT_SECONDS = 60
LOCK_TIMEOUT_SECONDS = 30
IDLE_TRANSACTION_SECONDS = 120
"""Postgres frees the locks of a machine that vanished in the middle of a transaction after this long."""

CACHE_KIB = 16 * 1024
"""Pages that SQLite keeps a connection, at most: the indexes of 30,000 contacts fit, its own 2 MB hold none of them."""

BEGIN = "linkedin_begin"
"""Execution option of an engine: how its SQLite transactions start."""
BEGIN_READING = "DEFERRED"
BEGIN_WRITING = "IMMEDIATE"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY_CODE = 0xFF
"""SQLite's extended result codes carry the primary one in their lowest byte."""


def parse_url(text: str) -> URL:
    """The address of a database we can speak to, with its driver named.

    Raises:
        ConfigurationError: it is neither a SQLite file nor a Postgres database. The text is not repeated, since it may
            hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ConfigurationError("the database address is not a URL, like sqlite:////home/me/linkedin.db") from error
    backend = url.drivername.split("+")[0]
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg2")
    if backend != "sqlite":
        raise ConfigurationError(f"databases are sqlite:/// or postgresql://, not {backend}://")
    if url.database in {None, "", ":memory:"} or "mode" in url.query:
        raise ConfigurationError("a SQLite database must be a file, like sqlite:////home/me/linkedin.db")
    return url.set(drivername="sqlite")


def describe(url: URL) -> str:
    """The address as it may be shown: no user, no password, no parameters."""
    if url.drivername == "sqlite":
        return f"SQLite file {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"Postgres database {url.database} at {host}" + (f":{url.port}" if url.port else "")


def secrets_of(url: URL) -> list[str]:
    """What no message may repeat: passwords, wherever in the address they stand."""
    query = [str(value) for key, value in url.query.items() if "password" in key.lower()]
    return [secret for secret in (str(url.password or ""), *query) if secret]


def engine_for(url: URL) -> Engine:
    """The engine of this process for an address; its connections keep our promises.

    One an address: an engine keeps the statements that SQLAlchemy has put together, and each look of a sensor opens the
    database anew. Putting them together was two thirds of what reading an account's state takes.
    """
    return _engine_of(os.getpid(), url)


@lru_cache(maxsize=8)
def _engine_of(_process: int, url: URL) -> Engine:
    """By process: one that was forked must not use its parent's connections."""
    return create_engine_for(url)


def create_engine_for(url: URL, *, migrating: bool = False) -> Engine:
    """A new engine whose connections keep our promises.

    `migrating` leaves foreign keys unchecked while tables are rebuilt, which SQLite needs, lifts Postgres's limit on a
    statement, and pools nothing.
    """
    if url.drivername == "sqlite":
        return _sqlite_engine(url, migrating=migrating)
    return _postgres_engine(url, migrating=migrating)


def _sqlite_engine(url: URL, *, migrating: bool) -> Engine:
    # isolation_level None hands transaction control to us: the driver's legacy mode starts transactions only before a
    # write, so that a check and the write that relies on it would not be one transaction.
    connect_args: dict[str, Any] = {
        "timeout": BUSY_TIMEOUT_SECONDS,
        "isolation_level": None,
        "check_same_thread": False,
    }
    if migrating:
        engine = create_engine(url, connect_args=connect_args, poolclass=NullPool)
    else:
        engine = create_engine(url, connect_args=connect_args, pool_size=5, max_overflow=45)

    @event.listens_for(engine, "connect")
    def _configure(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        _patiently(raw, "PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute(f"PRAGMA foreign_keys = {'OFF' if migrating else 'ON'}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        mode = connection.get_execution_options().get(BEGIN, BEGIN_WRITING)
        if connection.info.get(BEGIN) != mode:  # a pragma makes SQLite compile every statement it had kept anew
            raw.execute(f"PRAGMA query_only = {'ON' if mode == BEGIN_READING else 'OFF'}")
            connection.info[BEGIN] = mode
        _patiently(raw, f"BEGIN {mode}")
        if mode == BEGIN_READING:
            # A deferred transaction takes its snapshot with its first read: take it here, where waiting is bounded.
            try:
                _patiently(raw, "SELECT 1 FROM sqlite_schema LIMIT 1")
            except BaseException:
                raw.execute("ROLLBACK")
                raise

    return engine


def _patiently(raw: sqlite3.Connection, statement: str) -> None:
    """Execute a statement that starts something, so that repeating it repeats nothing else."""
    for attempt in range(BUSY_ROUNDS):
        try:
            raw.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & _PRIMARY_CODE) not in _BUSY or attempt == BUSY_ROUNDS - 1:
                raise
        else:
            return


def _postgres_engine(url: URL, *, migrating: bool) -> Engine:
    connect_args: dict[str, Any] = {
        "connect_timeout": 10,
        # A server that vanished without a word is noticed in about half a minute, not after the kernel's quarter hour.
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "application_name": "linkedin-pipelines",
    }
    if migrating:
        engine = create_engine(url, connect_args=connect_args, poolclass=NullPool, isolation_level="READ COMMITTED")
    else:
        engine = create_engine(
            url,
            connect_args=connect_args,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=45,
            isolation_level="READ COMMITTED",
        )
    limits = {
        "timezone": "'UTC'",
        "synchronous_commit": "on",
        "statement_timeout": f"'{0 if migrating else STATEMENT_TIMEOUT_SECONDS}s'",
        "lock_timeout": f"'{LOCK_TIMEOUT_SECONDS}s'",
        "idle_in_transaction_session_timeout": f"'{IDLE_TRANSACTION_SECONDS}s'",
    }

    @event.listens_for(engine, "connect")
    def _configure(raw: Any, _entry: ConnectionPoolEntry) -> None:
        with raw.cursor() as cursor:
            cursor.execute("; ".join(f"SET {name} = {value}" for name, value in limits.items()))
        raw.commit()

    return engine


def unavailable(url: URL, error: BaseException) -> DatabaseUnavailableError | None:
    """The error to show when `error` means that the database is away or busy; None if it means something else."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    fact = lines[0] if lines else type(cause).__name__
    for secret in secrets_of(url):
        fact = fact.replace(secret, "***")
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        if code == sqlite3.SQLITE_ERROR:  # a wrong statement or a missing table, not a missing database
            return None
        if code in _BUSY:
            fact = f"other programs kept it busy for {BUSY_TIMEOUT_SECONDS * BUSY_ROUNDS} s"
    return DatabaseUnavailableError(f"{describe(url)} cannot be used ({fact}); nothing is sent until it can")
