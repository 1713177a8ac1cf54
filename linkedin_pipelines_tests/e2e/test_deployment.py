"""The processes of docker-compose.yml, run natively against a real Postgres: same commands, other addresses."""

from __future__ import annotations

import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from linkedin_pipelines.cli.processes import claim_port
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.settings import PROJECT_ROOT
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
from linkedin_pipelines_tests.postgres import PostgresForTests

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())
SECRET = "A" * 43 + "="
LOCATIONS = "{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } } }"


@pytest.fixture
def postgres_address(postgres_server: PostgresForTests) -> str:
    """An empty database."""
    return postgres_server.create(migrated=False)


@pytest.mark.timeout(600)
def test_the_deployment_s_processes_work_together_and_stop_cleanly(postgres_address: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    code_port, web_port = claim_port("127.0.0.1", 0), claim_port("127.0.0.1", 0)
    workspace = tmp_path / "workspace.yaml"
    deployed = (PROJECT_ROOT / "deploy" / "workspace.yaml").read_text()
    workspace.write_text(deployed.replace("host: code", "host: 127.0.0.1").replace("4000", str(code_port)))
    env = environment(
        DAGSTER_HOME=str(home),
        LINKEDIN_HOME=str(home),
        LINKEDIN_LOG_FORMAT="json",
        LINKEDIN_DATABASE_URL=postgres_address,
        DAGSTER_POSTGRES_URL=postgres_address.replace("postgresql:", "postgresql+psycopg2:"),
        LINKEDIN_SECRET_KEY=SECRET,
        DAGSTER_DISABLE_TELEMETRY="1",
    )

    def native(service: str) -> list[str]:
        command: list[str] = COMPOSE["services"][service]["command"]
        here = {
            "--host=0.0.0.0": "--host=127.0.0.1",
            "--port=4000": f"--port={code_port}",
            "--port=3000": f"--port={web_port}",
            "--workspace=deploy/workspace.yaml": f"--workspace={workspace}",
        }
        return [here.get(word, word) for word in command]

    python, *script = native("prepare")
    prepared = subprocess.run(
        [PROGRAMS / python, *script], env=env, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert prepared.returncode == 0, prepared.stderr
    database = Database(postgres_address)
    database.require_current_schema()
    database.dispose()

    with ExitStack() as stack:
        code = stack.enter_context(started(*native("code"), env=env, log=tmp_path / "code.log"))
        health = ["dagster", "api", "grpc-health-check", "--host=127.0.0.1", f"--port={code_port}"]
        wait_until(lambda: succeeds(health, env), code, tmp_path / "code.log", START_SECONDS)
        web = stack.enter_context(started(*native("webserver"), env=env, log=tmp_path / "web.log"))
        daemon = stack.enter_context(started(*native("daemon"), env=env, log=tmp_path / "daemon.log"))
        url = f"http://127.0.0.1:{web_port}"
        wait_until(lambda: answers(f"{url}/server_info"), web, tmp_path / "web.log", START_SECONDS)
        [location] = asked(url, LOCATIONS)["workspaceOrError"]["locationEntries"]
        assert location["name"] == "linkedin_pipelines"
        assert location["locationOrLoadError"]["__typename"] == "RepositoryLocation"
        alive = COMPOSE["services"]["daemon"]["healthcheck"]["test"][1:]
        wait_until(lambda: succeeds(alive, env), daemon, tmp_path / "daemon.log", START_SECONDS)

        for process in (daemon, web, code):
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0, process.args
    assert processes_of(str(home)) == []


def succeeds(command: list[str], env: dict[str, str]) -> bool:
    return (
        subprocess.run([PROGRAMS / command[0], *command[1:]], env=env, capture_output=True, check=False).returncode == 0
    )
