"""What the tests of definitions play on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import dagster as dg
from dagster._core.definitions.partitions.context import partition_loading_context  # no public door to it

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.domain.jobs import live_config
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.orchestrator.partitions import campaign_key, month_key
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.actions.site_session import SiteFactory
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite
from linkedin_pipelines_tests.site_control import storage_state

TODAY = date(2026, 3, 18)
LIVE = live_config("birthday_campaign")


class LinkedInOnStage(LinkedIn):
    """Settings and clock of the test under way."""

    def read_settings(self) -> Settings:
        return _on_stage().settings

    def new_clock(self) -> Clock:
        return _on_stage().clock


class CampaignOnStage(Campaign):
    """Delivers to the site in memory of the test under way, or to wherever that test says."""

    def site_factory(self) -> SiteFactory:
        return _on_stage().messengers or _memory_site


@contextmanager
def _memory_site(_settings: Settings, _account: AccountView) -> Iterator[PageSite]:
    stage = _on_stage()
    stage.browsers_opened += 1
    try:
        yield stage.site
    finally:
        stage.browsers_closed += 1


_linkedin = LinkedInOnStage()


@cache
def _definitions() -> dg.Definitions:
    """Built once: it takes a second, and nothing in it belongs to one test."""
    return build_definitions({"linkedin": _linkedin, "campaign": CampaignOnStage(linkedin=_linkedin)})


@cache
def _repository() -> dg.RepositoryDefinition:
    return _definitions().get_repository_def()


_present: list[Stage] = []


def _on_stage() -> Stage:
    return _present[-1]


@dataclass
class Stage:
    """The definitions, and everything of one test's own that they work on."""

    database: Database
    clock: ManualClock
    settings: Settings
    instance: dg.DagsterInstance
    browsers_opened: int = 0
    browsers_closed: int = 0
    site: MemorySite = field(init=False)
    messengers: SiteFactory | None = None

    def __post_init__(self) -> None:
        self.site = MemorySite(today=lambda: self.clock.now().date())
        _present[:] = [self]

    @property
    def definitions(self) -> dg.Definitions:
        return _definitions()

    def account(self, slug: str = "demo", **fields: Any) -> int:
        """An account in the database and among the partitions."""
        account_id = an_account(self.database, slug, **fields)
        self.instance.add_dynamic_partitions("account", [slug])
        return account_id

    def sign_in(self, site: SandboxServer) -> int:
        """The account `demo` on that site, with the session of its member `demo-member`."""
        account_id = self.account(base_url=site.url, timezone="UTC")
        state = storage_state(site.url)
        save_session(self.database, self.settings, "demo", state, "demo-member", self.clock)
        return account_id

    def read_birthdays(self) -> dg.ExecuteInProcessResult:
        """Today's reading of the catch-up page."""
        return self.definitions.resolve_job_def("read_birthdays").execute_in_process(
            instance=self.instance, partition_key=campaign_key("demo", TODAY), raise_on_error=False
        )

    def run(
        self,
        *assets: str,
        account: str = "demo",
        day: date = TODAY,
        live: bool = False,
        tags: dict[str, str] | None = None,
        config: dict[str, Any] | None = None,
        job: str = "birthday_campaign",
    ) -> dg.ExecuteInProcessResult:
        """The campaign's job, or some assets of it, in this process; a failure is a result."""
        return self.definitions.resolve_job_def(job).execute_in_process(
            run_config=config if config is not None else live_config(job) if live else None,
            instance=self.instance,
            partition_key=campaign_key(account, day),
            asset_selection=[dg.AssetKey(asset) for asset in assets] or None,
            tags=tags,
            raise_on_error=False,
        )

    def run_month(self, account: str = "demo", day: date = TODAY) -> dg.ExecuteInProcessResult:
        """The report of the month in which `day` lies."""
        return self.definitions.resolve_job_def("report_month").execute_in_process(
            instance=self.instance, partition_key=month_key(account, day), raise_on_error=False
        )

    def schedule_tick(self, name: str = "birthday_campaign_schedule") -> dg.ScheduleExecutionData:
        """One look of a schedule, at the clock's now."""
        context = dg.build_schedule_context(
            instance=self.instance,
            scheduled_execution_time=self.clock.now(),
            repository_def=_repository(),
            resources=self._resources(),
        )
        with context, self._partitions():
            return self.definitions.resolve_schedule_def(name).evaluate_tick(context)

    def sensor_tick(self, name: str, cursor: str | None = None) -> Any:
        """One look of a sensor, with the runs, cursor and partitions that came of the look before."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=cursor, repository_def=_repository(), resources=self._resources()
        )
        with context, self._partitions():
            return self.definitions.resolve_sensor_def(name).evaluate_tick(context)

    def _partitions(self) -> AbstractContextManager[Any]:
        """Partitions as the code server sees them: the instance's accounts, dates up to the clock's now."""
        return partition_loading_context(effective_dt=self.clock.now(), dynamic_partitions_store=self.instance)

    def _resources(self) -> dict[str, Any]:
        return {"linkedin": _linkedin}


def outcomes(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """How each step of the run ended, by its name."""
    ended = {"STEP_SUCCESS": "success", "STEP_FAILURE": "failure", "STEP_SKIPPED": "skipped"}
    return {
        event.step_key: ended[event.event_type_value]
        for event in result.all_events
        if event.step_key and event.event_type_value in ended
    }


def metadata_of(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """What the asset told of its materialization in this run."""
    events = result.get_asset_materialization_events()
    found = [event.materialization.metadata for event in events if event.asset_key == dg.AssetKey(asset)]
    assert found, f"{asset} was not materialized"
    return {key: value.value for key, value in found[-1].items()}


def rows_of(table: Sequence[dg.TableRecord] | Any) -> list[dict[str, Any]]:
    """The rows of a table's metadata."""
    return [dict(record.data) for record in table]
