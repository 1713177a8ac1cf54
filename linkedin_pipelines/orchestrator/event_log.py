"""Dagster's event log, kept small and without names: it grows without end, and `retention` covers ticks alone.

Runs and materializations stay, for they say which days are done; what goes is what nobody reads any more. People's
names stand in tables and texts of materializations and checks: they go once the screenshots of that time are gone.

Loads Dagster, which takes a second or two: import this where it is needed, not at the top of a command.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

import dagster as dg
import structlog

from linkedin_pipelines.db.maintenance.compacting import compact_sqlite
from linkedin_pipelines.errors import DatabaseUnavailableError

log = structlog.get_logger(__name__)

DEBUG_DAYS = 7
TRANSITORY_DAYS = 30
LOG_DAYS = 60
_CURSOR = "event_log_cleaned_until"
_MARGIN = timedelta(days=2)
_DEBUG = 10
_KEPT = frozenset(
    {
        "ASSET_MATERIALIZATION",
        "ASSET_MATERIALIZATION_PLANNED",
        "ASSET_OBSERVATION",
        "ASSET_CHECK_EVALUATION",
        "ASSET_CHECK_EVALUATION_PLANNED",
        "PIPELINE_ENQUEUED",
        "PIPELINE_START",
        "PIPELINE_SUCCESS",
        "PIPELINE_CANCELED",
    }
)
"""Types of events that stay for good, without texts and tables once their evidence has expired."""
_TRANSITORY = frozenset(
    {
        "ENGINE_EVENT",
        "HANDLED_OUTPUT",
        "LOADED_INPUT",
        "LOGS_CAPTURED",
        "OBJECT_STORE_OPERATION",
        "RESOURCE_INIT_STARTED",
        "RESOURCE_INIT_SUCCESS",
        "STEP_WORKER_STARTED",
        "STEP_WORKER_STARTING",
    }
)
_SENTENCES = {"message", "user_message"}
"""Fields of events that hold a sentence; that of a check repeats its description."""
_TEXTS = {"text", "md_str", "path", "url", "description"}
"""Fields of metadata that hold a text."""
GONE = ""


class Connection(Protocol):
    """What Dagster's storage hands out."""

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any: ...


@dataclass(frozen=True)
class CleanedLog:
    """What one cleaning came to."""

    runs: int
    """Runs looked at."""
    removed: int
    """Rows removed."""
    emptied: int
    """Rows whose texts and tables were taken out."""


def clean_event_log(instance: dg.DagsterInstance, home: Path, now: datetime, keep_days: int) -> CleanedLog:
    """Remove old rows of ended runs, and names from what stays; `keep_days` is how long screenshots are kept.

    Runs that the cleaning before this one had finished with are not looked at again.
    """
    storage = instance.daemon_cursor_storage
    since = storage.get_cursor_values({_CURSOR}).get(_CURSOR)
    horizon = max(keep_days, LOG_DAYS)
    after = datetime.fromisoformat(since) - timedelta(days=horizon) - _MARGIN if since else None
    before = now - timedelta(days=DEBUG_DAYS)
    runs, removed, emptied = 0, 0, 0
    touched = False
    for run_id in list(_ended_runs(instance, after, before)):
        runs += 1
        own = False
        for door, is_run in ((_run_door(instance, run_id), True), (_index_door(instance), False)):
            with door as connection:
                gone, bare = _clean_run(connection, run_id, now, keep_days)
            removed, emptied = removed + gone, emptied + bare
            own |= bool(is_run and gone + bare)
            touched |= bool(gone + bare)
        if own:
            _compact(home, f"{run_id}.db")
    for run_id in list(_ended_runs(instance, after, now - timedelta(days=min(LOG_DAYS, keep_days)))):
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    with _index_door(instance) as connection:
        emptied += _empty_copies(connection, now - timedelta(days=keep_days))
    if touched:
        _compact(home, "index.db")
    storage.set_cursor_values({_CURSOR: now.isoformat()})
    return CleanedLog(runs, removed, emptied)


def _ended_runs(instance: dg.DagsterInstance, after: datetime | None, before: datetime) -> Iterator[str]:
    cursor: str | None = None
    filters = dg.RunsFilter(created_after=after, created_before=before)
    while page := instance.get_runs(filters, cursor=cursor, limit=100):
        cursor = page[-1].run_id
        yield from (run.run_id for run in page if run.is_finished)


def _run_door(instance: dg.DagsterInstance, run_id: str) -> AbstractContextManager[Connection]:
    return cast("AbstractContextManager[Connection]", cast("Any", instance.event_log_storage).run_connection(run_id))


def _index_door(instance: dg.DagsterInstance) -> AbstractContextManager[Connection]:
    return cast("AbstractContextManager[Connection]", cast("Any", instance.event_log_storage).index_connection())


def _clean_run(connection: Connection, run_id: str, now: datetime, keep_days: int) -> tuple[int, int]:
    """Remove and empty the rows of one run; how many of each."""
    mark = _mark(connection)
    rows = connection.exec_driver_sql(
        f"SELECT id, dagster_event_type, event FROM event_logs WHERE run_id = {mark}",  # noqa: S608 - our own words
        (run_id,),
    ).fetchall()
    gone: list[int] = []
    bare: list[tuple[str, int]] = []
    for row_id, kind, text in rows:
        event = json.loads(text)
        days = (now - datetime.fromtimestamp(event["timestamp"], UTC)).days
        if _is_outdated(kind, event.get("level"), days, keep_days):
            gone.append(row_id)
        elif days >= keep_days and (emptied := json.dumps(without_texts(event))) != json.dumps(event):
            bare.append((emptied, row_id))
    for row_id in gone:
        connection.exec_driver_sql(f"DELETE FROM event_logs WHERE id = {mark}", (row_id,))  # noqa: S608
    for pair in bare:
        connection.exec_driver_sql(f"UPDATE event_logs SET event = {mark} WHERE id = {mark}", pair)  # noqa: S608
    return len(gone), len(bare)


def _is_outdated(kind: str | None, level: int | None, days: int, keep_days: int) -> bool:
    if kind is None:
        return days >= (DEBUG_DAYS if level == _DEBUG else min(LOG_DAYS, keep_days))
    if kind in _TRANSITORY:
        return days >= min(TRANSITORY_DAYS, keep_days)
    return kind not in _KEPT and days >= keep_days


def _empty_copies(connection: Connection, before: datetime) -> int:
    """Take texts out of the copies that Dagster keeps of the last event of an asset and of each check."""
    mark, emptied = _mark(connection), 0
    copies = (("asset_keys", "last_materialization"), ("asset_check_executions", "evaluation_event"))
    for table, column in copies:
        query = f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own words
        for row_id, text in connection.exec_driver_sql(query).fetchall():
            value = json.loads(text)
            entry = value.get("event_log_entry", value) or {}
            if datetime.fromtimestamp(entry.get("timestamp", before.timestamp()), UTC) >= before:
                continue
            if (bare := json.dumps(without_texts(value))) != json.dumps(value):
                update = f"UPDATE {table} SET {column} = {mark} WHERE id = {mark}"  # noqa: S608
                connection.exec_driver_sql(update, (bare, row_id))
                emptied += 1
    return emptied


def without_texts(value: Any) -> Any:
    """A serialized event with the texts, tables and JSON of its metadata taken out; numbers, names and days stay."""
    if isinstance(value, dict):
        kind = str(value.get("__class__", ""))
        if "Metadata" in kind and kind.endswith("EntryData"):
            return {key: _emptied(key, each) for key, each in value.items()}
        return {key: _without_sentence(key, each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_texts(each) for each in value]
    return value


def _without_sentence(key: str, value: Any) -> Any:
    if key == "description":
        return None
    if key in _SENTENCES and isinstance(value, str):
        return GONE
    return without_texts(value)


def _emptied(key: str, value: Any) -> Any:
    if key == "records":
        return []
    if key == "data":
        return {}
    return GONE if key in _TEXTS and isinstance(value, str) else value


def _mark(connection: Connection) -> str:
    """How the driver of the connection writes a parameter."""
    return "?" if cast("Any", connection).dialect.name == "sqlite" else "%s"


def _compact(home: Path, name: str) -> None:
    history = home / "history"
    paths: Iterable[Path] = sorted(history.rglob(name)) if history.is_dir() else ()
    for path in paths:
        try:
            compact_sqlite(path)
        except DatabaseUnavailableError as error:
            # Somebody reads it at this moment; what was removed is overwritten by and by, and tomorrow is another try.
            log.warning("event_log_not_compacted", problem=str(error))
