"""Samples of the reference product's databases, with their truth, and what an import made of them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.services.legacy.importing import import_legacy
from linkedin_pipelines.services.legacy.reports import LegacyReport
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock

DATA = Path(__file__).parents[2] / "data" / "legacy"
TRUTH = json.loads((DATA / "expected.json").read_text())["files"]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SAMPLES = sorted(TRUTH)


def prepared(url: str, *, connections: bool = True) -> tuple[Database, int]:
    """A database with one account, as the truth assumes it."""
    database = Database(url)
    account_id = an_account(
        database, profile_url="https://www.linkedin.com/in/demo-member", timezone="Europe/Paris", leap_day="feb28"
    )
    if connections:
        add_connections(database)
    return database, account_id


def add_connections(database: Database) -> None:
    import_files(database, ManualClock(NOW), "demo", [DATA / "Connections.csv"])


def take_over(database: Database, path: Path, *, apply: bool = True, zone: str = "UTC") -> LegacyReport:
    return import_legacy(database, ManualClock(NOW), "demo", path, zone=zone, apply=apply)


def sample(name: str, folder: Path) -> Path:
    """A private copy of a sample and its log."""
    for each in (name, f"{name}-wal"):
        if (DATA / each).exists():
            shutil.copyfile(DATA / each, folder / each)
    return folder / name


def contacts_of(database: Database) -> dict[str, Any]:
    """Every contact as the truth tells it."""
    told: dict[str, Any] = {}
    query = (
        "SELECT identity_key, status, birth_month, birth_day, birth_year, do_not_contact_since IS NOT NULL "
        "FROM contacts"
    )
    for key, status, month, day, year, blocked in rows_of(database, query):
        told[key] = {"status": status}
        if month is not None:
            told[key]["birthday"] = [month, day, year]
        if blocked:
            told[key]["do_not_contact"] = True
    return told


def rows_of(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def dump(database: Database) -> list[str]:
    """Everything that the database holds: SQLite's own dump, else all rows of all tables."""
    if database.file is not None:
        with sqlite3.connect(database.file) as connection:
            return list(connection.iterdump())
    tables = rows_of(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [f"{name}: {sorted(map(repr, rows_of(database, f'SELECT * FROM {name}')))}" for (name,) in tables]


def build(path: Path, *statements: str) -> Path:
    """A database of the test's own."""
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path
