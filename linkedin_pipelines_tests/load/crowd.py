"""Many accounts on one machine: their people, campaigns begun as the schedule begins them, and what became of them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from sqlalchemy import select, text, update

from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.defs.birthdays.schedules import NAME as SCHEDULE
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.orchestrator.runs import Launcher, instance_of
from linkedin_pipelines_tests.e2e.processes import asked
from linkedin_pipelines_tests.torture.installation import CAMPAIGN, Installation
from linkedin_pipelines_tests.torture.test_two_machines import ENDED, LIVE, TICK, place_of

SCHEDULES = """
{{ schedulesOrError(repositorySelector: {{ repositoryLocationName: "{location}", repositoryName: "{repository}" }}) {{
    ... on Schedules {{ results {{ name id }} }} }} }}
"""
_OTHERS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number})
INSERT INTO contacts (account_id, identity_key, profile_slug, full_name, first_name, name_key, status, birth_month,
    birth_day, birthday_disputed, created_at, updated_at)
SELECT {account}, 'other-' || n, 'other-' || n, 'Anna Arendt', 'Anna', 'anna arendt', 'connected', {month},
    1 + n % 28, {no}, '2025-01-01 00:00:00', '2025-01-01 00:00:00' FROM numbers
"""


class Crowd(Installation):
    """An installation whose accounts have `contacts` connections each, of whom `people` have their birthday today."""

    def __init__(
        self,
        folder: Path,
        accounts: int,
        *,
        contacts: int,
        people: int,
        at_once: int,
        database_url: str | None = None,
    ) -> None:
        names = [f"member-{number:03d}" for number in range(accounts)]
        super().__init__(folder, names, people, Quota(per_run=15, per_day=15, per_week=100), database_url=database_url)
        for account in self.accounts:
            self._add_others(self.id_of(account), contacts - people)
        self._allow(at_once)

    def _add_others(self, account_id: int, number: int) -> None:
        """Connections with birthdays months away: in the tables, and on no list."""
        if number < 1:
            return
        month = (self.today + timedelta(days=150)).month
        no = "0" if self.database.dialect == "sqlite" else "false"
        with self.database.writing() as session:
            session.execute(text(_OTHERS.format(number=number, account=account_id, month=month, no=no)))

    def _allow(self, at_once: int) -> None:
        """So many runs at once, as the home's own configuration says it."""
        file = self.settings.home / "dagster.yaml"
        configuration = yaml.safe_load(file.read_text())
        configuration["run_coordinator"]["config"]["max_concurrent_runs"] = at_once
        file.write_text(yaml.safe_dump(configuration))

    def keep_birthdays(self, account: str, number: int) -> None:
        """Let only so many of the account's people have their birthday today."""
        account_id = self.id_of(account)
        with self.database.writing() as session:
            born = select(Contact.id).where(Contact.account_id == account_id, Contact.birth_day == self.today.day)
            ids = session.scalars(born.where(Contact.birth_month == self.today.month).order_by(Contact.id)).all()
            session.execute(
                update(Contact).where(Contact.id.in_(ids[number:])).values(birth_month=None, birth_day=None)
            )

    def stop_schedule(self) -> None:
        """Let no campaign begin but those that are launched here."""
        url, where = place_of(self)
        field = SCHEDULES.format(**where)
        [found] = [one["id"] for one in asked(url, field)["schedulesOrError"]["results"] if one["name"] == SCHEDULE]
        answer = asked(url, f'mutation {{ stopRunningSchedule(id: "{found}") {{ __typename }} }}')
        assert "Error" not in answer["stopRunningSchedule"]["__typename"], answer

    # -- launching ----------------------------------------------------------------------------------------------

    def requests_of_schedule(self) -> tuple[list[dict[str, Any]], float]:
        """The runs that the schedule asks for at this moment, and the seconds it took to ask."""
        url, where = place_of(self)
        begun = time.perf_counter()
        tick = asked(url, TICK.format(moment=self.clock.now().timestamp(), schedule=SCHEDULE, **where))
        result = tick["scheduleDryRun"]["evaluationResult"]
        assert result["error"] is None, result["error"]
        return result["runRequests"] or [], time.perf_counter() - begun

    def launch_all(self) -> Iterator[float]:
        """Launch what the schedule asks for, under the schedule's name, so that its own next tick launches none of it.

        Yields the seconds of the tick first, then those of each launch.
        """
        requests, seconds = self.requests_of_schedule()
        yield seconds
        launcher = Launcher(self.settings.home)
        for request in requests:
            tags = tags_of(request) | {"dagster/schedule_name": SCHEDULE}
            if self.has_campaign(tags["dagster/partition/account"]):
                continue  # the schedule itself came first
            begun = time.perf_counter()
            launcher.launch(CAMPAIGN, tags, LIVE)
            yield time.perf_counter() - begun

    def has_campaign(self, account: str) -> bool:
        """Whether a campaign of the account was ever launched."""
        with instance_of(self.settings.home) as instance:
            tags = {"dagster/partition/account": account}
            return bool(instance.get_runs_count(dg.RunsFilter(job_name=CAMPAIGN, tags=tags)))

    # -- what became of it --------------------------------------------------------------------------------------

    def campaigns(self) -> list[dg.RunRecord]:
        """The records of all campaigns, oldest first."""
        with instance_of(self.settings.home) as instance:
            return list(instance.get_run_records(dg.RunsFilter(job_name=CAMPAIGN), ascending=True))

    def at_rest(self, campaigns: int) -> bool:
        """Whether at least so many campaigns were begun, and no run is going on any more."""
        with instance_of(self.settings.home) as instance:
            begun = instance.get_runs_count(dg.RunsFilter(job_name=CAMPAIGN))
            return begun >= campaigns and not instance.get_runs_count(dg.RunsFilter(statuses=unfinished()))

    def launched_twice(self) -> list[str]:
        """Accounts with more than one campaign."""
        counts = Counter(record.dagster_run.tags["dagster/partition/account"] for record in self.campaigns())
        return [account for account, count in counts.items() if count > 1]

    def first_pages(self) -> dict[str, str]:
        """When the site saw the first request of each account's browser."""
        found: dict[str, str] = {}
        for visit in self.sandbox.get("sessions"):
            if visit["account"] in self.accounts:
                found[visit["account"]] = min(found.get(visit["account"], visit["first_seen"]), visit["first_seen"])
        return found

    def lost(self, people: int) -> list[str]:
        """Accounts whose people did not all get their message."""
        return [account for account in self.accounts if len(self.deliveries(account)) != people]

    @property
    def key(self) -> str:
        """The key of the read API."""
        return (self.settings.home / "api.key").read_text().split()[0]


def tags_of(request: dict[str, Any]) -> dict[str, str]:
    """The tags of a run that the schedule asks for."""
    return {tag["key"]: tag["value"] for tag in request["tags"]}


def unfinished() -> list[dg.DagsterRunStatus]:
    """The states of a run that has not ended."""
    return [status for status in dg.DagsterRunStatus if status not in ENDED]


def tick_seconds(home: Path) -> tuple[dict[str, float], list[str]]:
    """The longest tick of each schedule and sensor, and the errors of those that failed."""
    longest: dict[str, float] = {}
    failed: list[str] = []
    with instance_of(home) as instance:
        for state in instance.all_instigator_state():
            for tick in instance.get_ticks(state.instigator_origin_id, state.selector_id):
                if tick.end_timestamp is not None:
                    seconds = tick.end_timestamp - tick.timestamp
                    longest[state.instigator_name] = max(seconds, longest.get(state.instigator_name, 0.0))
                if tick.error is not None:
                    failed.append(f"{state.instigator_name}: {tick.error.message.splitlines()[0]}")
    return longest, failed


def message_seconds(home: Path, run_id: str) -> list[float]:
    """How long each person's step of a run took."""
    with instance_of(home) as instance:
        steps = instance.get_run_step_stats(run_id)
    return [
        step.end_time - step.start_time
        for step in steps
        if "[contact_" in step.step_key and step.start_time is not None and step.end_time is not None
    ]


def as_json(values: object) -> str:
    """For a file that later runs are compared with."""
    return json.dumps(values, indent=2, default=str) + "\n"
