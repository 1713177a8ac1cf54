"""The whole product in a home of its own: accounts with people to wish, the sandbox, and `up` as a process."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import yaml

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.orchestrator.runs import Launcher, configuration_of, tags_of
from linkedin_pipelines.runtime.home import NotUpError, UpNote, make_home
from linkedin_pipelines.sandbox.interface import Generation, Interface
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.services.accounts.registry import apply_accounts, get_account
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact
from linkedin_pipelines_tests.torture.oracle import Books, compare, left
from linkedin_pipelines_tests.torture.servers import SandboxProcess, family, kill, wait_until
from linkedin_pipelines_tests.torture.stage import NAMES, zone_where_it_is_early

START_SECONDS = 240.0
CAMPAIGN = "birthday_campaign"


class Installation:
    """A home below `folder`, with accounts that each have `people` birthdays today. Nothing is up yet but the site."""

    command: tuple[str | Path, ...] = (Path(sys.executable).parent / "linkedin-pipelines",)
    """What is started with `up`."""

    def __init__(
        self,
        folder: Path,
        accounts: Sequence[str],
        people: int,
        quota: Quota,
        *,
        database_url: str | None = None,
        secret: str | None = None,
        generation: Generation = "sdui",
        pace_seconds: tuple[int, int] = (0, 1),
    ) -> None:
        self.folder = folder
        self.accounts = tuple(accounts)
        self.quota = quota
        self.pace_seconds = pace_seconds
        self.zone = zone_where_it_is_early()
        self.clock = SystemClock()
        self.today = datetime.now(self.zone).date()
        self.settings = self._settings(database_url, secret)
        self._friends = {
            account: tuple(
                Person(
                    slug=f"{account}-friend-{number}",
                    first_name=NAMES[number],
                    last_name=NAMES[(number + 3) % len(NAMES)],
                    birthday=f"{self.today:%m-%d}",
                )
                for number in range(people)
            )
            for account in self.accounts
        }
        self.sandbox = SandboxProcess(self._world(generation), folder)
        self.database = Database(self.settings.database_url)
        self.up: subprocess.Popen[bytes] | None = None
        self._furnish()

    def _settings(self, database_url: str | None, secret: str | None = None) -> Settings:
        environment = {"LINKEDIN_HOME": str(self.folder / "home")}
        if secret is not None:
            environment["LINKEDIN_SECRET_KEY"] = secret
        if database_url is not None:
            environment["LINKEDIN_DATABASE_URL"] = database_url
        settings = Settings.from_environment(environment)
        make_home(settings)
        return settings

    def _world(self, generation: Generation) -> World:
        members = tuple(
            Member(
                account=account,
                slug=f"{account}-me",
                first_name="Demo",
                last_name=account.title(),
                timezone=str(self.zone),
                interface=Interface(generation=generation),
                relations=tuple(Relation(person=person.slug) for person in friends),
            )
            for account, friends in self._friends.items()
        )
        return World(members=members, people=tuple(person for each in self._friends.values() for person in each))

    def _furnish(self) -> None:
        accounts = [
            {
                "slug": account,
                "display_name": account,
                "profile_url": f"https://www.linkedin.com/in/{account}-me",
                "base_url": self.sandbox.url,
                "timezone": str(self.zone),
                "mode": "live",
                "approval": "automatic",
                "hours": "00:00-24:00",
                "pace_seconds": list(self.pace_seconds),
                "site_birthdays": {"catch_up": False},  # rounds are about sending
                "quotas": {"birthday_message": self.quota.model_dump()},
            }
            for account in self.accounts
        ]
        self.settings.accounts_file.write_text(yaml.safe_dump({"accounts": accounts}))
        self.database.upgrade()
        apply_accounts(self.database, self.clock, load_accounts_file(self.settings.accounts_file), "torture")
        for account, friends in self._friends.items():
            state: dict[str, Any] = self.sandbox.get(f"storage-state?account={account}")
            save_session(self.database, self.settings, account, state, f"{account}-me", self.clock)
            for person in friends:
                a_contact(
                    self.database,
                    self.id_of(account),
                    person.slug,
                    full_name=person.name,
                    first_name=person.first_name,
                    birth_month=self.today.month,
                    birth_day=self.today.day,
                )
        add_partitions(self.settings.home, list(self.accounts))

    def twin(self, folder: Path) -> Installation:
        """The same accounts on a second machine: the same product database and site, a home and a Dagster of its own.

        Copied, so neither may be up.
        """
        twin = copy.copy(self)
        twin.folder, twin.up = folder, None
        shutil.copytree(self.settings.home, folder / "home")
        twin.settings = twin._settings(self.settings.database_url)
        return twin

    # -- the stack ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start `up` and wait until it answers."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DAGSTER_")}
        with (self.folder / "up.log").open("ab") as log:
            self.up = subprocess.Popen(
                [*self.command, "up", "--port", "0", "--status-port", "0"],
                env=self.settings.child_environment(clean),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._is_up, "the stack is not up", START_SECONDS)

    def _is_up(self) -> bool:
        assert self.up is not None
        if self.up.poll() is not None:
            raise AssertionError(f"`up` ended with exit code {self.up.poll()}; see {self.folder}/up.log")
        with suppress(NotUpError):
            return UpNote.read(self.settings.home).pid == self.up.pid
        return False

    def processes(self) -> list[psutil.Process]:
        """Everything that `up` has started, and itself."""
        return family(self.up.pid) if self.up is not None and self.up.poll() is None else []

    def cut_the_power(self) -> None:
        """SIGKILL to the whole stack at once, its runs and their browsers included."""
        kill(self.processes())
        if self.up is not None:
            self.up.wait()

    def launch(self, account: str) -> str:
        """Put today's campaign of the account into the queue, as a member would; the run."""
        tags = tags_of(self.settings.home, CAMPAIGN, account, self.today)
        return Launcher(self.settings.home).launch(CAMPAIGN, tags, configuration_of(CAMPAIGN, live=True)).run_id

    def close(self) -> None:
        """End everything that is running."""
        self.cut_the_power()
        self.sandbox.close()
        self.database.dispose()

    # -- the books ----------------------------------------------------------------------------------------------

    def id_of(self, account: str) -> int:
        return get_account(self.database, account).id

    def deliveries(self, account: str) -> list[dict[str, Any]]:
        """What reached people, by the site's own record."""
        found: list[dict[str, Any]] = self.sandbox.get(f"deliveries?account={account}")
        return found

    def left(self, account: str) -> int:
        """How many messages may still go out today."""
        return left(
            self.database, self.id_of(account), self.deliveries(account), self.quota, self.zone, self.clock.now()
        )

    def unsettled(self, account: str) -> int:
        """How many sends have no end yet that nobody has to decide."""
        with self.database.reading() as session:
            rows = ledger.unsettled(session, self.id_of(account))
        return sum(not one.waits_for_member for one in rows)

    def compare(self) -> Books:
        """The site's record against the ledger, of all accounts together."""
        total = Books()
        for account in self.accounts:
            total.add(compare(self.database, self.id_of(account), self.deliveries(account), self.quota, self.zone))
        return total
