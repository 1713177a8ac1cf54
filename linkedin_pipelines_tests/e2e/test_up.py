"""`up`, `run` and the end of both, with the real daemon."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines_tests.e2e.homes import zone_far_from_midnight
from linkedin_pipelines_tests.e2e.processes import (
    PROGRAMS,
    START_SECONDS,
    STOP_SECONDS,
    answers,
    asked,
    environment,
    processes_of,
    started,
    wait_until,
)
from linkedin_pipelines_tests.integration.cli.conftest import write_accounts

JOBS = "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } jobs { name } } } } }"


class Installation:
    """A home, and the command on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = environment(LINKEDIN_HOME=str(home), LINKEDIN_LOG_FORMAT="json")
        self.log = home.parent / "up.log"
        zone = zone_far_from_midnight()
        self.today = datetime.now(zone).date().isoformat()
        """The day on which the account comes here; no campaign has a partition before it."""
        write_accounts(home, {"demo": "http://127.0.0.1:9"}, timezone=zone.key)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(PROGRAMS / "linkedin-pipelines"), *arguments]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=240, check=False)

    @property
    def url(self) -> str:
        url: str = json.loads((self.home / "up.json").read_text())["url"]
        return url


def fetched(url: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON that an address answers with; a POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=60) as response:
        found: dict[str, Any] = json.load(response)
        return found


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A home with one account in it."""
    it = Installation(tmp_path / "home")
    assert it("accounts", "apply").returncode == 0
    return it


@pytest.fixture
def up(installation: Installation) -> Iterator[tuple[Installation, subprocess.Popen[bytes]]]:
    """The same, with its stack up."""
    with started(
        "linkedin-pipelines", "up", "--port", "0", "--status-port", "0", env=installation.env, log=installation.log
    ) as process:
        note = installation.home / "up.json"
        wait_until(note.exists, process, installation.log, START_SECONDS)
        yield installation, process


@pytest.mark.timeout(600)
def test_it_serves_launches_and_leaves_nothing_behind(
    up: tuple[Installation, subprocess.Popen[bytes]],
) -> None:
    installation, process = up
    today = installation.today
    assert answers(f"{installation.url}/server_info")
    [repository] = asked(installation.url, JOBS)["repositoriesOrError"]["nodes"]
    assert repository["location"]["name"] == "linkedin_pipelines"
    assert "birthday_campaign" in {job["name"] for job in repository["jobs"]}

    run = installation("run", "import_contacts", "--account", "demo", "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["status"] == "SUCCESS"

    day = installation("run", "birthday_campaign", "--account", "demo", "--date", today, "--json", "--no-wait")
    assert day.returncode == 0, day.stderr
    run_id = json.loads(day.stdout)["run_id"]
    tags = asked(installation.url, f'{{ runOrError(runId: "{run_id}") {{ ... on Run {{ tags {{ key value }} }} }} }}')
    named = {tag["key"]: tag["value"] for tag in tags["runOrError"]["tags"]}
    assert named["dagster/partition"] == f"demo|{today}"
    assert (named["dagster/partition/account"], named["dagster/partition/date"]) == ("demo", today)

    status = json.loads((installation.home / "up.json").read_text())["status_url"]
    wait_until(lambda: answers(f"{status}/ready"), process, installation.log, START_SECONDS)
    assert fetched(f"{status}/ready")["daemon"] == "ok"
    assert fetched(f"{status}/ready")["code_location"] == "ok"
    key = (installation.home / "api.key").read_text().split()[0]
    launched = fetched(
        f"{status}/api/campaigns/birthday_campaign",
        {"account": "demo", "list_date": today},
        {"Authorization": f"Bearer {key}", "Idempotency-Key": "from-the-test"},
    )
    tags = asked(
        installation.url, f'{{ runOrError(runId: "{launched["run_id"]}") {{ ... on Run {{ tags {{ key value }} }} }} }}'
    )
    assert {"key": "dagster/partition", "value": f"demo|{today}"} in tags["runOrError"]["tags"]
    with urllib.request.urlopen(f"{status}/metrics", timeout=60) as response:
        told = response.read().decode()
    assert "dagster_up 1.0" in told
    assert 'dagster_daemon_healthy{daemon="SENSOR"} 1.0' in told
    assert 'dagster_sensor_running{sensor="accounts_sensor"}' in told
    assert 'dagster_completed_runs_total{status="success"}' in told

    twice = installation("up", "--port", "0")
    assert twice.returncode == 1
    assert twice.stderr == f"error: this home is up already at {installation.url}: {installation.home}\n"

    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0, installation.log.read_text()
    assert not (installation.home / "up.json").exists()
    assert processes_of(str(installation.home)) == []

    lines = [json.loads(line) for line in installation.log.read_text().splitlines()]  # one object a line, from all
    events = [line.get("event") for line in lines]
    assert {"up", "stopping"} <= set(events)
    ended = {(line["job"], line["run_id"]) for line in lines if line.get("event") == "run_success"}
    assert ("import_contacts", json.loads(run.stdout)["run_id"]) in ended
    assert key not in installation.log.read_text()


@pytest.mark.timeout(600)
def test_killed_outright_it_takes_its_processes_with_it(
    up: tuple[Installation, subprocess.Popen[bytes]],
) -> None:
    installation, process = up
    process.kill()
    process.wait()
    gone = subprocess.Popen(["sleep", str(STOP_SECONDS)])
    try:
        wait_until(lambda: processes_of(str(installation.home)) == [], gone, installation.log, STOP_SECONDS)
    finally:
        gone.kill()
        gone.wait()


def test_a_port_in_use_is_one_line_and_nothing_is_started(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = installation("up", "--port", port)
    assert refused.returncode == 1
    assert refused.stderr == f"error: port {port} on 127.0.0.1 is in use: choose another with --port\n"
    assert processes_of(str(installation.home)) == []
