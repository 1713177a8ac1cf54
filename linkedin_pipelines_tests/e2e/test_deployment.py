"""The processes of docker-compose.yml, run natively against a real Postgres, in peace and with each killed in turn."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines_tests.e2e.processes import answers, asked, processes_of
from linkedin_pipelines_tests.e2e.topology import OURS, PROMETHEUS, SECRET, Topology, topology
from linkedin_pipelines_tests.postgres import PostgresForTests
from linkedin_pipelines_tests.torture.installation import Installation
from linkedin_pipelines_tests.torture.servers import KillablePostgres, wait_until

LOCATIONS = "{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } } }"
ACCOUNT = "demo"
VICTIMS = ["status", "prometheus", "webserver", "daemon", "postgres", "code"]
PEOPLE = len(VICTIMS) + 2
GOES_ON_SECONDS = 420.0
"""From a kill until the next message: the run may have died, and its successor has a browser to start."""


@pytest.fixture
def postgres_address(postgres_server: PostgresForTests) -> str:
    """An empty database."""
    return postgres_server.create(migrated=False)


@pytest.mark.timeout(600)
def test_the_deployment_s_processes_work_together_and_stop_cleanly(postgres_address: str, tmp_path: Path) -> None:
    with topology(tmp_path, postgres_address) as deployed:
        deployed.prepare()
        database = Database(postgres_address)
        database.require_current_schema()
        database.dispose()
        for service in OURS:
            deployed.start(service)
        [location] = asked(deployed.url("webserver"), LOCATIONS)["workspaceOrError"]["locationEntries"]
        assert location["name"] == "linkedin_pipelines"
        assert location["locationOrLoadError"]["__typename"] == "RepositoryLocation"
        assert not deployed.known_as("elsewhere.example.org")
        deployed.stop()
    assert processes_of(str(deployed.home)) == []


@pytest.fixture
def killable_postgres() -> Iterator[KillablePostgres]:
    """A server of the test's own, since it will be killed."""
    server = KillablePostgres()
    try:
        yield server
    finally:
        server.start()
        server.stop()


def launched(deployed: Topology) -> dict[str, Any]:
    """Queue today's campaign as a program of the member's would: through the status server."""
    key = (deployed.home / "api.key").read_text().split()[0]
    request = urllib.request.Request(
        f"{deployed.url('status')}/api/campaigns/birthday_campaign",
        json.dumps({"account": ACCOUNT, "live": True}).encode(),
        {"Authorization": f"Bearer {key}", "Idempotency-Key": "campaign-of-today", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def counted(deployed: Topology) -> float:
    """How many messages Prometheus has heard were sent."""
    query = urllib.parse.urlencode({"query": 'sum(linkedin_birthday_messages_sent_total{status="sent"})'})
    with urllib.request.urlopen(f"{deployed.url('prometheus')}/api/v1/query?{query}", timeout=30) as response:
        result = json.load(response)["data"]["result"]
    return float(result[0]["value"][1]) if result else 0.0


@pytest.mark.long
@pytest.mark.timeout(1100)
@pytest.mark.skipif(PROMETHEUS is None, reason="no prometheus on this machine: Debian's package brings it")
def test_every_process_may_be_killed_in_turn_and_each_message_arrives_once(
    killable_postgres: KillablePostgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address = killable_postgres.create(migrated=False)
    monkeypatch.setenv("LINKEDIN_SECRET_KEY", SECRET)
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", address.replace("postgresql:", "postgresql+psycopg2:"))
    place = Installation(
        tmp_path, [ACCOUNT], PEOPLE, Quota(per_run=15, per_day=15, per_week=100), database_url=address, secret=SECRET
    )

    def sent() -> int:
        return len(place.deliveries(ACCOUNT))

    def arrives(count: int, after: str) -> float:
        begun = time.monotonic()
        wait_until(lambda: sent() >= count, f"no message number {count} after {after}", GOES_ON_SECONDS)
        return round(time.monotonic() - begun, 1)

    took: dict[str, Any] = {}
    try:
        with topology(tmp_path, address) as deployed:
            deployed.prepare()
            add_partitions(deployed.home, [ACCOUNT])
            for service in (*OURS, "prometheus"):
                deployed.start(service)
            wait_until(lambda: answers(f"{deployed.url('status')}/ready"), "the deployment is not ready", 400)
            launched(deployed)
            took["first message"] = arrives(1, "the launch")
            for victim in VICTIMS:
                before = sent()
                strike(deployed, killable_postgres, victim)
                took[victim] = arrives(min(before + 1, PEOPLE), f"{victim} was killed")
            arrives(PEOPLE, "all kills")
            wait_until(settled(place), "not all settled", GOES_ON_SECONDS)
            wait_until(lambda: counted(deployed) == PEOPLE, "Prometheus has not heard of all", 300)
            with capsys.disabled():
                print(f"\nkilled in turn, seconds until the next message: {took}")  # noqa: T201 - for whoever runs it
            books = place.compare()
            deployed.stop()
    finally:
        place.close()
    assert books.wrong == []
    assert (books.deliveries, books.sent) == (PEOPLE, PEOPLE)


def strike(deployed: Topology, postgres: KillablePostgres, victim: str) -> None:
    """Kill it, and start it again as a restart policy would."""
    if victim == "postgres":
        postgres.kill()
        postgres.start()
        return
    deployed.kill(victim)
    deployed.start(victim)


def settled(place: Installation) -> Callable[[], bool]:
    return lambda: place.unsettled(ACCOUNT) == 0 and place.compare().sent == PEOPLE
