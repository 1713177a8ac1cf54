"""Everything at once: two machines' stacks on one Postgres, and on each of them several ways to start a campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from linkedin_pipelines.defs.birthdays.schedules import NAME as SCHEDULE
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.orchestrator.runs import Launcher, instance_of
from linkedin_pipelines.runtime.home import UpNote
from linkedin_pipelines_tests.e2e.processes import asked
from linkedin_pipelines_tests.torture.installation import CAMPAIGN, Installation
from linkedin_pipelines_tests.torture.servers import wait_until

pytestmark = pytest.mark.long

ACCOUNTS = ("amelie", "demo")
PEOPLE = 9
QUOTA = Quota(per_run=4, per_day=6, per_week=30)
LIVE = {"ops": {"birthday_messages": {"config": {"live": True}}}}
REST_SECONDS = 900
ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)

BACKFILL = """
mutation {{ launchPartitionBackfill(backfillParams: {{
    selector: {{ partitionSetName: "{job}_partition_set",
        repositorySelector: {{ repositoryLocationName: "{location}", repositoryName: "{repository}" }} }},
    partitionNames: {partitions}, runConfigData: {config}
}}) {{ __typename ... on LaunchBackfillSuccess {{ backfillId }} ... on PythonError {{ message }} }} }}
"""
TICK = """
mutation {{ scheduleDryRun(timestamp: {moment}, selectorData: {{
    repositoryLocationName: "{location}", repositoryName: "{repository}", scheduleName: "{schedule}" }}
) {{ __typename ... on DryRunInstigationTick {{ evaluationResult {{
    runRequests {{ runConfigYaml tags {{ key value }} }} skipReason error {{ message }} }} }} }} }}
"""
REPOSITORIES = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"


@pytest.fixture
def machines(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Installation, Installation]]:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    first = Installation(tmp_path / "first", ACCOUNTS, PEOPLE, QUOTA, database_url=postgres_url)
    second = first.twin(tmp_path / "second")
    try:
        first.start()
        second.start()
        yield first, second
    finally:
        second.close()
        first.close()


@pytest.mark.timeout(1800)
def test_limits_are_met_exactly_whoever_launches(machines: tuple[Installation, Installation]) -> None:
    first, second = machines
    with_schedule, with_backfill = launch_by_schedule(second), launch_backfill(first)
    for machine in machines:
        for account in ACCOUNTS:
            machine.launch(account)
    assert (with_schedule, with_backfill) == (len(ACCOUNTS), len(ACCOUNTS))
    for machine in machines:
        wait_until(partial(at_rest, machine, 2 * len(ACCOUNTS)), "runs are still going on", REST_SECONDS)

    # Who found the account taken has given up; what is left, one more launch may use.
    for account in ACCOUNTS:
        if first.left(account):
            first.launch(account)
    wait_until(lambda: at_rest(first, 2 * len(ACCOUNTS)), "runs are still going on", REST_SECONDS)

    books = first.compare()
    assert books.wrong == []
    assert {account: len(first.deliveries(account)) for account in ACCOUNTS} == dict.fromkeys(ACCOUNTS, QUOTA.per_day)


def launch_backfill(machine: Installation) -> int:
    """Today's campaign of every account as one backfill; how many partitions."""
    url, where = place_of(machine)
    keys = [str(campaign_key(account, machine.today)) for account in machine.accounts]
    config, partitions = json.dumps(json.dumps(LIVE)), json.dumps(keys)
    answer = asked(url, BACKFILL.format(job=CAMPAIGN, partitions=partitions, config=config, **where))
    assert answer["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", answer
    return len(keys)


def launch_by_schedule(machine: Installation) -> int:
    """What the schedule asks for at this moment, launched; how many runs."""
    url, where = place_of(machine)
    moment = machine.clock.now().timestamp()
    tick = asked(url, TICK.format(moment=moment, schedule=SCHEDULE, **where))["scheduleDryRun"]
    requests = tick["evaluationResult"]["runRequests"] or []
    for request in requests:
        tags = {tag["key"]: tag["value"] for tag in request["tags"]}
        Launcher(machine.settings.home).launch(CAMPAIGN, tags, LIVE)
    return len(requests)


def place_of(machine: Installation) -> tuple[str, dict[str, str]]:
    """The machine's web server, and the names under which it serves the product."""
    url = UpNote.read(machine.settings.home).url
    found: list[dict[str, Any]] = []

    def loaded() -> bool:
        with suppress(KeyError, TypeError):
            found.extend(asked(url, REPOSITORIES)["repositoriesOrError"]["nodes"])
        return bool(found)

    wait_until(loaded, "the code location is not loaded")
    return url, {"location": found[0]["location"]["name"], "repository": found[0]["name"]}


def at_rest(machine: Installation, campaigns: int) -> bool:
    """Whether at least so many campaigns were begun there, and nothing is going on any more."""
    with instance_of(machine.settings.home) as instance:
        begun = instance.get_runs_count(dg.RunsFilter(job_name=CAMPAIGN))
        return begun >= campaigns and all(run.status in ENDED for run in instance.get_runs())
