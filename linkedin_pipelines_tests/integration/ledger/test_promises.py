"""Random histories of runs, a member and a site, with the promises checked after every step.

The site remembers what really arrived; the ledger is judged by it, and by a small model of what was spent. A history
may crash, sleep through a lease, move the clock, edit the account, import wishes sent by hand, restore an older ledger.
One thing it cannot do: stop a run between the announcement of a click and the click itself and let it click much later.
A run guards against that by its own watch, since no database can.

`LEDGER_MODEL_EXAMPLES=500` looks longer; a failure prints the history and a blob that replays it.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import OCCUPYING
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.integration.ledger.world import FAILED, SENDING, SENT, Run, World, quotas

PERSON = st.integers(0, 19)
"""Up to 14 somebody who is free, if anybody is; above that, anybody."""
SELDOM = st.sampled_from([False, False, False, True])
CAPS = st.sampled_from([(15, 15, 100), (15, 15, 100), (15, 2, 100), (15, 15, 2), (1, 3, 4), (15, 1, 1)])
STOPS = st.sampled_from(
    ["never", "never", "never", "never", "before the click", "after it was announced", "after it arrived"]
)


class Promises(RuleBasedStateMachine):
    """Never twice, never over, never lost."""

    database: Database
    world: World

    @initialize(people=st.integers(6, 10), caps=CAPS)
    def begin(self, people: int, caps: tuple[int, int, int]) -> None:
        self.world = World(self.database, people, caps)
        self.backup: list[dict[str, Any]] | None = None

    def run_number(self, which: int) -> Run:
        return self.world.runs[which % len(self.world.runs)]

    def contact(self, person: int) -> int:
        people = self.world.people
        if person < 15:
            taken = {one.contact for one in self.world.used.values()} | set(self.world.site.by_hand)
            people = [contact for contact in people if contact not in taken] or people
        return people[person % len(people)]

    # runs

    @rule(people=st.lists(PERSON, min_size=1, max_size=3), stop=STOPS, sees=st.booleans(), fault=SELDOM, copied=SELDOM)
    def a_new_run_works(self, people: list[int], stop: str, sees: bool, fault: bool, copied: bool) -> None:
        """A campaign as it goes; at the last person it may die, or fall asleep, at any step."""
        world = self.world
        if (run := world.start()) is None:
            world.clock.advance(seconds=61)  # whoever holds the lease sleeps through it
            run = world.start()
        if run is None:  # taken before the clock was set back: such a lease may last this long
            world.clock.advance(seconds=leases.LONGEST_TTL.total_seconds() + 1)
            run = world.start()
        assert run is not None
        world.read_threads(run, can_tell=sees)
        world.reconcile(run)
        for number, person in enumerate(people, 1):
            stops = stop if number == len(people) else "never"
            if not world.claim(run, self.contact(person)) or stops == "before the click":
                continue
            if copied:  # a backup of this very moment does not know of the click that follows
                self.backup = world.back_up()
            world.click(run, arrives=stops != "after it was announced")
            if stops == "never":
                world.settle(run, sees=sees, fault=fault)
        if stop == "never":
            with self.database.writing() as session:
                leases.release(session, run.lease)
            world.forget(run)

    @rule(patient=st.booleans())
    def a_run_starts(self, patient: bool) -> None:
        if self.world.start() is None and patient:
            self.world.clock.advance(seconds=61)
            self.world.start()

    @precondition(lambda self: self.world.runs)
    @rule(which=st.integers(0, 9))
    def a_run_dies(self, which: int) -> None:
        self.world.forget(self.run_number(which))

    @precondition(lambda self: self.world.runs)
    @rule(which=st.integers(0, 9))
    def a_run_renews(self, which: int) -> None:
        run = self.run_number(which)
        with self.world.ending(run), self.database.writing() as session:
            run.lease = leases.renew(session, run.lease, self.world.clock.now())

    @precondition(lambda self: self.world.runs)
    @rule(which=st.integers(0, 9), person=PERSON)
    def a_run_claims(self, which: int, person: int) -> None:
        self.world.claim(self.run_number(which), self.contact(person))

    @precondition(lambda self: any(run.interaction and not run.clicked for run in self.world.runs))
    @rule(arrives=st.booleans())
    def a_run_clicks(self, arrives: bool) -> None:
        self.world.click(next(run for run in self.world.runs if run.interaction and not run.clicked), arrives=arrives)

    @precondition(lambda self: any(run.interaction for run in self.world.runs))
    @rule(sees=st.booleans(), fault=st.booleans())
    def a_run_settles(self, sees: bool, fault: bool) -> None:
        self.world.settle(next(run for run in self.world.runs if run.interaction), sees=sees, fault=fault)

    @precondition(lambda self: self.world.runs)
    @rule(which=st.integers(0, 9), can_tell=st.booleans())
    def a_run_reads_threads(self, which: int, can_tell: bool) -> None:
        run = self.run_number(which)
        self.world.read_threads(run, can_tell=can_tell)
        self.world.reconcile(run)

    # the member, the clock, the machine

    @rule()
    def the_member_decides(self) -> None:
        self.world.read_threads(None, can_tell=True, member=True)

    @rule(person=PERSON, really=SELDOM)
    def the_member_writes_by_hand(self, person: int, really: bool) -> None:
        if really and not self.world.site.has(contact := self.contact(person)):
            self.world.site.by_hand[contact] = self.world.clock.now()
            self.world.import_messages()

    @rule(caps=CAPS)
    def limits_are_edited(self, caps: tuple[int, int, int]) -> None:
        edit_account(self.database, self.world.account_id, quotas=quotas(*caps))

    @rule(
        zone=st.sampled_from(["Europe/Paris", "Pacific/Kiritimati", "America/New_York"]),
        hours=st.sampled_from(["00:00-24:00", "00:00-24:00", "07:00-19:00"]),
    )
    def the_calendar_is_edited(self, zone: str, hours: str) -> None:
        edit_account(self.database, self.world.account_id, timezone=zone, hours=hours)

    @rule(seconds=st.sampled_from([1, 61, 1200, 6 * 3600, 24 * 3600, 7 * 24 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.advance(seconds=seconds)

    @rule(hours=st.sampled_from([0.05, 1, 30]), really=SELDOM)
    def the_clock_is_set_back(self, hours: float, really: bool) -> None:
        if really:
            self.world.clock.advance(hours=-hours)

    @rule()
    def the_ledger_is_backed_up(self) -> None:
        self.backup = self.world.back_up()

    @precondition(lambda self: self.backup is not None)
    @rule(really=SELDOM)
    def an_older_ledger_is_restored(self, really: bool) -> None:
        assert self.backup is not None
        if really:
            self.world.restore(self.backup)

    # the promises

    @invariant()
    def nobody_is_wished_twice(self) -> None:
        assert all(count <= 1 for count in self.world.site.ours.values())

    @invariant()
    def the_ledger_agrees_with_the_site(self) -> None:
        rows, site = self.world.rows(), self.world.site
        occupied = Counter(row.contact_id for row in rows if row.status in OCCUPYING)
        assert all(count == 1 for count in occupied.values())
        assert sum(row.status is SENDING for row in rows) <= 1
        for row in rows:
            if row.status is SENT:
                assert site.has(row.contact_id)
            if row.status is FAILED:
                assert row.id not in site.interactions
                assert row.reason is not None
        if not self.world.restored:
            for contact, count in site.ours.items():
                assert not count or occupied[contact], "delivered, and the ledger does not know"


def examples(default: int) -> settings:
    count = int(os.environ.get("LEDGER_MODEL_EXAMPLES", default))
    return settings(max_examples=count, stateful_step_count=40, deadline=None, print_blob=True)


@pytest.mark.timeout(900)  # a failure is worth the time that it takes to shrink
def test_the_promises_hold_in_random_histories_on_sqlite(sqlite: Database) -> None:
    run_state_machine_as_test(type("OnSqlite", (Promises,), {"database": sqlite}), settings=examples(20))


@pytest.mark.timeout(900)
def test_the_promises_hold_in_random_histories_on_postgres(postgres: Database) -> None:
    run_state_machine_as_test(type("OnPostgres", (Promises,), {"database": postgres}), settings=examples(6))
