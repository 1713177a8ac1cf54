"""An installation for accounts of a sandbox, in a home of its own, and the product's command on it."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.runtime.home import UpNote, make_home
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.services.accounts.registry import apply_accounts
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.services.reporting.reports import InteractionView, interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.e2e.processes import (
    PROGRAMS,
    START_SECONDS,
    STOP_SECONDS,
    asked,
    environment,
    processes_of,
    started,
    wait_until,
)
from linkedin_pipelines_tests.site_control import control, storage_state

REPOSITORY = '{repositoryLocationName: "linkedin_pipelines", repositoryName: "__repository__"}'
COMMAND_SECONDS = 400
"""How long a command may take that starts a run and waits for it."""


def zone_far_from_midnight() -> ZoneInfo:
    """A zone in which it is three in the morning now: the day does not end while a test runs."""
    hours = (3 - datetime.now(UTC).hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-hours:+d}") if hours else ZoneInfo("UTC")


@dataclass(frozen=True)
class Friend:
    """A connection of a member, whose birthday was so many days ago."""

    first_name: str
    last_name: str
    days_ago: int = 0
    relation: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the sandbox's `Relation`."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def slug(self) -> str:
        return f"{self.first_name}-{self.last_name}".lower()


def world_of(friends: Mapping[str, Collection[Friend]], zone: ZoneInfo) -> World:
    """A world of members, by account, and their friends; it is the zone's own day in it."""
    today = datetime.now(zone).date()
    people = {
        friend.slug: Person(
            slug=friend.slug,
            first_name=friend.first_name,
            last_name=friend.last_name,
            birthday=f"{today - timedelta(days=friend.days_ago):%m-%d}",
        )
        for theirs in friends.values()
        for friend in theirs
    }
    members = tuple(
        Member(
            account=account,
            slug=f"{account}-member",
            first_name="Demo",
            last_name=account.title(),
            timezone=str(zone),
            interface=Interface(latency_ms=(0, 50), event_delay_ms=(0, 100)),
            relations=tuple(
                Relation(person=friend.slug, connected_on=today - timedelta(days=900), **friend.relation)
                for friend in theirs
            ),
        )
        for account, theirs in friends.items()
    )
    return World(members=members, people=tuple(people.values()))


class Home:
    """An installation, and the command on it."""

    def __init__(self, folder: Path, zone: ZoneInfo, **variables: str) -> None:
        self.folder = folder
        self.zone = zone
        home = folder / "home"
        self.env = environment(LINKEDIN_HOME=str(home), **variables)
        self.settings = Settings.from_environment({key: v for key, v in self.env.items() if key.startswith("LINKEDIN")})
        make_home(self.settings)
        self.database = Database(self.settings.database_url)
        self.log = folder / "up.log"

    @property
    def today(self) -> date:
        """The accounts' own date."""
        return datetime.now(self.zone).date()

    @property
    def url(self) -> str:
        """Where the web server answers."""
        return UpNote.read(self.settings.home).url

    def furnish(self, sites: Mapping[str, str], **fields: Any) -> None:
        """Live accounts, by slug and sandbox, at any hour, signed in, with their members' own files imported."""
        rows = [
            {
                "slug": account,
                "display_name": account.title(),
                "profile_url": f"https://www.linkedin.com/in/{account}-member",
                "base_url": site,
                "timezone": str(self.zone),
                "mode": "live",
                "hours": "00:00-24:00",
                "pace_seconds": [0, 0],
                # A reading by the schedule would take the account's slot at any quarter of an hour that a test meets.
                "site_birthdays": {"catch_up": False},
                **fields,
            }
            for account, site in sites.items()
        ]
        self.settings.accounts_file.write_text(json.dumps({"accounts": rows}))
        self.database.upgrade()
        clock = SystemClock()
        apply_accounts(self.database, clock, load_accounts_file(self.settings.accounts_file), "test")
        add_partitions(self.settings.home, list(sites))
        for account, site in sites.items():
            state = storage_state(site, account)
            save_session(self.database, self.settings, account, state, f"{account}-member", clock)
            import_files(self.database, clock, account, list(self._exported(site, account)))

    def _exported(self, site: str, account: str) -> Iterator[Path]:
        of_account = {"account": account}
        with control(site) as client:
            for name in client.get("export/", params=of_account).raise_for_status().json()["files"]:
                if Path(name).suffix in (".zip", ".vcf"):
                    file = self.folder / account / Path(name).name
                    file.parent.mkdir(exist_ok=True)
                    file.write_bytes(client.get(f"export/{name}", params=of_account).raise_for_status().content)
                    yield file

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """The product's stack, on a free port, until the block ends; then it ends well, and leaves nothing."""
        with started(
            "linkedin-pipelines", "up", "--port", "0", "--status-port", "0", env=self.env, log=self.log
        ) as process:
            wait_until((self.settings.home / "up.json").exists, process, self.log, START_SECONDS)
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0, self.log.read_text()
        assert processes_of(str(self.settings.home)) == []

    def only_by_hand(self) -> None:
        """Stop what launches campaigns by itself: their schedule, and the sensor that takes up one that failed.

        To be called on a stack that has no accounts yet: a tick that comes first finds none.
        """
        assert not self.settings.accounts_file.exists()
        for kind, name, stop in (
            ("Schedules", "birthday_campaign_schedule", "stopRunningSchedule"),
            ("Sensors", "breaker_sensor", "stopSensor"),
        ):
            field = f"{kind.lower()}OrError"
            listed = f"{{ {field}(repositorySelector: {REPOSITORY}) {{ ... on {kind} {{ results {{ name id }} }} }} }}"
            [found] = [row["id"] for row in asked(self.url, listed)[field]["results"] if row["name"] == name]
            answer = asked(self.url, f'mutation {{ {stop}(id: "{found}") {{ __typename }} }}')
            assert "Error" not in answer[stop]["__typename"], answer

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(PROGRAMS / "linkedin-pipelines"), *arguments]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )

    def ledger(self, account: str) -> list[InteractionView]:
        """The messages that the ledger holds of the account, those sent by hand included."""
        found = interactions_of(self.database, account)
        return [row for row in found if row.kind == InteractionKind.BIRTHDAY_MESSAGE]

    def close(self) -> None:
        self.database.dispose()
