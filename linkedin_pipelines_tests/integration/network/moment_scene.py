"""One account, the moments of its connections, and runs over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.moments import Moment, MomentKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.services.birthdays.approvals import approve as approve_birthdays
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS
from linkedin_pipelines.services.moments.campaigns import MomentRun
from linkedin_pipelines.services.moments.lists import MomentList, read_moments
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
BOTH = {"congratulate": ["work_anniversary", "new_job"]}
JOB, ANNIVERSARY = MomentKind.NEW_JOB, MomentKind.WORK_ANNIVERSARY
EXAMPLES = count()
FAR = {"birth_month": 9, "birth_day": 9}


class Killed(BaseException):
    """Nothing of the process runs after this."""


@dataclass
class Here:
    """One account, the moments of its connections, and runs over them."""

    database: Database
    settings: Settings
    clock: ManualClock
    site: MemorySite
    account_id: int
    slug: str = "demo"
    runs: int = 0

    @contextmanager
    def factory(self, *_: object) -> Iterator[MemorySite]:
        yield self.site

    @property
    def today(self) -> date:
        return self.clock.now().date()

    def person(self, slug: str, *moments: tuple[MomentKind, str], **columns: object) -> int:
        for kind, detail in moments:
            self.site.moment_cards.append(Moment(slug, slug.title(), kind, self.today, detail))
        return a_contact(self.database, self.account_id, slug, **(FAR | columns))

    def read(self) -> MomentList:
        self.runs += 1
        run = f"run-{self.runs}"
        return read_moments(self.database, self.settings, self.clock, self.slug, self.today, run, self.factory)

    def approve(self) -> None:
        CONGRATULATIONS.approve(self.database, self.clock, self.slug, self.today, "member", "run")

    def congratulate(self, *, live: bool = True) -> dict[str, Outcome]:
        self.runs += 1
        with MomentRun.opened(
            self.database, self.settings, self.clock, self.slug, self.today, f"run-{self.runs}", live=live,
            site_factory=self.factory,
        ) as run:  # fmt: skip
            return {entry.slug: run.deliver(entry) for entry in run.planned()}

    def day(self) -> dict[str, Outcome]:
        self.read()
        self.approve()
        return self.congratulate()

    def wish(self) -> dict[str | None, Outcome]:
        """The birthday campaign of the day."""
        self.runs += 1
        run_id = f"run-{self.runs}"
        build_list(self.database, self.clock, self.slug, self.today, run_id)
        approve_birthdays(self.database, self.clock, self.slug, self.today, "member", run_id)
        with CampaignRun.opened(
            self.database,
            self.settings,
            self.clock,
            self.slug,
            self.today,
            run_id,
            live=True,
            site_factory=self.factory,
        ) as run:
            return {entry.slug: run.deliver(entry) for entry in run.planned()}

    def reasons(self, seen: MomentList) -> dict[str, Reason | None]:
        return {entry.slug: entry.reason for entry in seen.entries}


def a_stage(database: Database, settings: Settings, clock: ManualClock, slug: str = "demo", **moments: object) -> Here:
    site = MemorySite(today=lambda: clock.now().date())
    return Here(database, settings, clock, site, an_account(database, slug, moments=BOTH | moments), slug)
