"""One engine an address and process: what was put together once serves whoever opens the database after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine.interfaces import CacheStats

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.reporting.reports import account_status
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock

BACKEND = text("SELECT pg_backend_pid()")


@contextmanager
def sources() -> Iterator[list[CacheStats]]:
    """Of each statement that is executed: whether it had been put together before."""
    found: list[CacheStats] = []

    def note(*arguments: Any) -> None:
        found.append(arguments[4].cache_hit)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_database_that_is_opened_anew_finds_its_statements_put_together(
    database: Database, clock: ManualClock
) -> None:
    an_account(database)
    account_status(database, clock, "demo")
    database.dispose()
    again = Database(database.url)
    with sources() as found:
        account_status(again, clock, "demo")
    again.dispose()
    assert CacheStats.CACHE_HIT in found
    assert CacheStats.CACHE_MISS not in found


def test_a_process_that_was_forked_has_connections_of_its_own(postgres: Database) -> None:
    with postgres.reading() as session:
        ours = session.scalar(BACKEND)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            with Database(postgres.url).reading() as session:
                os.write(writing, str(session.scalar(BACKEND)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        its = pipe.read()
    os.waitpid(child, 0)
    assert its.isdigit()
    assert int(its) != ours
    with postgres.reading() as session:
        assert session.scalar(BACKEND) == ours
