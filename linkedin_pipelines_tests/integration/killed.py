"""A campaign in a process of its own that is killed at one step, and a site whose record outlives it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)


class _Kept(list[tuple[str, str]]):
    """Deliveries that are on the disk before the click returns."""

    def __init__(self, path: Path) -> None:
        super().__init__(tuple(json.loads(line)) for line in (path.read_text().splitlines() if path.exists() else ()))
        self._path = path

    def append(self, delivery: tuple[str, str]) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps(delivery) + "\n")
        super().append(delivery)


def kept_site(path: Path) -> MemorySite:
    """The site as it stands: what was delivered before is in the threads."""
    site = MemorySite(today=lambda: TODAY, deliveries=_Kept(path))
    for slug, text in site.deliveries:
        site.say(slug, text, TODAY)
    return site


@dataclass(frozen=True)
class Place:
    """Where campaigns run: the database, the home, the site's record."""

    url: str
    home: Path

    @property
    def record(self) -> Path:
        return self.home / "deliveries.jsonl"

    @contextmanager
    def campaign(self, database: Database, site: MemorySite, now: datetime, run_id: str) -> Iterator[CampaignRun]:
        """An approved live campaign of the day."""

        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield site

        settings, clock = Settings.from_environment({"LINKEDIN_HOME": str(self.home)}), ManualClock(now)
        build_list(database, clock, "demo", TODAY, run_id)
        approve(database, clock, "demo", TODAY, "member", run_id)
        with CampaignRun.opened(
            database, settings, clock, "demo", TODAY, run_id, live=True, site_factory=factory
        ) as run:
            yield run

    def wish_all(self, now: datetime, run_id: str, *, killed_at: str = "") -> None:
        """A whole campaign; with `killed_at`, this process is killed when somebody's wish comes to that step."""

        def kill(_: Recipient) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        site, database = kept_site(self.record), Database(self.url)
        if killed_at:
            site.hooks[killed_at] = kill
        with self.campaign(database, site, now, run_id) as run:
            for entry in run.planned():
                run.deliver(entry)
        database.dispose()

    def killed(self, now: datetime, step: str) -> int | None:
        """Run a campaign in another process until it is killed at `step`; its exit code.

        Forked, for it opens a database of its own and never comes to its end.
        """
        run_id = f"killed at {step}"
        process = multiprocessing.get_context("fork").Process(
            target=self.wish_all, args=(now, run_id), kwargs={"killed_at": step}
        )
        process.start()
        process.join()
        return process.exitcode
