"""A birthday list: a day out of a million people, and the list of an eleven-day window."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, repeat
from pathlib import Path

from linkedin_pipelines.db.birthdays import lists
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.bench.figures import Figure, counted, figure
from linkedin_pipelines_tests.bench.stores import ACCOUNT, Store
from linkedin_pipelines_tests.doubles import ManualClock

DAY = date(2026, 3, 18)
LIST_SECONDS = 3.0
_COLUMNS = ", ".join(lists.ListContact._fields)


def figures(folder: Path, clock: ManualClock, *, people: int, turns: int) -> Iterator[Figure]:
    """Both against the bare driver."""
    database = Store(f"sqlite:///{folder / 'people.db'}", clock)
    database.people(people, month="1 + (n / 31) % 12", day="1 + n % 31")

    def select() -> None:
        with database.database.reading() as session:
            assert lists.born_on(session, database.account_id, [(DAY.month, DAY.day)])

    def bare() -> None:
        _rows(folder / "people.db", "birth_month = 3 AND birth_day = 18")

    yield figure(
        f"the people of a day, of {people:,}", select, bare, "the same columns, bare", turns=5 * turns, bound=1.5
    )
    others = (DAY + timedelta(days=number) for number in count())  # another day's list each turn, of as many people
    for name, days in ((f"the list of an eleven-day window, of {people:,}", others), ("it built anew", repeat(DAY))):

        def build(days: Iterator[date] = days) -> None:
            build_list(database.database, clock, ACCOUNT, next(days), "bench")

        does = "its people read and written as rows, bare"
        one = figure(name, build, lambda: _read_and_written(folder / "people.db"), does, turns=turns)
        yield one
        yield counted(f"{name}, processor s", one.seconds_cpu, bound=LIST_SECONDS)


def _rows(path: Path, where: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(f"SELECT {_COLUMNS} FROM contacts WHERE account_id = 1 AND {where}").fetchall()
    connection.close()
    return found


def _read_and_written(path: Path) -> None:
    people = _rows(path, "birth_month = 3 AND birth_day BETWEEN 8 AND 18")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE bare (contact_id, position, outcome, explanation, body)")
    values = [(row[0], n, "planned", "so many words that say why", "Happy birthday!") for n, row in enumerate(people)]
    connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("ROLLBACK")
    connection.close()
