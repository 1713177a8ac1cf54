"""A new member's first day in Dagster's pages, from the empty graph to the report, a screenshot at every station.

Shared by the test of that walk and by the pictures of README. The people are the demo world's, all invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.sandbox.demo import DemoMember, demo_world
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.services.birthdays.lists import read_list
from linkedin_pipelines_tests.e2e.dagster_ui import DagsterUI, dagster_ui
from linkedin_pipelines_tests.e2e.homes import Home, zone_far_from_midnight
from linkedin_pipelines_tests.site_control import arm

ACCOUNT = "demo"
RUN_SECONDS = 300.0
"""How long a run may take from the queue to its end, or a sensor to launch one."""
QUOTAS = {"birthday_message": {"per_run": 6, "per_day": 6, "per_week": 40}}
WRITTEN = 2
"""So many people are written to before the site asks for a check."""
TALL = 2000
WITH_QUOTAS = 1250
"""Heights of a window in pixels: a page as a whole, and a report as far as its quotas."""


@dataclass
class Walk:
    """The member, in front of the product that runs on the sandbox."""

    home: Home
    sandbox: SandboxServer
    ui: DagsterUI

    @property
    def day(self) -> str:
        return self.home.today.isoformat()

    @property
    def key(self) -> str:
        return str(campaign_key(ACCOUNT, self.home.today))

    def arrive(self) -> None:
        """What is there before anything was done."""
        self.ui.open("/")
        self.ui.shows("birthday_campaign")
        self.ui.screenshot("01 first page")
        self.ui.graph("birthdays", "birthday_list", "approved_messages", "birthday_messages")
        self.ui.screenshot("02 graph")
        self.ui.open("/assets/birthday_list")
        self.ui.shows("birthday is this day")
        self.ui.screenshot("03 list before it is built")
        self.ui.launchpad("birthday_campaign")
        self.ui.screenshot("04 launchpad")

    def read_list(self) -> list[dict[str, str]]:
        """Build the day's list and read it."""
        self.ui.materialize("birthday_list", ACCOUNT, self.day)
        letters = self.ui.partition("birthday_list", self.key, "birthday", RUN_SECONDS)
        self.ui.screenshot("05 list")
        self.ui.screenshot("06 list whole", height=TALL)
        return letters

    def approve(self) -> list[dict[str, str]]:
        """Approve what was read; the site will ask for a check when the third person's turn comes."""
        view = read_list(self.home.database, ACCOUNT, self.home.today)
        assert view is not None
        planned = [entry.slug for entry in view.entries if entry.outcome is EntryOutcome.PLANNED]
        arm(self.sandbox.url, "checkpoint", person=planned[WRITTEN])
        self.ui.materialize("approved_messages", ACCOUNT, self.day)
        approved = self.ui.partition("approved_messages", self.key, "when", RUN_SECONDS)
        self.ui.screenshot("07 approval")
        return approved

    def watch_it_stop(self) -> str:
        """Watch the run that the approval started, until the site stops it; its address."""
        run = self.ui.run_launched_by("approvals_sensor", RUN_SECONDS)
        self.ui.until_run(run, re.compile(rf"\b{WRITTEN} of \d"), RUN_SECONDS)
        self.ui.screenshot("08 run under way")
        self.ui.run(run, RUN_SECONDS)
        self.ui.screenshot("09 run")
        self.ui.runs()
        self.ui.screenshot("10 runs")
        return run

    def read_check(self) -> str:
        """The failed check; all that its page says."""
        said = self.ui.check("birthday_messages", "campaign_came_to_its_end")
        self.ui.screenshot("11 failed check")
        return said

    def resume(self) -> None:
        """What the check asks for: the member passes the site's check by hand and resumes the account."""
        done = self.home("accounts", "resume", ACCOUNT)
        assert done.returncode == 0, done.stderr

    def watch_it_go_on(self, stopped: str) -> str:
        """Watch the run that takes the campaign up again by itself; its address."""
        run = self.ui.run_launched_by("breaker_sensor", RUN_SECONDS, other_than=stopped)
        self.ui.run(run, RUN_SECONDS)
        self.ui.screenshot("12 run that went on")
        [first, *_] = [row for row in self.home.ledger(ACCOUNT) if row.run_id == run.rsplit("/", 1)[-1]]
        self.ui.step(run, f"birthday_messages.wish[contact_{first.contact_id}]")
        assert self.ui.shows(f"Contact {first.contact_id}: sent")
        self.ui.full_message(first.full_name)
        self.ui.screenshot("13 a person")
        return run

    def read_report(self) -> list[dict[str, str]]:
        """The day's report, once the campaign came to its end."""
        rows = self.ui.partition("campaign_report", self.key, "sent_at", RUN_SECONDS)
        self.ui.screenshot("14 report", height=WITH_QUOTAS)
        self.ui.screenshot("15 report whole", height=TALL)
        return rows


@contextmanager
def walk(folder: Path, screenshots: Path) -> Iterator[Walk]:
    """The product on a sandbox with the demo's people, in a home below `folder`, for an account that approves by hand.

    The site asks for a check on the third person; `screenshots` is where the pictures go.
    """
    zone = zone_far_from_midnight()
    member = DemoMember(ACCOUNT, timezone=str(zone), interface=Interface(latency_ms=(0, 50), event_delay_ms=(0, 100)))
    with SandboxServer(demo_world(datetime.now(zone).date(), [member])) as sandbox:
        home = Home(folder, zone)
        home.env.pop("LINKEDIN_FIRST_DAY")  # partitions begin with the account's own first day, as a member sees it
        home.furnish({ACCOUNT: sandbox.url}, approval="manual", quotas=QUOTAS, pace_seconds=[3, 4])
        try:
            with home.up(), dagster_ui(home.settings, home.url, screenshots) as ui:
                yield Walk(home, sandbox, ui)
        finally:
            home.close()
