"""Claims and settlements by eight processes at once, beside as many bare locked reads and inserts by eight others."""

from __future__ import annotations

import itertools
import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.core.engine import BUSY_TIMEOUT_SECONDS
from linkedin_pipelines.domain.ceilings import CEILINGS, InteractionKind
from linkedin_pipelines_tests.bench.figures import Cost, Figure, counted, figure_of
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.claimers import Race, Work, attempt, warm_up
from linkedin_pipelines_tests.postgres import PostgresForTests

PROCESSES = 8
A_DAY = CEILINGS[InteractionKind.BIRTHDAY_MESSAGE].per_day
"""As many as an account may send at all, so a process needs several accounts."""
STATEMENTS = 6
"""So many a claim may take, its transaction's own beginning and end not counted."""

_LOCKED_READ = "SELECT holder, token, expires_at FROM account_leases WHERE account_id = {account}"
_INSERT = (
    "INSERT INTO interactions (account_id, contact_id, kind, occasion_key, status, origin, run_id, lease_token,"
    " claimed_at, settled_at, sent_at, local_day, doubt_readings) VALUES ({account}, {contact}, 'birthday_message',"
    " '2026', 'sent', 'campaign', 'bare', 1, '2026-03-18 09:00:00', '2026-03-18 09:00:00', '2026-03-18 09:00:00',"
    " '2026-03-18', 0)"
)
"""Settled at once: the table holds one attempt under way an account."""
_UPDATE = (
    "UPDATE interactions SET clicked_at = '2026-03-18 09:00:00', doubt_readings = doubt_readings + 1"
    " WHERE account_id = {account} AND contact_id = {contact}"
)


@dataclass(frozen=True)
class Share:
    """What one process has to do: its own accounts, whose leases it holds."""

    url: str
    works: tuple[Work, ...]
    now: datetime

    @property
    def people(self) -> Iterator[tuple[Work, int]]:
        """Each contact with its account, an account after the other, as a machine's runs would mix them."""
        for contacts_of_all in zip(*(work.contacts for work in self.works), strict=True):
            yield from zip(self.works, contacts_of_all, strict=True)


@dataclass(frozen=True)
class Used:
    """When one process began and ended, by a clock that all processes share, and its processor time."""

    began: float
    ended: float
    cpu: float


def figures(
    folder: Path, clock: ManualClock, *, processes: int = PROCESSES, accounts: int, turns: int
) -> Iterator[Figure]:
    """Both databases, `accounts` a process, and the number of statements of one claim."""
    with _crowd(processes) as crowd:
        yield from _figures("SQLite", crowd, _files(folder), clock, accounts=accounts, turns=turns)
        server = PostgresForTests()
        try:
            server.sync_to_disk()
            yield from _figures("Postgres", crowd, server.create, clock, accounts=accounts, turns=turns)
        finally:
            server.stop()


def _files(folder: Path) -> Callable[[], str]:
    numbers = itertools.count(1)

    def make() -> str:
        url = f"sqlite:///{folder / f'claims-{next(numbers)}.db'}"
        database = Database(url)
        database.upgrade()
        database.dispose()
        return url

    return make


class _Crowd:
    """Processes started from nothing, which have imported everything; what they do begins at once in all of them."""

    def __init__(self, pool: ProcessPoolExecutor, processes: int) -> None:
        self._pool = pool
        self.processes = processes

    def __call__(self, work: Callable[[Share], None], shares: list[Share]) -> Cost:
        used = list(self._pool.map(_one, itertools.repeat(work), shares))
        wall = max(one.ended for one in used) - min(one.began for one in used)
        return Cost(sum(one.cpu for one in used), wall)


@contextmanager
def _crowd(processes: int) -> Iterator[_Crowd]:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_meet_at, initargs=(barrier,)) as pool:
        yield _Crowd(pool, processes)


def _figures(
    name: str, crowd: _Crowd, make: Callable[[], str], clock: ManualClock, *, accounts: int, turns: int
) -> Iterator[Figure]:
    warm_up_rounds = 1 if turns > 1 else 0  # not counted
    rounds = [
        [crowd(work, _shares(make(), clock, crowd.processes, accounts)) for work in (_bare, _bare_thrice, _claims)]
        for _ in range(warm_up_rounds + turns)
    ][warm_up_rounds:]
    number, processes = crowd.processes * accounts * A_DAY, crowd.processes
    yield figure_of(
        f"{number:,} claims and settles by {processes} processes, {name}, wall",
        [(bare, ours) for bare, _, ours in rounds],
        f"as many locked reads and inserts by {processes} processes, bare, in one transaction each",
        bound=4.0,
        wall=True,
    )
    yield figure_of(
        f"the same, {name}, against three bare transactions each, wall",
        [(thrice, ours) for _, thrice, ours in rounds],
        "a locked read and an insert, then twice a locked read and an update, each on the disk before the next",
        wall=True,
    )
    yield counted(f"statements of a claim, {name}", _statements_of_a_claim(make(), clock), bound=STATEMENTS)


_barrier: Barrier | None = None


def _meet_at(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - a barrier can be inherited alone, so the pool's processes keep it
    _barrier = barrier


def _one(work: Callable[[Share], None], share: Share) -> Used:
    """One process's part: warm, then wait for the others, so that each process takes exactly one share."""
    warm_up(share.url)
    assert _barrier is not None
    _barrier.wait()
    cpu, began = time.process_time(), time.monotonic()
    work(share)
    return Used(began, time.monotonic(), time.process_time() - cpu)


def _claims(share: Share) -> None:
    database = Database(share.url)
    race = Race(share.url, share.works, share.now, attempts_per_thread=0, threads=1, finish=True)
    for work, contact in share.people:
        outcome = attempt(database, race, work, contact, f"run-{work.account_id}")
        assert outcome == "claimed", outcome
    database.dispose()


def _bare(share: Share) -> None:
    _without_checks(share, [_INSERT])


def _bare_thrice(share: Share) -> None:
    """In as many transactions as a message needs: what is claimed and what is clicked must outlive a power cut."""
    _without_checks(share, [_INSERT, _UPDATE, _UPDATE])


def _without_checks(share: Share, statements: Sequence[str]) -> None:
    with closing(_connected(share.url)) as connection:
        cursor = connection.cursor()
        sqlite = isinstance(connection, sqlite3.Connection)
        for work, contact in share.people:
            for statement in statements:
                cursor.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
                cursor.execute(_LOCKED_READ.format(account=work.account_id) + ("" if sqlite else " FOR UPDATE"))
                cursor.fetchall()
                cursor.execute(statement.format(account=work.account_id, contact=contact))
                cursor.execute("COMMIT")


def _connected(url: str) -> Any:
    """A connection of the driver alone, as careful with the disk as ours."""
    address = make_url(url)
    if address.drivername.startswith("sqlite"):
        assert address.database is not None
        bare = sqlite3.connect(address.database, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS)
        bare.execute("PRAGMA synchronous = FULL")
        return bare
    connection = psycopg2.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    connection.autocommit = True
    return connection


def _shares(url: str, clock: ManualClock, processes: int, accounts: int) -> list[Share]:
    database = Database(url)
    shares = [
        Share(url, tuple(_work(database, clock, f"bench-{process}-{one}") for one in range(accounts)), clock.now())
        for process in range(processes)
    ]
    database.dispose()
    return shares


def _work(database: Database, clock: ManualClock, slug: str) -> Work:
    account = an_account(database, slug)
    people = contacts(database, account, [f"{slug}-{number}" for number in range(A_DAY)])
    with database.writing() as session:
        return Work(account, tuple(people), leases.acquire(session, account, "bench", clock.now()))


def _statements_of_a_claim(url: str, clock: ManualClock) -> int:
    """What one claim sends to the database, its click and its settlement left out."""
    database, seen = Database(url), 0

    def note(*_: object) -> None:
        nonlocal seen
        seen += 1

    work = _work(database, clock, "statements")
    race = Race(url, (work,), clock.now(), attempts_per_thread=0, threads=1, finish=True)
    attempt(database, race, work, work.contacts[0], "run")  # whatever is asked once a process
    race = replace(race, finish=False)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert attempt(database, race, work, work.contacts[1], "run") == "claimed"
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        database.dispose()
    return seen
