"""The Docker deployment, read: there need not be a Docker engine to hold it to what it promises."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from linkedin_pipelines.settings import PROJECT_ROOT

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT_ROOT / "deploy" / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["prepare", "code", "webserver", "daemon"]
LASTING = ["postgres", "code", "webserver", "daemon"]
LONGEST_OP_SECONDS = 180 + 120
"""One person: the longest pause that an account's pace takes by default, and slow pages."""


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]


def test_the_services_are_known() -> None:
    assert list(SERVICES) == ["postgres", "prepare", "code", "webserver", "daemon"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_reaps_its_orphans(name: str) -> None:
    assert SERVICES[name]["init"] is True


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_commands_are_run_directly_so_that_signals_reach_them(name: str) -> None:
    command = SERVICES[name]["command"]
    assert isinstance(command, list)
    assert command[0] not in ("sh", "bash")
    assert "ENTRYPOINT" not in DOCKERFILE


def test_the_code_server_is_given_time_to_finish_a_person() -> None:
    assert seconds(SERVICES["code"]["stop_grace_period"]) > LONGEST_OP_SECONDS


@pytest.mark.parametrize("name", SERVICES)
def test_no_host_paths_and_no_secrets(name: str) -> None:
    service = SERVICES[name]
    for volume in service["volumes"]:
        assert volume.split(":")[0] in COMPOSE["volumes"]
    assert service["env_file"] == ["deploy/stack.env"]
    written = " ".join(service.get("environment", {}))
    assert not any(word in written for word in ("PASSWORD", "SECRET", "URL"))


def test_the_ui_is_published_on_loopback_alone() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:3000:3000"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_rights_to_lose(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in SERVICES[name]


def test_each_waits_for_what_it_needs() -> None:
    assert SERVICES["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["code"]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    for name in ("webserver", "daemon"):
        assert SERVICES[name]["depends_on"] == {"code": {"condition": "service_healthy"}}


def test_the_workspace_names_the_code_server_as_compose_does() -> None:
    workspace = yaml.safe_load((PROJECT_ROOT / "deploy" / "workspace.yaml").read_text())
    [location] = workspace["load_from"]
    assert location["grpc_server"]["host"] in SERVICES
    assert f"--port={location['grpc_server']['port']}" in SERVICES["code"]["command"]
    assert f"--location-name={location['grpc_server']['location_name']}" in SERVICES["code"]["command"]


def test_dagster_behaves_alike_in_both_homes() -> None:
    deployed = yaml.safe_load((PROJECT_ROOT / "deploy" / "dagster.yaml").read_text())
    at_home = yaml.safe_load((PROJECT_ROOT / "dagster_home" / "dagster.yaml").read_text())
    assert deployed.pop("storage") == {"postgres": {"postgres_url": {"env": "DAGSTER_POSTGRES_URL"}}}
    assert deployed == at_home


def test_the_example_of_secrets_names_all_that_the_deployment_reads() -> None:
    lines = (PROJECT_ROOT / "deploy" / "stack.env.example").read_text().splitlines()
    names = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    assert names == {
        "DAGSTER_POSTGRES_URL",
        "LINKEDIN_DATABASE_URL",
        "LINKEDIN_SECRET_KEY",
        "POSTGRES_DB",
        "POSTGRES_PASSWORD",
        "POSTGRES_USER",
    }
    assert "deploy/stack.env" in (PROJECT_ROOT / ".gitignore").read_text().splitlines()


def test_the_image_installs_what_is_locked() -> None:
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    copied = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY")]
    assert all((PROJECT_ROOT / path).exists() for path in copied)
