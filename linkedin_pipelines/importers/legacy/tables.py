"""Tables of a copied database: checked whole, then read by column name. Views, triggers and extensions play no part."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from linkedin_pipelines.errors import RefusedFileError

READ = {
    "contacts": ("name", "linkedin_url", "profile_url", "last_message_date", "birth_date", "next_birthday_date",
                 "last_birthday_message_at", "last_birthday_message_date", "status"),
    "scraped_profiles": ("profile_url", "full_name", "first_name", "last_name"),
    "birthday_messages": ("contact_id", "contact_name", "message_text", "sent_at", "is_late", "days_late",
                          "script_mode"),
    "interactions": ("contact_id", "type", "status", "payload", "created_at"),
    "profile_visits": ("profile_url", "visited_at", "source_search", "success"),
    "blacklist": ("contact_name", "linkedin_url", "reason", "is_active"),
}  # fmt: skip
"""Every column that is ever read, by table."""
NEEDED = {
    "contacts": ("name",),
    "scraped_profiles": ("profile_url",),
    "birthday_messages": ("contact_name", "sent_at"),
    "interactions": ("contact_id", "type", "status"),
    "profile_visits": ("profile_url", "visited_at"),
    "blacklist": ("contact_name",),
}
BOOK_KEEPING = frozenset({
    "errors", "linkedin_selectors", "campaigns", "sourcing_campaigns", "bot_executions", "notification_settings",
    "notification_logs", "schema_version",
})  # fmt: skip
"""Counted, never read: `notification_settings` may hold a password."""

Row = dict[str, object]


@dataclass(frozen=True)
class Tables:
    """All rows that are read, and the number of those that are not."""

    rows: dict[str, list[tuple[str, Row]]]
    """By table: (id, cells by column name)."""
    kept_out: dict[str, tuple[int, str]]
    """By table: how many rows, and why."""
    schema: str


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The copy, opened for reading alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.text_factory = bytes
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        yield connection


def read_tables(path: Path, shown: str) -> Tables:
    """Everything of a copied database, after its integrity check; `shown` is what errors call the file.

    Raises:
        RefusedFileError: it is corrupt, has no tables, or tables of another program.
    """
    try:
        with opened(path) as connection:
            if any(bytes(line) != b"ok" for (line,) in connection.execute("PRAGMA integrity_check")):
                raise RefusedFileError(f"{shown}: corrupt: its integrity check fails; nothing of it is imported")
            connection.execute("PRAGMA query_only = ON")
            return _read(connection, shown)
    except sqlite3.DatabaseError as error:
        kind = "not_sqlite" if "not a database" in str(error) else "corrupt"
        raise RefusedFileError(f"{shown}: {kind}: {error}; nothing of it is imported") from error


def _read(connection: sqlite3.Connection, shown: str) -> Tables:
    found = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    objects = [tuple(bytes(cell or b"").decode("utf-8", "replace") for cell in row) for row in found]
    if not any(kind == "table" and not name.startswith("sqlite_") for kind, name, _ in objects):
        raise RefusedFileError(f"{shown}: no_tables: a database without tables")
    rows: dict[str, list[tuple[str, Row]]] = {}
    kept_out: dict[str, tuple[int, str]] = {}
    for kind, name, sql in sorted(objects):
        if name.startswith("sqlite_"):
            continue
        if kind == "view":
            kept_out[name] = (0, "not_a_table")
        elif sql.lstrip().upper().startswith("CREATE VIRTUAL"):
            kept_out[name] = (0, "unknown_table")
        elif name in READ and set(NEEDED[name]) <= set(_columns(connection, name)):
            rows[name] = _rows(connection, name, shown)
        else:
            kept_out[name] = (_count(connection, name), "book_keeping" if name in BOOK_KEEPING else "unknown_table")
    if "contacts" in rows and not {"linkedin_url", "profile_url"} & set(_columns(connection, "contacts")):
        kept_out["contacts"] = (len(rows.pop("contacts")), "unknown_table")
    if not rows or set(rows) == {"blacklist"}:
        raise RefusedFileError(f"{shown}: other_schema: the tables are those of another program")
    return Tables(rows, kept_out, _schema(connection, rows))


def _schema(connection: sqlite3.Connection, rows: dict[str, list[tuple[str, Row]]]) -> str:
    columns = set(_columns(connection, "contacts")) if "contacts" in rows else set()
    if "profile_url" in columns:
        return "v2"
    if "linkedin_url" in columns or "profile_visits" in rows:
        return "v1"
    return "v2" if "interactions" in rows else "v1"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    info = connection.execute(f"PRAGMA table_info({_quoted(table)})")
    return [bytes(row[1]).decode("utf-8", "replace") for row in info]


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {_quoted(table)} NOT INDEXED").fetchone()[0])  # noqa: S608 - quoted


def _rows(connection: sqlite3.Connection, table: str, shown: str) -> list[tuple[str, Row]]:
    columns = _columns(connection, table)
    wanted = [column for column in READ[table] if column in columns]
    key = '"id"' if "id" in columns else "rowid"
    query = f"SELECT {key}, {', '.join(map(_quoted, wanted))} FROM {_quoted(table)} NOT INDEXED ORDER BY {key}"  # noqa: S608 - quoted
    found = []
    for row_id, *cells in connection.execute(query):
        key_text = row_id.decode("utf-8", "replace") if isinstance(row_id, bytes) else str(row_id)
        found.append((key_text, dict(zip(wanted, cells, strict=True))))
    if len(found) != _count(connection, table):
        raise RefusedFileError(f"{shown}: corrupt: table {table} does not hold the rows that it counts")
    return found
