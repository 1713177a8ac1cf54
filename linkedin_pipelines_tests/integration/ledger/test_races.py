"""Many claimers at once: limits are met exactly, occasions are taken once, nobody waits for ever.

`LEDGER_RACE=8x4x10000x10` (processes, threads each, attempts in all, accounts) makes the large one of it.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.states import OCCUPYING
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.claimers import Race, Work, run, run_threads


def work(
    database: Database, clock: ManualClock, slug: str, people: int, *, shared: bool, per_day: int, per_run: int = 15
) -> Work:
    quotas = {"birthday_message": {"per_run": per_run, "per_day": per_day, "per_week": 100}}
    account = an_account(database, slug, quotas=quotas)
    ids = contacts(database, account, [f"{slug}-{number}" for number in range(people)])
    if not shared:
        return Work(account, tuple(ids), None)
    with database.writing() as session:
        return Work(account, tuple(ids), leases.acquire(session, account, "everybody", clock.now()))


def occupied(database: Database) -> dict[int, int]:
    counts = (
        select(Interaction.account_id, func.count())
        .where(Interaction.status.in_(OCCUPYING))
        .group_by(Interaction.account_id)
    )
    with database.reading() as session:
        return {row[0]: row[1] for row in session.execute(counts)}


def test_threads_take_one_occasion_once(database: Database, clock: ManualClock) -> None:
    share = work(database, clock, "one", 1, shared=True, per_day=15)
    outcomes = run_threads(Race(database.url, (share,), clock.now(), 3, 8, finish=True), 0)
    assert outcomes["claimed"] == 1
    assert set(outcomes) <= {"claimed", "already_wished", "in_flight"}


def test_two_workers_and_one_slot_left(database: Database, clock: ManualClock) -> None:
    """Three processes of two threads at once: one of them gets it."""
    share = work(database, clock, "one", 30, shared=True, per_day=1)
    outcomes, _ = run(Race(database.url, (share,), clock.now(), 4, 2, finish=False), 3)
    assert outcomes["claimed"] == 1
    assert occupied(database) == {share.account_id: 1}


@pytest.mark.parametrize("shared", [True, False], ids=["one lease for all", "a lease each"])
def test_claimers_on_many_accounts_meet_every_limit_exactly(
    database: Database, clock: ManualClock, shared: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = (int(part) for part in os.environ.get("LEDGER_RACE", "2x4x160x3").split("x"))
    processes, threads, attempts, accounts = sizes
    per_day = 15 if attempts > 1000 else 5
    works = tuple(
        work(database, clock, f"account-{number}", 40, shared=shared, per_day=per_day) for number in range(accounts)
    )
    race = Race(database.url, works, clock.now(), attempts // (processes * threads), threads, finish=True)
    outcomes, seconds = run(race, processes)
    speed = outcomes.total() / seconds
    assert all(count <= per_day for count in occupied(database).values()), outcomes
    # A lease that is held turns claimers away, so a short race may end before every slot was asked for once more.
    outcomes += run_threads(replace(race, attempts_per_thread=accounts * 40, threads=1), 0)
    assert occupied(database) == {share.account_id: per_day for share in works}, outcomes
    assert outcomes["claimed"] == accounts * per_day
    with capsys.disabled():
        print(  # noqa: T201 - the throughput is for whoever runs the test
            f"\n{database.dialect}: {attempts} attempts, {seconds:.1f} s, {speed:.0f}/s: {dict(outcomes)}"
        )
