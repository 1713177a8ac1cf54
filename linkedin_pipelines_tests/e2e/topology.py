"""The services of docker-compose.yml as native processes: the same commands, other addresses, each restarted alone."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import yaml

from linkedin_pipelines.runtime.listening import port_of, reserve
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
ALERTMANAGER = shutil.which("prometheus-alertmanager")
CADDY = shutil.which("caddy")
SITE = "ui.localhost"
"""The name under which Caddy is reached: one for which it makes certificates of its own."""
USER, PASSWORD = "member", "a password of the test's"
SECRET = "A" * 43 + "="
OURS = ("code", "webserver", "daemon", "status")
WITH_PORTS = ("code", "webserver", "status", "prometheus", "alertmanager", "caddy")


def succeeds(command: list[str], env: dict[str, str]) -> bool:
    program = [str(PROGRAMS / command[0]), *command[1:]]
    return subprocess.run(program, env=env, capture_output=True, check=False).returncode == 0


class Topology:
    """The processes of one deployment, by the names that compose gives them."""

    def __init__(self, folder: Path, database_url: str, ports: Mapping[str, int]) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._ports = ports
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
            LINKEDIN_ALLOWED_HOSTS=SITE,
            DAGSTER_DISABLE_TELEMETRY="1",
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self._ports[service]}"

    def native(self, service: str) -> list[str]:
        """The service's command, with this machine's addresses."""
        match service:
            case "prometheus":
                return self._prometheus()
            case "alertmanager":
                return self._alertmanager()
            case "caddy":
                return self._caddy()
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
        assert PROMETHEUS is not None
        source = PROJECT_ROOT / "deploy" / "prometheus"
        (self.folder / "rules.yml").write_text((source / "rules.yml").read_text())
        target = f"127.0.0.1:{self._ports['status']}"
        config = (source / "prometheus.compose.yml").read_text().replace("status:8787", target)
        config = config.replace("alertmanager:9093", f"127.0.0.1:{self._ports['alertmanager']}")
        (self.folder / "prometheus.yml").write_text(config.replace("_interval: 30s", "_interval: 2s"))
        return [
            PROMETHEUS,
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{self._ports['prometheus']}",
        ]

    def _alertmanager(self) -> list[str]:
        assert ALERTMANAGER is not None
        return [
            ALERTMANAGER,
            f"--config.file={PROJECT_ROOT / 'deploy' / 'alertmanager' / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager'}",
            "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{self._ports['alertmanager']}",
        ]

    def _caddy(self) -> list[str]:
        """The Caddyfile with this machine's addresses, and nothing on ports 80 and 443."""
        assert CADDY is not None
        here = {
            "admin off": "admin off\n\tdefault_bind 127.0.0.1\n\tskip_install_trust\n\tauto_https disable_redirects",
            "status:8787": f"127.0.0.1:{self._ports['status']}",
            "webserver:3000": f"127.0.0.1:{self._ports['webserver']}",
        }
        written = (PROJECT_ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
        for theirs, ours in here.items():
            assert theirs in written
            written = written.replace(theirs, ours)
        (self.folder / "Caddyfile").write_text(written)
        hashed = subprocess.run(
            [CADDY, "hash-password", "--plaintext", PASSWORD], capture_output=True, text=True, check=True
        )
        self.env |= {
            "LINKEDIN_SITE": f"{SITE}:{self._ports['caddy']}",
            "LINKEDIN_UI_USER": USER,
            "LINKEDIN_UI_PASSWORD_HASH": hashed.stdout.strip(),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }
        return [CADDY, "run", f"--config={self.folder / 'Caddyfile'}", "--adapter=caddyfile"]

    def from_elsewhere(self, path: str, *, signed_in: bool) -> httpx.Response:
        """What a reader on another machine gets: through Caddy, its certificate checked."""
        port = self._ports["caddy"]
        trusted = ssl.create_default_context(cafile=self.folder / "data/caddy/pki/authorities/local/root.crt")
        with httpx.Client(verify=trusted, trust_env=False, timeout=30) as client:
            return client.get(
                f"https://127.0.0.1:{port}{path}",
                headers={"Host": f"{SITE}:{port}"},
                auth=(USER, PASSWORD) if signed_in else None,
                extensions={"sni_hostname": SITE},
            )

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
            case "caddy":
                return self._lets_in()
            case _:
                return answers(f"{self.url(service)}/-/healthy")

    def known_as(self, host: str) -> bool:
        """Whether the guard lets the web server be addressed by the name that compose gives it."""
        request = urllib.request.Request(f"{self.url('webserver')}/server_info", headers={"Host": f"{host}:3000"})
        return answers(request)

    def _lets_in(self) -> bool:
        try:
            return self.from_elsewhere("/server_info", signed_in=True).status_code == httpx.codes.OK
        except (OSError, httpx.TransportError):
            return False

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
    with ExitStack() as held:  # to the end: a service that is started again needs its port
        ports = {name: port_of(held.enter_context(reserve("127.0.0.1", 0))) for name in WITH_PORTS}
        deployed = Topology(folder, database_url, ports)
        try:
            yield deployed
        finally:
            for service, process in deployed.processes.items():
                if process.poll() is None:
                    deployed.kill(service)
