"""The Kubernetes deployment: our own chart and the values for Dagster's, held to each other and to compose."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from linkedin_pipelines.status_server.graphql import LOCATION
from linkedin_pipelines_tests.checkout import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "deploy" / "kubernetes"
CHART = FOLDER / "linkedin-pipelines"
DAGSTER_VALUES = FOLDER / "dagster-values.yaml"
THEIRS: dict[str, Any] = yaml.safe_load(DAGSTER_VALUES.read_text())
OURS: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
HELM = shutil.which("helm")
KUBERNETES_VALIDATE = shutil.which("kubernetes-validate")
DAGSTER_CHART = os.environ.get("DAGSTER_CHART")

needs_helm = pytest.mark.skipif(HELM is None, reason="helm is not on this machine")
POD = {"podSecurityContext", "securityContext", "resources", "volumes", "volumeMounts", "image", "envSecrets", "env"}
KNOWN_KEYS = {
    "": {
        "global", "serviceAccount", "rbacEnabled", "generatePostgresqlPasswordSecret", "generateCeleryConfigSecret",
        "rabbitmq", "redis", "flower", "ingress", "telemetry", "postgresql", "dagsterWebserver", "dagsterDaemon",
        "retention", "runLauncher", "dagster-user-deployments", "additionalInstanceConfig", "imagePullSecrets",
    },
    "global": {"dagsterHome", "postgresqlSecretName", "serviceAccountName"},
    "postgresql": {"enabled", "postgresqlHost", "postgresqlUsername", "postgresqlDatabase", "service"},
    "dagsterWebserver": {*POD, "replicaCount", "workspace"},
    "dagsterWebserver.workspace": {"enabled", "servers"},
    "dagsterDaemon": {*POD, "enabled", "runCoordinator", "runMonitoring", "runRetries", "sensors", "schedules"},
    "dagsterDaemon.runCoordinator": {"enabled", "type", "config"},
    "runLauncher": {"type", "config"},
    "runLauncher.config": {"k8sRunLauncher"},
    "runLauncher.config.k8sRunLauncher": {
        "image", "imagePullPolicy", "jobNamespace", "loadInclusterConfig", "envSecrets", "envVars", "volumes",
        "volumeMounts", "labels", "failPodOnRunFailure", "resources", "schedulerName", "securityContext",
        "runK8sConfig",
    },
    "runLauncher.config.k8sRunLauncher.runK8sConfig": {
        "containerConfig", "podSpecConfig", "podTemplateSpecMetadata", "jobSpecConfig", "jobMetadata",
    },
    "dagster-user-deployments": {"enabled", "enableSubchart", "deployments"},
}  # fmt: skip
"""Objects of the published schema of Dagster's chart (1.13), and those of their keys that these values may use."""


def at(values: dict[str, Any], path: str) -> Any:
    found: Any = values
    for key in filter(None, path.split(".")):
        found = found[key]
    return found


def helm(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(HELM), *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", KNOWN_KEYS)
def test_the_values_for_dagster_s_chart_name_keys_that_it_has(path: str) -> None:
    assert set(at(THEIRS, path)) <= KNOWN_KEYS[path]


@pytest.mark.skipif(DAGSTER_CHART is None or HELM is None, reason="DAGSTER_CHART names no folder of Dagster's chart")
def test_dagster_s_own_chart_and_schema_accept_the_values() -> None:
    done = helm("template", "dagster", str(DAGSTER_CHART), "--values", DAGSTER_VALUES)
    assert done.returncode == 0, done.stderr


def test_dagster_behaves_on_kubernetes_as_it_does_elsewhere() -> None:
    instance = copy.deepcopy(THEIRS["additionalInstanceConfig"])
    elsewhere = yaml.safe_load((PROJECT_ROOT / "deploy" / "dagster.yaml").read_text())
    assert elsewhere.pop("storage")
    assert elsewhere.pop("telemetry") == THEIRS["telemetry"]
    here, there = (each["run_coordinator"]["config"] for each in (instance, elsewhere))
    assert here.pop("max_concurrent_runs") > there.pop("max_concurrent_runs")
    assert instance == elsewhere
    # Written a second time by the chart, a section would be a key twice.
    switched_off = [THEIRS["dagsterDaemon"][key] for key in ("runCoordinator", "runMonitoring", "runRetries")]
    assert [*switched_off, THEIRS["retention"]] == [{"enabled": False}] * 4


def test_runs_are_jobs_that_kubernetes_does_not_start_again() -> None:
    assert THEIRS["runLauncher"]["type"] == "K8sRunLauncher"
    run = THEIRS["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    assert run["jobSpecConfig"]["backoffLimit"] == 0
    # One person is finished first: the longest pause of the pace, and slow pages.
    assert run["podSpecConfig"]["terminationGracePeriodSeconds"] > 180 + 120


def test_the_two_charts_speak_of_the_same_things() -> None:
    [code] = THEIRS["dagster-user-deployments"]["deployments"]
    [server] = THEIRS["dagsterWebserver"]["workspace"]["servers"]
    assert server == {"host": code["name"], "port": code["port"], "name": LOCATION}
    assert f"--location-name={LOCATION}" in code["dagsterApiGrpcArgs"]
    images = [each["image"] for each in (code, THEIRS["dagsterDaemon"], THEIRS["dagsterWebserver"], OURS)]
    assert all(image == images[0] for image in images)
    secrets = [code["envSecrets"], THEIRS["dagsterDaemon"]["envSecrets"]]
    assert secrets == [[{"name": OURS["secretName"]}]] * 2
    assert THEIRS["global"]["postgresqlSecretName"] == OURS["postgresSecretName"]
    assert THEIRS["global"]["serviceAccountName"] == OURS["dagster"]["serviceAccountName"]
    [claim] = [each["persistentVolumeClaim"]["claimName"] for each in code["volumes"] if each["name"] == "home"]
    assert f"name: {claim}\n" in (CHART / "templates" / "home.yaml").read_text()
    home = {"name": "LINKEDIN_HOME", "value": "/srv/linkedin/home"}
    assert home in code["env"]
    assert f"value: {home['value']} " in (CHART / "templates" / "_helpers.tpl").read_text()


def test_dagster_s_web_server_runs_behind_our_guard_alone() -> None:
    assert THEIRS["dagsterWebserver"]["replicaCount"] == 0
    assert THEIRS["ingress"] == {"enabled": False}
    assert "linkedin_pipelines.orchestrator.web_server" in (CHART / "templates" / "guard.yaml").read_text()


def test_the_chart_s_own_values_fit_their_schema() -> None:
    jsonschema.validate(OURS, SCHEMA)


WRONG: dict[str, tuple[str, object]] = {
    "a tag that moves": ("image.tag", "latest"),
    "an unknown policy": ("image.pullPolicy", "Sometimes"),
    "no host name": ("allowedHosts", []),
    "a size without a number": ("home.size", "large"),
    "a container without a memory limit": ("status.resources.limits", {"cpu": "1"}),
    "a release that Dagster's chart would name otherwise": ("dagster.release", "pipelines"),
    "an unknown key": ("replicas", 3),
}


@pytest.mark.parametrize(("path", "value"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_value_is_refused(path: str, value: object) -> None:
    values = copy.deepcopy(OURS)
    parent, _, key = path.rpartition(".")
    at(values, parent)[key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, SCHEMA)


@needs_helm
def test_helm_finds_nothing_wrong_with_the_chart_and_refuses_a_wrong_value() -> None:
    lint = helm("lint", "--strict", CHART)
    assert lint.returncode == 0, lint.stdout
    refused = helm("template", "linkedin", CHART, "--set", "image.tag=latest")
    assert refused.returncode != 0
    assert re.search("image[./]tag", refused.stderr)  # helm 3 writes a point, helm 4 a slash


@pytest.fixture(scope="module")
def rendered() -> str:
    done = helm("template", "linkedin", CHART)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_helm
@pytest.mark.skipif(KUBERNETES_VALIDATE is None, reason="kubernetes-validate is not on this machine")
def test_what_the_chart_renders_is_valid_to_the_last_key(rendered: str, tmp_path: Path) -> None:
    (tmp_path / "rendered.yaml").write_text(rendered)
    check = [str(KUBERNETES_VALIDATE), "--strict", str(tmp_path / "rendered.yaml")]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_helm
def test_no_container_has_rights_to_lose(rendered: str) -> None:
    objects = [each for each in yaml.safe_load_all(rendered) if each]
    pods = [each["spec"]["template"]["spec"] for each in objects if each["kind"] in ("Deployment", "Job")]
    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        [container] = pod["containers"]
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
    guarded = {
        each["spec"]["podSelector"]["matchLabels"].get("component") for each in objects if "Policy" in each["kind"]
    }
    assert "user-deployments" in guarded
