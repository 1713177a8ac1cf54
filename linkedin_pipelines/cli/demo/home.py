"""The demo's own installation: its home, its one account, and what the sandbox hands to that account's member."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.cli.separate_home import fetch_exports, fetched, separate_settings, session_of
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.accounts.registry import apply_accounts
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.settings import Settings

ACCOUNT = "demo"
MEMBER = "demo-member"
_DAY_FILE = "demo-day"
_BY = "cli:demo"


@dataclass(frozen=True)
class DemoHome:
    """Where the demo keeps its things; nothing of the member's real installation is looked at."""

    settings: Settings

    @property
    def home(self) -> Path:
        return self.settings.home

    @property
    def logs(self) -> Path:
        """Output of Dagster's processes."""
        return self.settings.logs

    @property
    def sandbox_state(self) -> Path:
        """The sandbox's own record, which survives from one demo of a day to the next."""
        return self.home / "sandbox.jsonl"

    @classmethod
    def prepare(cls, home: Path, today: date, callers: Settings) -> DemoHome:
        """A home for today's demo; that of another day is removed, since its people's birthdays were around that day.

        Raises:
            ConfigurationError: the folder holds something else than a demo.
        """
        day_file = home / _DAY_FILE
        if home.exists() and any(home.iterdir()):
            if not day_file.exists():
                raise ConfigurationError(f"{home} holds something else than a demo: choose another folder with --home")
            if day_file.read_text().strip() != today.isoformat():
                shutil.rmtree(home)
        settings = separate_settings(home, callers)
        make_home(settings)
        day_file.write_text(f"{today}\n")
        return cls(settings)

    def furnish(self, site: str) -> None:
        """Give the account to the database and Dagster, its session to the database, its files to the inbox."""
        self._write_accounts(site)
        database = Database(self.settings.database_url)
        try:
            database.upgrade()
            apply_accounts(database, SystemClock(), load_accounts_file(self.settings.accounts_file), _BY)
            save_session(database, self.settings, ACCOUNT, session_of(site, ACCOUNT), MEMBER, SystemClock())
        finally:
            database.dispose()
        add_partitions(self.home, [ACCOUNT])
        self._fill_inbox(site)

    def deliveries(self, site: str) -> list[dict[str, Any]]:
        """What the sandbox received from the account, by its own record."""
        received: list[dict[str, Any]] = json.loads(fetched(f"{site}/__sandbox__/deliveries?account={ACCOUNT}"))
        return received

    def _write_accounts(self, site: str) -> None:
        account = {
            "slug": ACCOUNT,
            "display_name": "Demo Member",
            "profile_url": f"https://www.linkedin.com/in/{MEMBER}",
            "base_url": site,
            "timezone": "UTC",
            "language": "en",
            "mode": "live",
            "approval": "automatic",
            "hours": "00:00-24:00",
            "pace_seconds": [0, 1],
        }
        self.settings.accounts_file.write_text(yaml.safe_dump({"accounts": [account]}, sort_keys=False))

    def _fill_inbox(self, site: str) -> None:
        """The member's archive and address book, as if they had been dropped there a while ago."""
        earlier = time.time() - 60
        for file in fetch_exports(site, ACCOUNT, self.settings.inbox / ACCOUNT):
            os.utime(file, (earlier, earlier))
