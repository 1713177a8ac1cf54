"""A round through the whole product: real daemon, web server, code server and runs, in real time."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg
import psutil

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.orchestrator.runs import instance_of
from linkedin_pipelines.services.accounts.registry import resume
from linkedin_pipelines_tests.torture.installation import Installation
from linkedin_pipelines_tests.torture.played import Played
from linkedin_pipelines_tests.torture.servers import KillablePostgres, is_browser, kill, wait_until

ACCOUNTS = 7
PEOPLE = 9
QUOTA = Quota(per_run=6, per_day=6, per_week=30)
GOING_ON = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
WEIGHTS = {"whole stack": 45, "run worker": 17, "browser": 13, "daemon": 10, "code server": 7, "sandbox": 8}
POINT = "through the stack, at a random moment"
PEACE_SECONDS = 1500.0
"""How long everything may take to come to rest by itself at the end."""


class StackRound:
    """Plays one round through the stack."""

    def __init__(self, number: int, seed: str, postgres: KillablePostgres | None) -> None:
        self._chance = random.Random(f"{seed}/stack/{number}")
        self._postgres = postgres
        self._folder = Path(tempfile.mkdtemp(prefix="linkedin-torture-stack-"))
        self._place = Installation(
            self._folder,
            [f"member-{account}" for account in range(ACCOUNTS)],
            PEOPLE,
            QUOTA,
            database_url=postgres.create() if postgres else None,
            generation=self._chance.choice(("sdui", "ember", "data_view")),
        )
        database = "postgres" if postgres else "sqlite"
        self.played = Played(number, seed, database, through_stack=True, folder=str(self._folder))

    def play(self, kills: int) -> Played:
        """Kill so often, then wait until the product has come to rest, and compare."""
        begun = time.monotonic()
        keep = True
        try:
            while self.played.kills.total() < kills:
                self._one()
            self._leave_in_peace()
            self.played.books = self._place.compare()
            self.played.wrong += self.played.books.wrong
            keep = bool(self.played.wrong)
        finally:
            self._end(keep=keep)
            self.played.seconds = time.monotonic() - begun
        return self.played

    def _one(self) -> None:
        self._mend()
        self._launch_one()
        with suppress(TimeoutError):
            wait_until(lambda: any(is_browser(one) for one in self._place.processes()), "no browser was seen", 240)
        time.sleep(self._chance.uniform(0, 15))
        weights = WEIGHTS | ({"database": 15} if self._postgres is not None else {})
        target = self._chance.choices(list(weights), list(weights.values()))[0]
        struck = self._strike(target)
        (self.played.kills if struck else self.played.missed)[f"{target} | {POINT}"] += 1

    def _launch_one(self) -> None:
        """Start the campaign of an account that has something left and no run, as a member would."""
        with instance_of(self._place.settings.home) as instance:
            idle = [account for account in self._place.accounts if not _runs_of(instance, account)]
        if waiting := [account for account in idle if self._place.left(account)]:
            with suppress(LinkedInPipelinesError):  # the stack may be dying: another account is launched next time
                self._place.launch(self._chance.choice(waiting))

    def _strike(self, target: str) -> bool:
        if target == "sandbox":
            self._place.sandbox.kill()
            return True
        if target == "database":
            assert self._postgres is not None
            self._postgres.kill()
            time.sleep(self._chance.uniform(0, 15))  # runs go on without it
            return True
        doomed = list(self._chosen(target))
        kill(doomed)
        return bool(doomed)

    def _chosen(self, target: str) -> Iterator[psutil.Process]:
        words = {"daemon": "dagster-daemon", "code server": "api grpc"}
        for process in self._place.processes():
            with suppress(psutil.NoSuchProcess):
                if (
                    target == "whole stack"
                    or (target == "browser" and is_browser(process))
                    or (target == "run worker" and any(child.name().startswith("node") for child in process.children()))
                    or (target in words and words[target] in _words(process))
                ):
                    yield process

    def _mend(self) -> None:
        """What whoever runs the machine would do: start what is not running."""
        if self._postgres is not None:
            self._postgres.start()
        self._place.sandbox.start()
        if any("dagster-daemon" in _words(one) for one in self._place.processes()):
            return
        if self._place.up is not None:
            with suppress(subprocess.TimeoutExpired):
                self._place.up.wait(120)  # it notices by itself that one of its processes ended
            self._place.cut_the_power()
        self._place.start()

    def _leave_in_peace(self) -> None:
        """Wait until nothing is unsettled and every quota is used up; campaigns are launched as a member would."""
        accounts = self._place.accounts
        deadline = time.monotonic() + PEACE_SECONDS
        while time.monotonic() < deadline:
            self._mend()  # again and again: `up` may take a while to notice the last kill, and end
            if self._at_rest():
                return
            for account in accounts:
                self._resume_if_resting(account)
            self._launch_one()
            time.sleep(10)
        for account in accounts:
            if number := self._place.left(account):
                self.played.wrong.append(f"{account}: {number} messages were left to send, and did not go out")

    def _at_rest(self) -> bool:
        """Nothing is left to send or to settle, and the last message's run has written down what it saw."""
        accounts = self._place.accounts
        if any(self._place.left(account) or self._place.unsettled(account) for account in accounts):
            return False
        with instance_of(self._place.settings.home) as instance:
            return not any(_runs_of(instance, account) for account in accounts)

    def _resume_if_resting(self, account: str) -> None:
        """Kills of browser and site open breakers; the member resumes the account rather than wait for hours."""
        with self._place.database.reading() as session:
            allowed = breakers.allow(session, self._place.id_of(account), self._place.clock.now())
        if not allowed:
            resume(self._place.database, self._place.clock, account, "the kills are over", "torture")

    def _end(self, *, keep: bool) -> None:
        self._place.close()
        if self._postgres is not None:
            self._postgres.start()
            self._postgres.drop(self._place.settings.database_url)
        if not keep:
            shutil.rmtree(self._folder, ignore_errors=True)


def _runs_of(instance: dg.DagsterInstance, account: str) -> int:
    return instance.get_runs_count(dg.RunsFilter(tags={"dagster/partition/account": account}, statuses=GOING_ON))


def _words(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
