"""A round through the whole product: real daemon, web server, code server and runs, in real time."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import yaml

from linkedin_pipelines.accounts import load_accounts_file
from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.cli.home import NotUpError, UpNote, make_home
from linkedin_pipelines.cli.runs import Launcher, configuration_of, instance_of, tags_of
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db import breakers, ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import Quota
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.services.accounts import apply_accounts, get_account
from linkedin_pipelines.services.accounts import resume as resume_account
from linkedin_pipelines.services.sessions import store_session
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact
from linkedin_pipelines_tests.torture.oracle import Books, compare, left
from linkedin_pipelines_tests.torture.played import Played
from linkedin_pipelines_tests.torture.servers import (
    KillablePostgres,
    SandboxProcess,
    family,
    is_browser,
    kill,
    wait_until,
)
from linkedin_pipelines_tests.torture.stage import NAMES, zone_where_it_is_early

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
TARGETS = ("whole stack", "run worker", "browser", "daemon", "code server", "sandbox")
WEIGHTS = (45, 17, 13, 10, 7, 8)
START_SECONDS = 240.0
PEACE_SECONDS = 1500.0
"""How long everything may take to come to rest by itself at the end."""


class StackRound:
    """Plays one round through the stack."""

    def __init__(self, number: int, seed: str, postgres: KillablePostgres | None) -> None:
        self._chance = random.Random(f"{seed}/stack/{number}")
        self._postgres = postgres
        self._clock = SystemClock()
        self._zone = zone_where_it_is_early()
        self.played = Played(number, seed, "postgres" if postgres else "sqlite", through_stack=True)
        self._folder = Path(tempfile.mkdtemp(prefix="linkedin-torture-stack-"))
        self.played.folder = str(self._folder)
        self._accounts = [f"member-{number}" for number in range(ACCOUNTS)]
        self._today: date = datetime.now(self._zone).date()
        self._settings = self._installation()
        self._sandbox = SandboxProcess(self._world(), self._folder)
        self._database = Database(self._settings.database_url)
        self._up: subprocess.Popen[bytes] | None = None
        self._furnish()

    def play(self, kills: int) -> Played:
        """Kill so often, then wait until the product has come to rest, and compare."""
        begun = time.monotonic()
        keep = True
        try:
            while self.played.kills.total() < kills:
                self._one()
            self._leave_in_peace()
            self._compare()
            keep = bool(self.played.wrong)
        finally:
            self._end(keep=keep)
            self.played.seconds = time.monotonic() - begun
        return self.played

    # -- the installation ---------------------------------------------------------------------------------------

    def _installation(self) -> Settings:
        home = self._folder / "home"
        environment = {"LINKEDIN_HOME": str(home)}
        if self._postgres is not None:
            environment["LINKEDIN_DATABASE_URL"] = self._postgres.create()
        settings = Settings.from_environment(environment)
        make_home(settings)
        return settings

    def _people(self, account: str) -> list[Person]:
        return [
            Person(
                slug=f"{account}-friend-{number}",
                first_name=NAMES[number],
                last_name=NAMES[number + 3],
                birthday=f"{self._today:%m-%d}",
            )
            for number in range(PEOPLE)
        ]

    def _world(self) -> World:
        members = tuple(
            Member(
                account=account,
                slug=f"{account}-me",
                first_name="Demo",
                last_name=account.title(),
                timezone=str(self._zone),
                interface=Interface(generation=self._chance.choice(("sdui", "ember", "data_view"))),
                relations=tuple(Relation(person=person.slug) for person in self._people(account)),
            )
            for account in self._accounts
        )
        people = tuple(person for account in self._accounts for person in self._people(account))
        return World(members=members, people=people)

    def _furnish(self) -> None:
        accounts = [
            {
                "slug": account,
                "display_name": account,
                "profile_url": f"https://www.linkedin.com/in/{account}-me",
                "base_url": self._sandbox.url,
                "timezone": str(self._zone),
                "mode": "live",
                "approval": "automatic",
                "hours": "00:00-24:00",
                "pace_seconds": [0, 1],
                "quotas": {"birthday_message": QUOTA.model_dump()},
            }
            for account in self._accounts
        ]
        self._settings.accounts_file.write_text(yaml.safe_dump({"accounts": accounts}))
        self._database.upgrade()
        apply_accounts(self._database, self._clock, load_accounts_file(self._settings.accounts_file), "torture")
        for account in self._accounts:
            account_id = get_account(self._database, account).id
            state: dict[str, Any] = self._sandbox.get(f"storage-state?account={account}")
            store_session(self._database, self._settings, account, state, f"{account}-me", self._clock)
            for person in self._people(account):
                a_contact(
                    self._database,
                    account_id,
                    person.slug,
                    full_name=person.name,
                    first_name=person.first_name,
                    birth_month=self._today.month,
                    birth_day=self._today.day,
                )
        add_partitions(self._settings.home, self._accounts)

    # -- the stack ----------------------------------------------------------------------------------------------

    def _ensure_up(self) -> None:
        if self._up is not None and self._up.poll() is None:
            return
        program = Path(sys.executable).parent / "linkedin-pipelines"
        with (self._folder / "up.log").open("ab") as log:
            self._up = subprocess.Popen(
                [program, "up", "--port", "0"],
                env=self._settings.child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._is_up, "the stack is not up", START_SECONDS)

    def _is_up(self) -> bool:
        assert self._up is not None
        if self._up.poll() is not None:
            raise AssertionError(f"`up` ended with exit code {self._up.poll()}; see {self._folder}/up.log")
        with suppress(NotUpError):
            return UpNote.read(self._settings.home).pid == self._up.pid
        return False

    def _launch_one(self) -> None:
        """Start the campaign of an account that has something left and no run, as a member would."""
        with instance_of(self._settings.home) as instance:
            idle = [
                account
                for account in self._accounts
                if not instance.get_runs_count(
                    dg.RunsFilter(tags={"dagster/partition/account": account}, statuses=GOING_ON)
                )
            ]
        waiting = [account for account in idle if self._left(account)]
        if not waiting:
            return
        account = self._chance.choice(waiting)
        job = "birthday_campaign"
        with suppress(LinkedInPipelinesError):  # the stack may be dying: the next one is asked again
            Launcher(self._settings.home).launch(
                job, tags_of(self._settings.home, job, account, self._today), configuration_of(job, live=True)
            )

    # -- killing ------------------------------------------------------------------------------------------------

    def _one(self) -> None:
        self._mend()
        self._launch_one()
        with suppress(TimeoutError):
            wait_until(lambda: any(is_browser(one) for one in self._processes()), "no browser was seen", 60)
        time.sleep(self._chance.uniform(0, 15))
        target = self._chance.choices(TARGETS, WEIGHTS)[0]
        if self._strike(target):
            self.played.kills[f"{target} | stack: at a random moment"] += 1
        else:
            self.played.missed[f"{target} | stack: at a random moment"] += 1

    def _strike(self, target: str) -> bool:
        if target == "sandbox":
            self._sandbox.kill()
            return True
        doomed = list(self._chosen(target))
        kill(doomed)
        return bool(doomed)

    def _chosen(self, target: str) -> Iterator[psutil.Process]:
        everything = self._processes()
        words = {"daemon": "dagster-daemon", "code server": "api grpc"}
        for process in everything:
            with suppress(psutil.NoSuchProcess):
                if (
                    target == "whole stack"
                    or (target == "browser" and is_browser(process))
                    or (target == "run worker" and any(child.name() == "node" for child in process.children()))
                    or words.get(target, "\0") in " ".join(process.cmdline())
                ):
                    yield process

    def _processes(self) -> list[psutil.Process]:
        return family(self._up.pid) if self._up is not None and self._up.poll() is None else []

    def _mend(self) -> None:
        """What whoever runs the machine would do: start what is not running."""
        if self._postgres is not None:
            self._postgres.start()
        self._sandbox.start()
        if self._up is not None and any("dagster-daemon" in _words(one) for one in self._processes()):
            return
        if self._up is not None:
            with suppress(subprocess.TimeoutExpired):
                self._up.wait(120)  # it notices by itself that one of its processes ended
            kill(self._processes())
            self._up.wait()
        self._ensure_up()

    # -- the end ------------------------------------------------------------------------------------------------

    def _deliveries(self, account: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._sandbox.get(f"deliveries?account={account}")
        return found

    def _left(self, account: str) -> int:
        account_id = get_account(self._database, account).id
        return left(self._database, account_id, self._deliveries(account), QUOTA, self._zone, self._clock.now())

    def _unsettled(self, account: str) -> int:
        account_id = get_account(self._database, account).id
        with self._database.reading() as session:
            return sum(not one.waits_for_member for one in ledger.unsettled(session, account_id))

    def _leave_in_peace(self) -> None:
        """Wait until nothing is unsettled and every quota is used up; campaigns are launched as a member would."""
        self._mend()
        deadline = time.monotonic() + PEACE_SECONDS
        while time.monotonic() < deadline:
            if not any(self._left(account) or self._unsettled(account) for account in self._accounts):
                return
            for account in self._accounts:
                self._resume_if_resting(account)
            self._launch_one()
            time.sleep(10)
        for account in self._accounts:
            if number := self._left(account):
                self.played.wrong.append(f"{account}: {number} messages were left to send, and did not go out")

    def _resume_if_resting(self, account: str) -> None:
        """Kills of browser and site open breakers; the member resumes the account rather than wait for hours."""
        account_id = get_account(self._database, account).id
        with self._database.reading() as session:
            allowed = breakers.allow(session, account_id, self._clock.now())
        if not allowed:
            resume_account(self._database, self._clock, account, "the kills are over", "torture")

    def _compare(self) -> None:
        total = Books()
        for account in self._accounts:
            books = compare(
                self._database, get_account(self._database, account).id, self._deliveries(account), QUOTA, self._zone
            )
            total.add(books)
        self.played.books = total
        self.played.wrong += total.wrong

    def _end(self, *, keep: bool) -> None:
        if self._up is not None:
            kill(self._processes())
            self._up.wait()
        self._sandbox.kill()
        self._database.dispose()
        if self._postgres is not None:
            self._postgres.drop(self._settings.database_url)
        if not keep:
            shutil.rmtree(self._folder, ignore_errors=True)


def _words(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
