"""Rules, routes and boards under deploy/, judged by Prometheus and Alertmanager themselves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server import metrics as server_metrics
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk
from linkedin_pipelines_tests.integration.status_server.listening import listening

DEPLOY = PROJECT_ROOT / "deploy"
BOARDS = sorted((DEPLOY / "grafana").glob("*.json"))


def tool(name: str, package: str, *arguments: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"no {name} on this machine: Debian's package {package} brings it")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_alert_fires_when_it_should_and_not_when_all_is_well() -> None:
    tool("promtool", "prometheus", "check", "rules", str(DEPLOY / "prometheus" / "rules.yml"))
    for name in ("prometheus.yml", "prometheus.compose.yml"):
        tool("promtool", "prometheus", "check", "config", str(DEPLOY / "prometheus" / name))
    assert "SUCCESS" in tool("promtool", "prometheus", "test", "rules", str(DEPLOY / "prometheus" / "rules_test.yml"))


def test_every_rule_has_its_cases() -> None:
    rules = re.findall(r"alert: (\w+)", (DEPLOY / "prometheus" / "rules.yml").read_text())
    cases = (DEPLOY / "prometheus" / "rules_test.yml").read_text()
    assert len(rules) >= 10
    assert [name for name in rules if f"name: {name} fires" not in cases or f"{name} is silent" not in cases] == []


def test_alerts_reach_the_receiver_meant_for_them() -> None:
    config = str(DEPLOY / "alertmanager" / "alertmanager.yml")
    package = "prometheus-alertmanager"
    tool("amtool", package, "check-config", config)
    route = ["config", "routes", "test", f"--config.file={config}"]
    assert tool("amtool", package, *route, "severity=critical", "alertname=StopSign").strip() == "at-once"
    assert tool("amtool", package, *route, "severity=warning", "alertname=BackupOld").strip() == "daily"


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_a_board_loses_nothing_on_its_way_through_grafanas_own_types(board: Path) -> None:
    """A key that Grafana does not know, or a value of another kind, would be dropped or refused on the way."""
    register_default_plugins()
    given = json.loads(board.read_text())
    back = json.loads(JSONEncoder().encode(Dashboard.from_json(given)))
    assert lost(given, back) == []
    assert lost(given | {"refersh": "1m"}, back) == [".refersh"]


def lost(given: Any, back: Any, path: str = "") -> list[str]:
    """What `given` says and `back` does not."""
    if isinstance(given, dict) and isinstance(back, dict):
        return [
            each
            for key, value in given.items()
            for each in (lost(value, back[key], f"{path}.{key}") if key in back else [f"{path}.{key}"])
        ]
    if isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        pairs = enumerate(zip(given, back, strict=True))
        return [each for number, (one, two) in pairs for each in lost(one, two, f"{path}[{number}]")]
    return [] if given == back else [path]


def queries(board: Path) -> list[str]:
    panels = json.loads(board.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def ask(url: str, query: str) -> list[dict[str, Any]]:
    address = f"{url}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(address, timeout=10) as response:
        answer = json.load(response)
    assert answer["status"] == "success", query
    result: list[dict[str, Any]] = answer["data"]["result"]
    return result


class Prometheus:
    """A real one, scraping one address twice a second."""

    def __init__(self, folder: Path, target: str) -> None:
        program = shutil.which("prometheus")
        if program is None:
            pytest.skip("no prometheus on this machine: Debian's package prometheus brings it")
        config = folder / "prometheus.yml"
        job = {"job_name": "linkedin-pipelines", "static_configs": [{"targets": [target]}]}
        config.write_text(
            json.dumps({"global": {"scrape_interval": "500ms", "scrape_timeout": "500ms"}} | {"scrape_configs": [job]})
        )
        self._log = (folder / "prometheus.log").open("wb")
        self._process = subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                "--web.listen-address=127.0.0.1:0",
            ],
            stdout=self._log,
            stderr=self._log,
        )
        self.url = f"http://127.0.0.1:{self._port(folder / 'prometheus.log')}"

    def _port(self, log: Path) -> int:
        for _ in range(600):
            if ports := re.findall(r"[Ll]istening on\"? (?:address=)?(?:127\.0\.0\.1|\[::\]):(\d+)", log.read_text()):
                return int(ports[0])
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def until(self, query: str, wanted: float) -> None:
        """Look at the query until it has that value."""
        found: list[Any] = []
        for _ in range(600):
            try:
                found = ask(self.url, query)
            except urllib.error.HTTPError as error:
                if error.code != 503:  # it listens before it is ready
                    raise
                found = []
            if found and float(found[0]["value"][1]) == wanted:
                return
            time.sleep(0.1)
        raise AssertionError((query, found))

    def stop(self) -> None:
        os.kill(self._process.pid, signal.SIGTERM)
        self._process.wait(60)
        self._log.close()


def test_a_real_prometheus_sees_what_happens_and_runs_every_query_of_every_board(
    sqlite: Database, settings: Settings, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_metrics, "CACHE_SECONDS", -1.0)
    desk = Desk(sqlite, clock)
    with listening(create_app(settings, sqlite, clock)) as url:
        target = url.removeprefix("http://")
        prometheus = Prometheus(tmp_path, target)
        try:
            sent = 'linkedin_birthday_messages_sent_total{account="demo",status="%s"}'
            prometheus.until(sent % "sent", 0)
            desk.send()
            desk.settle(desk.claimed(), InteractionStatus.FAILED, Reason.WRONG_PERSON)
            prometheus.until(sent % "sent", 1)
            prometheus.until(sent % "failed", 1)
            left = 'linkedin_rate_limit_remaining{account="demo",kind="birthday_message",period="day"}'
            prometheus.until(left, 14)
            known = {each["metric"]["__name__"] for each in ask(prometheus.url, '{job="linkedin-pipelines"}')}
            for board in BOARDS:
                for query in queries(board):
                    ask(prometheus.url, query)
                    names = set(re.findall(r"\blinkedin_\w+", query))
                    assert names - known <= OPTIONAL, (board.name, query, names - known)
        finally:
            prometheus.stop()
        with urllib.request.urlopen(f"{url}/metrics", timeout=10) as response:
            exposition = response.read()
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=exposition, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


OPTIONAL = {
    "linkedin_session_days_left", "linkedin_selector_element_found", "linkedin_contacts_processed_total",
    "linkedin_page_duration_seconds_bucket", "linkedin_event_log_size_bytes", "linkedin_backup_age_seconds",
}  # fmt: skip
"""Series that are there once there is something to tell: a session, a page read, a file, a run, a backup."""
