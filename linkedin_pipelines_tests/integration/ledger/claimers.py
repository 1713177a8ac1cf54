"""Many threads in many processes that claim, click and settle at once; what tests of races are made of.

Every process is started from nothing, so that none shares a connection, a lock or a cache with another.
"""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.errors import LeaseHeldError, LeaseLostError, LedgerConflictError
from linkedin_pipelines_tests.integration.ledger.conftest import request


@dataclass(frozen=True)
class Work:
    """One account's share of a race."""

    account_id: int
    contacts: tuple[int, ...]
    lease: Lease | None
    """Held by all claimers together; None: each attempt takes and gives back its own."""


@dataclass(frozen=True)
class Race:
    """What a process has to know."""

    url: str
    works: tuple[Work, ...]
    now: datetime
    attempts_per_thread: int
    threads: int
    finish: bool
    """Whether what was claimed is also clicked and settled."""


def attempt(database: Database, race: Race, work: Work, contact_id: int, who: str) -> str:
    """One claim, and what follows from it; its outcome in a word."""
    try:
        lease = work.lease
        if lease is None:
            with database.writing() as session:
                lease = leases.acquire(session, work.account_id, who, race.now)
        with database.writing() as session:
            outcome = ledger.claim(session, request(work.account_id, contact_id, run_id=who), lease, race.now)
        if isinstance(outcome, ledger.Claimed) and race.finish:
            with database.writing() as session:
                ledger.mark_clicked(session, outcome.interaction_id, lease, race.now)
            with database.writing() as session:
                ledger.settle(session, outcome.interaction_id, lease, race.now, InteractionStatus.SENT)
        if work.lease is None:
            with database.writing() as session:
                leases.release(session, lease)
    except (LeaseHeldError, LeaseLostError, LedgerConflictError) as error:
        return type(error).__name__
    return "claimed" if isinstance(outcome, ledger.Claimed) else str(outcome.reason)


def run_threads(race: Race, process: int) -> Counter[str]:
    """All attempts of one process."""
    database = Database(race.url)
    database.require_current_schema()

    def one(thread: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for number in range(race.attempts_per_thread):
            place = number * race.threads + thread + process
            work = race.works[place % len(race.works)]
            contact = work.contacts[(place // len(race.works)) % len(work.contacts)]
            seen[attempt(database, race, work, contact, f"run-{process}-{thread}-{number // 10}")] += 1
        return seen

    with ThreadPoolExecutor(race.threads) as pool:
        total = sum(pool.map(one, range(race.threads)), Counter[str]())
    database.dispose()
    return total


def run(race: Race, processes: int) -> tuple[Counter[str], float]:
    """The race in so many processes; how attempts ended, and the seconds from the first to the last."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(warm_up, itertools.repeat(race.url, processes)))
        started = time.perf_counter()
        results = pool.map(_task, itertools.repeat(race, processes), range(processes))
        total = sum(results, Counter[str]())
        return total, time.perf_counter() - started


def warm_up(url: str) -> None:
    """Import everything and connect once, before the race is timed."""
    database = Database(url)
    database.require_current_schema()
    database.dispose()


_task: Callable[[Race, int], Counter[str]] = run_threads
