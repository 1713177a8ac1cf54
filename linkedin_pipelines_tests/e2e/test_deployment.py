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
from linkedin_pipelines_tests.e2e.topology import ALERTMANAGER, CADDY, OURS, PROMETHEUS, SECRET, Topology, topology
from linkedin_pipelines_tests.postgres import PostgresForTests
from linkedin_pipelines_tests.torture.installation import Installation
from linkedin_pipelines_tests.torture.servers import KillablePostgres, wait_until

LOCATIONS = "{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } } }"
ACCOUNT = "demo"
VICTIMS = ["status", "prometheus", "alertmanager", "caddy", "webserver", "daemon", "postgres", "code"]
PEOPLE = 14
PACE_SECONDS = (4, 6)
"""Slow enough that no victim's return outlasts the messages: some are left whenever one is killed."""
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


@pytest.mark.timeout(600)
@pytest.mark.skipif(CADDY is None, reason="no caddy on this machine: Debian's package brings it")
def test_from_elsewhere_the_ui_is_reached_with_a_sign_in_alone(postgres_address: str, tmp_path: Path) -> None:
    with topology(tmp_path, postgres_address) as deployed:
        deployed.prepare()
        for service in ("webserver", "status", "caddy"):
            deployed.start(service)
        for path in ("/", "/server_info", "/graphql", "/approved", "/metrics", "/api/contacts"):
            assert deployed.from_elsewhere(path, signed_in=False).status_code == 401, path
        seen = deployed.from_elsewhere("/server_info", signed_in=True)
        assert "dagster_webserver_version" in seen.json()
        assert seen.headers["strict-transport-security"] == "max-age=31536000"
        # Addresses that carry a secret of their own are judged by the status server, without a sign-in.
        for path in ("/approve/wrong", "/calendar/wrong.ics"):
            refused = deployed.from_elsewhere(path, signed_in=False)
            assert refused.status_code == 404, path
            assert "www-authenticate" not in refused.headers
        deployed.stop()


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


def tells_alertmanager(deployed: Topology) -> bool:
    """Whether Prometheus would send its alerts to the Alertmanager that was killed."""
    with urllib.request.urlopen(f"{deployed.url('prometheus')}/api/v1/alertmanagers", timeout=30) as response:
        active = json.load(response)["data"]["activeAlertmanagers"]
    return [each["url"] for each in active] == [f"{deployed.url('alertmanager')}/api/v2/alerts"]


@pytest.mark.long
@pytest.mark.timeout(1100)
@pytest.mark.skipif(
    None in (PROMETHEUS, ALERTMANAGER, CADDY),
    reason="needs Debian's packages prometheus, prometheus-alertmanager and caddy",
)
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
        tmp_path,
        [ACCOUNT],
        PEOPLE,
        Quota(per_run=15, per_day=15, per_week=100),
        database_url=address,
        secret=SECRET,
        pace_seconds=PACE_SECONDS,
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
            for service in (*OURS, "alertmanager", "prometheus", "caddy"):
                deployed.start(service)
            wait_until(lambda: answers(f"{deployed.url('status')}/ready"), "the deployment is not ready", 400)
            launched(deployed)
            took["first message"] = arrives(1, "the launch")
            for victim in VICTIMS:
                strike(deployed, killable_postgres, victim)
                assert sent() < PEOPLE, f"all was sent before {victim} was back"
                took[victim] = arrives(sent() + 1, f"{victim} was killed")
            arrives(PEOPLE, "all kills")
            wait_until(settled(place), "not all settled", GOES_ON_SECONDS)
            wait_until(lambda: counted(deployed) == PEOPLE, "Prometheus has not heard of all", 300)
            wait_until(lambda: tells_alertmanager(deployed), "Prometheus has no Alertmanager", 300)
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
