"""Several days of several accounts, launched at once: accounts work side by side, one account never beside itself."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines_tests.e2e.homes import Friend, Home, world_of, zone_far_from_midnight
from linkedin_pipelines_tests.e2e.processes import asked, wait_until
from linkedin_pipelines_tests.site_control import told

ACCOUNTS = ("amelie", "demo")
ASSETS = ("birthday_list", "approved_messages", "birthday_messages", "interactions", "campaign_report")
DAYS = 3
PAUSE_SECONDS = 12
"""Between two people. Idle, so it costs nothing, and a visit lasts long enough for the other account to come."""
RUNS_SECONDS = 900

FRIENDS = {
    "amelie": [Friend(first, "Moreau", days) for days, first in ((0, "Ann"), (0, "Bea"), (1, "Carl"), (1, "Dora"))]
    + [Friend(first, "Moreau", 2) for first in ("Emil", "Flora")],
    "demo": [Friend(first, "Silva", days) for days, first in ((0, "Gus"), (0, "Hanna"), (1, "Ida"), (1, "Jonas"))]
    + [Friend(first, "Silva", 2) for first in ("Karin", "Leo")],
}

LAUNCH = """
mutation {{ launchPartitionBackfill(backfillParams: {{
    assetSelection: [{assets}], partitionNames: {partitions}, runConfigData: {config}
}}) {{ __typename ... on LaunchBackfillSuccess {{ backfillId }} ... on PythonError {{ message }} }} }}
"""
STATUS = '{{ partitionBackfillOrError(backfillId: "{0}") {{ ... on PartitionBackfill {{ status }} }} }}'
RUNS = """
{{ runsOrError(filter: {{ tags: [{{ key: "dagster/backfill", value: "{0}" }}] }}) {{
    ... on Runs {{ results {{ status startTime endTime tags {{ key value }} }} }}
}} }}
"""


@pytest.mark.timeout(1500)
def test_accounts_overlap_and_one_account_never_does(tmp_path: Path) -> None:
    zone = zone_far_from_midnight()
    with SandboxServer(world_of(FRIENDS, zone)) as sandbox:
        home = Home(tmp_path, zone, LINKEDIN_FIRST_DAY=str(datetime.now(zone).date() - timedelta(days=DAYS)))
        # Two wishes a run, so that each of an account's runs has its own visit to make.
        quota = {"birthday_message": {"per_run": 2, "per_day": 15, "per_week": 100}}
        days = [home.today - timedelta(days=ago) for ago in range(DAYS)]
        keys = [str(campaign_key(account, day)) for account in ACCOUNTS for day in days]
        with home.up() as process:
            home.only_by_hand()
            home.furnish(
                dict.fromkeys(ACCOUNTS, sandbox.url),
                approval="automatic",
                pace_seconds=[PAUSE_SECONDS, PAUSE_SECONDS],
                quotas=quota,
            )
            backfill = launched(home.url, keys)
            wait_until(ended(home.url, backfill), process, home.log, RUNS_SECONDS)
            runs = runs_of(home.url, backfill)
        assert sorted(run["dagster/partition"] for run in runs) == sorted(keys)
        assert {run["status"] for run in runs} == {"SUCCESS"}

        visits = {account: times_of(runs, account) for account in ACCOUNTS}
        for account in ACCOUNTS:
            assert len(visits[account]) == DAYS, visits
            for (_, end), (begin, _) in itertools.pairwise(sorted(visits[account])):
                assert end < begin, f"{account} visited twice at the same time: {visits[account]}"
        first, second = visits.values()
        assert any(overlap(one, other) for one in first for other in second), visits

        deliveries = told(sandbox.url, "deliveries")
        for account in ACCOUNTS:
            received = [(d["recipient"], d["text"]) for d in deliveries if d["account"] == account]
            sent = [(row.slug, row.body) for row in home.ledger(account) if row.status == "sent"]
            assert sorted(received) == sorted(sent)
            assert sorted(slug for slug, _ in received) == sorted(friend.slug for friend in FRIENDS[account])
        home.close()


def launched(url: str, keys: list[str]) -> str:
    """Launch a live backfill of the campaign for these partitions; its id."""
    config = json.dumps(json.dumps({"ops": {"birthday_messages": {"config": {"live": True}}}}))
    assets = ", ".join(f'{{ path: ["{asset}"] }}' for asset in ASSETS)
    answer = asked(url, LAUNCH.format(assets=assets, partitions=json.dumps(keys), config=config))
    launch = answer["launchPartitionBackfill"]
    assert launch["__typename"] == "LaunchBackfillSuccess", launch
    return str(launch["backfillId"])


def ended(url: str, backfill: str) -> Callable[[], bool]:
    def probe() -> bool:
        status = asked(url, STATUS.format(backfill))["partitionBackfillOrError"]["status"]
        return status.startswith("COMPLETED") or status in ("FAILED", "CANCELED")

    return probe


def runs_of(url: str, backfill: str) -> list[dict[str, Any]]:
    """The backfill's runs: status, start and end in seconds, and tags by their keys."""
    runs = asked(url, RUNS.format(backfill))["runsOrError"]["results"]
    return [run | {tag["key"]: tag["value"] for tag in run["tags"]} for run in runs]


Visit = tuple[float, float]


def times_of(runs: list[dict[str, Any]], account: str) -> list[Visit]:
    """When each of the account's runs began and ended. Cookies are kept, so the site sees them as one visit."""
    return sorted((run["startTime"], run["endTime"]) for run in runs if run["dagster/partition/account"] == account)


def overlap(one: Visit, other: Visit) -> bool:
    return one[0] < other[1] and other[0] < one[1]
