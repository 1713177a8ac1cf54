"""What imports cost in processor time, beside a floor of the same file.

The floor is what nobody can do without: `csv.reader` over the same file and `executemany` into a bare SQLite table with
the same columns and indexes, in one transaction.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines_tests.bench.figures import Cost, Figure, cost_of, counted, figure_of
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.scale import rows
from linkedin_pipelines_tests.member_files import CONNECTIONS, PREAMBLE, zip_of

Pair = tuple[Cost, Cost]
"""What the floor cost, and what ours did."""
NEW_ROWS, BARE_SECONDS, BOMB_SECONDS = 3.0, 10.0, 5.0
"""Bounds: a ratio, and processor seconds."""
FLOOR = "the same rows read and inserted, bare"
_MANIFOLD = """
WITH RECURSIVE times(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM times WHERE k < {times})
INSERT INTO contacts (account_id, identity_key, profile_slug, full_name, first_name, name_key, email, company, position,
    connected_on, status, birthday_disputed, created_at, updated_at)
SELECT account_id, identity_key || '-' || k, profile_slug || '-' || k, full_name || ' ' || k, first_name,
    name_key || ' ' || k, email, company, position, connected_on, status, birthday_disputed, created_at, updated_at
FROM contacts CROSS JOIN times WHERE id <= {people}
"""


def figures(folder: Path, *, people: int, without: int, million: int, turns: int) -> Iterator[Figure]:
    """Connections that nobody knew; the same in a new file, so that each is looked up and nothing changes; and others.

    The others are of an export from before 2023, which has no addresses, beside as many people as were imported, and
    beside a `million`.
    """
    new: list[Pair] = []
    again: list[Pair] = []
    for turn in range(turns):
        with _save(folder / str(turn)) as database:
            new.append(_beside(database, _table(folder / "new.csv", rows(people))))
            again.append(_beside(database, _table(folder / "again.csv", [*rows(people), next(rows(1))])))
    yield figure_of(f"import of {people:,} new connections", new, FLOOR, bound=NEW_ROWS)
    yield figure_of(f"the same {people:,} again", again, FLOOR)
    with _save(folder / str(turns - 1)) as database:
        yield from _without_addresses(database, folder / "bare.csv", without, "Old", beside=people)
        with database.writing() as session:
            session.execute(text(_MANIFOLD.format(times=million // people - 1, people=people)))
        yield from _without_addresses(database, folder / "bare.csv", without, "Older", beside=million)


def _without_addresses(database: Database, path: Path, count: int, suffix: str, *, beside: int) -> Iterator[Figure]:
    bare = ([first, f"{last} {suffix}", "", *rest] for first, last, _, *rest in rows(count))
    pair = _beside(database, _table(path, bare))
    name = f"import of {count:,} without addresses beside {beside:,}"
    yield figure_of(name, [pair], FLOOR)
    yield counted(f"{name}, processor s", pair[1].cpu, bound=BARE_SECONDS)


def refused_bomb(folder: Path, *, lines: int) -> Figure:
    """An archive that unpacks to hundreds of times its size."""
    content = ",".join(CONNECTIONS) + "\n" + "Jo,Doe,,,,,08 Feb 2026\n" * lines
    path = zip_of(folder / "x.zip", {"Connections.csv": content})
    with _save(folder / "bomb") as database:

        def refused() -> None:
            try:
                _import(database, path)
            except RefusedFileError:
                return
            raise AssertionError("the bomb was imported")

        seconds = cost_of(refused).cpu
    return counted(f"refusal of a bomb of {len(content) // 1_000_000} MB, processor s", seconds, bound=BOMB_SECONDS)


def _beside(database: Database, path: Path) -> Pair:
    return cost_of(lambda: _floor(path)), cost_of(lambda: _import(database, path))


@contextmanager
def _save(name: Path) -> Iterator[Database]:
    """The database of that name, which is made with one account where there is none."""
    path = name.with_suffix(".db")
    known = path.exists()
    database = Database(f"sqlite:///{path}")
    if not known:
        database.upgrade()
        an_account(database)
    try:
        yield database
    finally:
        database.dispose()


def _import(database: Database, path: Path) -> None:
    import_files(database, SystemClock(), "demo", [path])


def _table(path: Path, people: Iterator[list[str]] | list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(PREAMBLE)
        writer = csv.writer(stream)
        writer.writerow(CONNECTIONS)
        writer.writerows(people)
    return path


def _floor(path: Path) -> None:
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "floor.db")) as database:
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
