"""What imports cost in CPU time, each beside a floor measured in the same run on the same machine.

The floor is what nobody can do without: `csv.reader` over the same file and `executemany` into a bare SQLite table with
the same columns and indexes, in one transaction. Each function returns a dictionary with `name`, `seconds_cpu`,
`floor_cpu` and `ratio`; the time is that of this process alone, so run them one after the other.

    python -m linkedin_pipelines_tests.bench.imports [ROWS]
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.scale import rows
from linkedin_pipelines_tests.member_files import CONNECTIONS, PREAMBLE, zip_of

Figures = dict[str, str | float]
ROWS = 200_000


def new_rows(count: int = ROWS) -> Figures:
    """Connections that nobody knew."""
    with tempfile.TemporaryDirectory() as folder:
        database, path = _save(Path(folder)), _table(Path(folder) / "Connections.csv", rows(count))
        return _beside(f"import of {count:,} new connections", lambda: _import(database, path), lambda: _floor(path))


def same_people(count: int = ROWS) -> Figures:
    """The same people in a new file, so that each is looked up and nothing changes."""
    with tempfile.TemporaryDirectory() as folder:
        database, path = _save(Path(folder)), _table(Path(folder) / "Connections.csv", rows(count))
        _import(database, path)
        again = _table(Path(folder) / "again" / "Connections.csv", [*rows(count), next(rows(1))])
        return _beside(f"the same {count:,} again", lambda: _import(database, again), lambda: _floor(path))


def without_addresses(count: int = 30_000, beside: int = ROWS) -> Figures:
    """Connections of an export from before 2023, beside others that have addresses."""
    with tempfile.TemporaryDirectory() as folder:
        database = _save(Path(folder))
        if beside:
            _import(database, _table(Path(folder) / "others" / "Connections.csv", rows(beside)))
        bare = ([first, last + " Old", "", *rest] for first, last, _, *rest in rows(count))
        path = _table(Path(folder) / "Connections.csv", bare)
        name = f"import of {count:,} without addresses beside {beside:,}"
        return _beside(name, lambda: _import(database, path), lambda: _floor(path))


def refused_bomb() -> Figures:
    """An archive of 2 MB that says nothing of the 2 GB it unpacks to; the floor is reading the file."""
    with tempfile.TemporaryDirectory() as folder:
        database = _save(Path(folder))
        text = ",".join(CONNECTIONS) + "\n" + "Jo,Doe,,,,,08 Feb 2026\n" * 8_000_000
        path = zip_of(Path(folder) / "x.zip", {"Connections.csv": text})

        def refused() -> None:
            try:
                _import(database, path)
            except RefusedFileError:
                return
            raise AssertionError("the bomb was imported")

        return _beside("refusal of a bomb of 180 MB", refused, path.read_bytes)


BENCHES: tuple[Callable[[], Figures], ...] = (new_rows, same_people, without_addresses, refused_bomb)


def _beside(name: str, ours: Callable[[], object], floor: Callable[[], object]) -> Figures:
    floor_cpu, seconds_cpu = _cpu(floor), _cpu(ours)
    return {
        "name": name,
        "seconds_cpu": round(seconds_cpu, 3),
        "floor_cpu": round(floor_cpu, 3),
        "ratio": round(seconds_cpu / max(floor_cpu, 0.001), 2),
    }


def _cpu(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def _save(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'linkedin.db'}")
    database.upgrade()
    an_account(database)
    return database


def _import(database: Database, path: Path) -> None:
    import_files(database, SystemClock(), "demo", [path])


def _table(path: Path, people: Iterator[list[str]] | list[list[str]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(PREAMBLE)
        writer = csv.writer(stream)
        writer.writerow(CONNECTIONS)
        writer.writerows(people)
    return path


def _floor(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "floor.db")) as database:
        database.execute(
            "CREATE TABLE contacts (id INTEGER PRIMARY KEY, account_id INTEGER, identity_key TEXT, profile_slug TEXT, "
            "full_name TEXT, first_name TEXT, name_key TEXT, email TEXT, company TEXT, position TEXT, "
            "connected_on TEXT, status TEXT, birth_month INTEGER, birth_day INTEGER, created_at TEXT)"
        )
        for number, index in enumerate(_indexes()):
            database.execute(f"CREATE INDEX i{number} ON contacts ({index})")
        with path.open(encoding="utf-8", newline="") as stream:
            people = csv.reader(stream)
            for row in people:
                if row == list(CONNECTIONS):
                    break
            database.executemany(
                "INSERT INTO contacts (account_id, identity_key, profile_slug, full_name, first_name, name_key, email, "
                "company, position, connected_on, status, created_at) "
                "VALUES (1, ?3, ?3, ?1 || ' ' || ?2, ?1, ?2, ?4, ?5, ?6, ?7, 'connected', '2026-11-26')",
                people,
            )
            database.commit()


def _indexes() -> list[str]:
    """The columns of every index and unique constraint of the real table."""
    table = Contact.__table__
    constraints = [
        constraint
        for constraint in table.constraints  # type: ignore[attr-defined]
        if type(constraint).__name__ == "UniqueConstraint"
    ]
    indexes = [*table.indexes, *constraints]  # type: ignore[attr-defined]
    return sorted(", ".join(column.name for column in index.columns) for index in indexes)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]]
    for bench in BENCHES:
        figures = bench(*sizes) if bench in {new_rows, same_people} else bench()
        sys.stdout.write(json.dumps(figures) + "\n")
