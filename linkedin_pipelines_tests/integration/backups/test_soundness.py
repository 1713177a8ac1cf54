"""A copy counts as a backup only if SQLite finds every page, row and reference of it in order."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from linkedin_pipelines.db.maintenance.backups import copy_sqlite, require_sound
from linkedin_pipelines.errors import BackupError


def written(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
    return path


def test_a_sound_database_is_copied_and_accepted(tmp_path: Path) -> None:
    source = written(
        tmp_path / "one.db", "CREATE TABLE people (id INTEGER PRIMARY KEY)", "INSERT INTO people VALUES (1)"
    )
    copy_sqlite(source, tmp_path / "two.db")
    require_sound(tmp_path / "two.db")


def test_a_row_without_what_it_refers_to_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "one.db",
        "CREATE TABLE people (id INTEGER PRIMARY KEY)",
        "CREATE TABLE wishes (person INTEGER REFERENCES people (id))",
        "INSERT INTO wishes VALUES (7)",
    )
    with pytest.raises(BackupError, match=r"one\.db has rows of wishes without what they refer to"):
        require_sound(path)


def test_a_row_that_breaks_a_rule_of_its_table_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "one.db",
        "CREATE TABLE quotas (used INTEGER CHECK (used >= 0))",
        "PRAGMA ignore_check_constraints = ON",
        "INSERT INTO quotas VALUES (-1)",
    )
    with pytest.raises(BackupError, match=r"one\.db is damaged \(CHECK constraint failed in quotas\)"):
        require_sound(path)


def test_what_is_no_database_is_neither_copied_nor_accepted(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    with pytest.raises(BackupError, match="there is no database"):
        copy_sqlite(path, tmp_path / "two.db")
    path.write_bytes(b"These are the words of a letter, not pages of a database. " * 100)
    with pytest.raises(BackupError, match="cannot be copied"):
        copy_sqlite(path, tmp_path / "two.db")
    with pytest.raises(BackupError, match="is no whole SQLite database"):
        require_sound(path)
