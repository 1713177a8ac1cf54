"""The product's services on a home of its own, as its jobs call them."""

from __future__ import annotations

import json
import shutil
import traceback
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.accounts import breakers, canary
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.canary import PARTS, Part, ProbeOutcome, ProbeResult
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.accounts.registry import accept_terms, apply_accounts, get_account
from linkedin_pipelines.services.accounts.session_files import read_session_file
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.accounts.signed_in import open_signed_in
from linkedin_pipelines.services.actions.canary import latest_probes
from linkedin_pipelines.services.actions.lease_keeper import held_lease
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.birthdays.readings import read_birthdays
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.lookalike.files import connections_csv, vcards
from linkedin_pipelines_tests.lookalike.oracle import Site

Json = dict[str, Any]


@dataclass
class Said:
    """What the product said of a case."""

    reading: str = "not taken"
    seen: dict[str, str] = field(default_factory=dict)
    planned: list[str] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    outcome: dict[str, str] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    ledger: dict[str, list[str]] = field(default_factory=dict)
    breaker: str = ""
    sign: str = ""
    canary: dict[str, str] = field(default_factory=dict)
    probe: str = ""
    problems: list[str] = field(default_factory=list)


class Product:
    """The product's services on a home of its own."""

    def __init__(self, folder: Path, site: Site, case: Json, template: Path, timeouts: Any) -> None:

        self.site, self.case, self.timeouts = site, case, timeouts
        self.home = folder / "home"
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(template, self.home)
        self.settings = Settings.from_environment({"LINKEDIN_HOME": str(self.home)})
        self.database = Database(self.settings.database_url)
        self.clock = _clock()
        self.account = "look"
        self.run = 0

    @property
    def today(self) -> Any:
        return self.clock.now().date()

    def furnish(self, people: list[Json], *, files: bool) -> None:
        """accounts.yaml, terms, session, imports."""

        language = self.case["language"] if self.case["language"] in ("en", "fr", "de", "es") else "en"
        row = {
            "slug": self.account,
            "display_name": "Look Alike",
            "profile_url": "https://www.linkedin.com/in/demo-member",
            "base_url": self.site.base,
            "timezone": "UTC",
            "language": language,
            "mode": "live",
            "approval": "automatic",
            "hours": "00:00-24:00",
            "pace_seconds": [0, 0],
        }
        self.settings.accounts_file.write_text(json.dumps({"accounts": [row]}))
        apply_accounts(self.database, self.clock, load_accounts_file(self.settings.accounts_file), "lookalike")
        accept_terms(self.database, self.clock, self.account, "lookalike")
        state = read_session_file(self.site.state, self.site.base)
        save_session(self.database, self.settings, self.account, state, "demo-member", self.clock)
        folder = self.home / "files"
        folder.mkdir()
        known = [p for p in people if p["degree"] == 1 or p["birthday"]]
        (folder / "Connections.csv").write_text(connections_csv(known), encoding="utf-8")
        given = [folder / "Connections.csv"]
        if files:
            (folder / "contacts.vcf").write_text(vcards(known), encoding="utf-8", newline="")
            given.append(folder / "contacts.vcf")
        import_files(self.database, self.clock, self.account, given)

    def read(self, said: Said) -> None:
        """The catch-up page, as the product's job `read_birthdays` does."""

        pages = partial(open_signed_in, clock=self.clock, timeouts=self.timeouts)
        try:
            view = read_birthdays(self.database, self.settings, self.clock, self.account, self.today, "reading", pages)
        except LinkedInPipelinesError as error:
            said.reading = f"{type(error).__name__}: {error}"
            return
        said.reading = str(view.outcome) + (f": {view.explanation}" if view.explanation else "")
        said.seen = {p.slug: f"{p.occurs_on} {p.state}" for p in view.people}

    def build(self, said: Said) -> None:

        view = build_list(self.database, self.clock, self.account, self.today, f"run{self.run}")
        said.bodies |= {e.slug: e.body for e in view.entries if e.slug and e.body}
        for e in view.entries:
            if e.slug and e.slug not in said.outcome:
                said.outcome[e.slug], said.reason[e.slug], said.why[e.slug] = (
                    str(e.outcome),
                    str(e.reason or ""),
                    e.explanation or "",
                )
        approve(self.database, self.clock, self.account, self.today, "lookalike", f"run{self.run}")

    def looked(self) -> None:
        """As if the pages had been looked at a moment ago, and were fine: the look costs as much as two deliveries."""

        account = get_account(self.database, self.account)
        seen = [ProbeResult(element, ProbeOutcome.OK) for part in Part for element in PARTS[part]]
        with held_lease(self.database, self.clock, account.id, "looked") as keeper:
            lease = keeper.renew()
            with self.database.writing() as session:
                canary.keep(session, account.id, lease, "looked", seen, self.clock.now())

    def campaign(self, said: Said) -> None:
        """The look and the deliveries, as `site_canary` and `birthday_messages` do."""

        factory = partial(open_signed_in, clock=self.clock, timeouts=self.timeouts)
        self.run += 1
        with CampaignRun.opened(
            self.database,
            self.settings,
            self.clock,
            self.account,
            self.today,
            f"run{self.run}",
            live=False,
            site_factory=factory,
        ) as campaign:
            try:
                campaign.probe()
            except LinkedInPipelinesError as error:
                said.probe = f"{type(error).__name__}: {error}"
            campaign.act(live=True)
            fault = ""
            for entry in campaign.planned():
                slug = entry.slug or ""
                if slug not in said.planned:
                    said.planned.append(slug)
                if fault:
                    said.outcome[slug], said.reason[slug], said.why[slug] = "deferred", "interrupted", fault
                    continue
                try:
                    got = campaign.deliver(entry)
                except LinkedInPipelinesError as error:
                    fault = str(error)
                    said.outcome[slug], said.reason[slug], said.why[slug] = "deferred", "interrupted", fault
                    continue
                except Exception:
                    said.problems.append(traceback.format_exc())
                    continue
                said.outcome[slug], said.reason[slug], said.why[slug] = (
                    str(got.status),
                    str(got.reason or ""),
                    got.explanation or "",
                )

    def tell(self, said: Said) -> None:

        said.ledger = defaultdict(list)
        for row in interactions_of(self.database, self.account):
            if row.kind == "birthday_message" and row.slug:
                said.ledger[row.slug].append(row.status)
                if row.reason:
                    said.why.setdefault(row.slug, row.explanation or "")
        with self.database.reading() as session:
            breaker = breakers.get(session, get_account(self.database, self.account).id)
        said.breaker, said.sign = str(breaker.state), breaker.stop_sign or ""
        said.canary = {
            str(s.element): f"{s.outcome}: {s.reason or ''}"
            for s in latest_probes(self.database, self.account)
            if str(s.outcome) != "ok"
        }

    def close(self) -> None:
        self.database.dispose()


def _clock() -> Any:

    class Ahead(SystemClock):
        """The machine's clock; pauses are skipped, not slept."""

        ahead = timedelta(0)

        def now(self) -> Any:
            return super().now() + self.ahead

        def sleep(self, seconds: float) -> None:
            self.ahead += timedelta(seconds=seconds)

    return Ahead()


def template_home(folder: Path) -> Path:
    """A home with its database made, copied for each case."""

    settings = Settings.from_environment({"LINKEDIN_HOME": str(folder / "template")})
    make_home(settings)
    database = Database(settings.database_url)
    database.upgrade()
    database.dispose()
    return settings.home
