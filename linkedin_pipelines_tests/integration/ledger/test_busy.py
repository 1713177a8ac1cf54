"""A SQLite file that is busy for too long: nothing is written, the reason is named, and afterwards all goes on."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from linkedin_pipelines.db.core import database as databases
from linkedin_pipelines.db.core import engine
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import DatabaseUnavailableError
from linkedin_pipelines_tests.builders import an_account


def test_another_program_that_never_ends_its_transaction_is_named(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0)
    database = Database(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(DatabaseUnavailableError, match=r"other programs kept it busy .*nothing is sent"):
            an_account(database)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert an_account(database)
    database.dispose()


def test_a_thread_of_this_program_that_never_ends_its_transaction_is_named(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_SECONDS", 0)
    refused: list[str] = []

    def write() -> None:
        try:
            an_account(sqlite)
        except DatabaseUnavailableError as error:
            refused.append(str(error))

    with sqlite.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    [reason] = refused
    assert "this program itself kept it busy" in reason
    assert an_account(sqlite)
