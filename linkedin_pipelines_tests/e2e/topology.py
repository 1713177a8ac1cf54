"""The services of docker-compose.yml as native processes: the same commands, other addresses, each restarted alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from linkedin_pipelines.runtime.processes import claim_port
from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.e2e.processes import (
    PROGRAMS,
    START_SECONDS,
    STOP_SECONDS,
    answers,
    environment,
    wait_until,
)

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())
PROMETHEUS = shutil.which("prometheus")
SECRET = "A" * 43 + "="
OURS = ("code", "webserver", "daemon", "status")


def succeeds(command: list[str], env: dict[str, str]) -> bool:
    program = [str(PROGRAMS / command[0]), *command[1:]]
    return subprocess.run(program, env=env, capture_output=True, check=False).returncode == 0


class Topology:
    """The processes of one deployment, by the names that compose gives them."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._ports = {name: claim_port("127.0.0.1", 0) for name in (*OURS, "prometheus") if name != "daemon"}
        self._workspace = folder / "workspace.yaml"
        deployed = (PROJECT_ROOT / "deploy" / "workspace.yaml").read_text()
        self._workspace.write_text(
            deployed.replace("host: code", "host: 127.0.0.1").replace("4000", str(self._ports["code"]))
        )
        self.env = environment(
            DAGSTER_HOME=str(self.home),
            LINKEDIN_HOME=str(self.home),
            LINKEDIN_LOG_FORMAT="json",
            LINKEDIN_DATABASE_URL=database_url,
            DAGSTER_POSTGRES_URL=database_url.replace("postgresql:", "postgresql+psycopg2:"),
            LINKEDIN_SECRET_KEY=SECRET,
            DAGSTER_DISABLE_TELEMETRY="1",
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self._ports[service]}"

    def native(self, service: str) -> list[str]:
        """The service's command, with this machine's addresses."""
        if service == "prometheus":
            return self._prometheus()
        command: list[str] = COMPOSE["services"][service]["command"]
        here = {
            "--host=0.0.0.0": "--host=127.0.0.1",
            "--port=4000": f"--port={self._ports['code']}",
            "--port=3000": f"--port={self._ports['webserver']}",
            "--port=8787": f"--port={self._ports['status']}",
            "--web-server=http://webserver:3000": f"--web-server={self.url('webserver')}",
            "--workspace=deploy/workspace.yaml": f"--workspace={self._workspace}",
        }
        return [here.get(word, word) for word in command]

    def _prometheus(self) -> list[str]:
        if PROMETHEUS is None:
            pytest.skip("no prometheus on this machine: Debian's package prometheus brings it")
        source = PROJECT_ROOT / "deploy" / "prometheus"
        (self.folder / "rules.yml").write_text((source / "rules.yml").read_text())
        target = f"127.0.0.1:{self._ports['status']}"
        config = (source / "prometheus.compose.yml").read_text().replace("status:8787", target)
        (self.folder / "prometheus.yml").write_text(config.replace("_interval: 30s", "_interval: 2s"))
        return [
            PROMETHEUS,
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{self._ports['prometheus']}",
        ]

    def prepare(self) -> None:
        """What compose's service `prepare` does."""
        python, *script = self.native("prepare")
        prepared = subprocess.run(
            [PROGRAMS / python, *script], env=self.env, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
        )
        assert prepared.returncode == 0, prepared.stderr

    def start(self, service: str) -> None:
        """Start the service, and wait until it is as healthy as compose would have it."""
        program, *arguments = self.native(service)
        log = self._log(service)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [PROGRAMS / program, *arguments], env=self.env, stdout=output, stderr=output, start_new_session=True
            )
        self.processes[service] = process
        wait_until(lambda: self.healthy(service), process, log, START_SECONDS)

    def healthy(self, service: str) -> bool:
        match service:
            case "code":
                port = f"--port={self._ports['code']}"
                return succeeds(["dagster", "api", "grpc-health-check", "--host=127.0.0.1", port], self.env)
            case "daemon":
                return succeeds(COMPOSE["services"]["daemon"]["healthcheck"]["test"][1:], self.env)
            case "webserver":
                return answers(f"{self.url(service)}/server_info") and self.known_as("webserver")
            case "status":
                return answers(f"{self.url(service)}/health")
            case _:
                return answers(f"{self.url(service)}/-/healthy")

    def known_as(self, host: str) -> bool:
        """Whether the guard lets the web server be addressed by the name that compose gives it."""
        request = urllib.request.Request(f"{self.url('webserver')}/server_info", headers={"Host": f"{host}:3000"})
        return answers(request)

    def kill(self, service: str) -> None:
        """SIGKILL to the service and all that it started."""
        process = self.processes[service]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """SIGTERM to each, the last started first; each must end well."""
        for service, process in reversed(self.processes.items()):
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0, f"{service}: {self._log(service).read_text()[-4000:]}"

    def _log(self, service: str) -> Path:
        return self.folder / f"{service}.log"


@contextmanager
def topology(folder: Path, database_url: str) -> Iterator[Topology]:
    """A deployment of which nothing is left afterwards."""
    deployed = Topology(folder, database_url)
    try:
        yield deployed
    finally:
        for service, process in deployed.processes.items():
            if process.poll() is None:
                deployed.kill(service)
