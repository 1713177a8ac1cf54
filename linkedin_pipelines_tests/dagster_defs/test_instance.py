"""The files that configure Dagster itself are taken by the real thing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.run_coordinator import QueuedRunCoordinator
from dagster._core.workspace.load import load_workspace_process_context_from_yaml_paths  # no public door to it

from linkedin_pipelines_tests.checkout import PROJECT_ROOT


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    shutil.copyfile(PROJECT_ROOT / "dagster_home" / "dagster.yaml", tmp_path / "dagster.yaml")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


def test_an_account_runs_one_thing_at_a_time(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
    assert instance.run_coordinator.dequeue_interval_seconds == 2
    queue = instance.get_concurrency_config().run_queue_config
    assert queue is not None
    assert queue.max_concurrent_runs == 4
    assert queue.tag_concurrency_limits == [
        {"key": "dagster/partition/account", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
    ]
    assert queue.max_user_code_failure_retries == 10


def test_runs_are_watched_and_never_simply_repeated(instance: dg.DagsterInstance) -> None:
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_max_runtime_seconds == 4 * 60 * 60
    assert instance.run_monitoring_max_resume_run_attempts == 0
    assert not instance.run_retries_enabled


def test_nothing_is_told_to_anybody(instance: dg.DagsterInstance) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled


def test_the_workspace_loads_the_code_location(instance: dg.DagsterInstance) -> None:
    path = str(PROJECT_ROOT / "workspace.yaml")
    with load_workspace_process_context_from_yaml_paths(instance, [path]) as process:
        entries = process.create_request_context().get_code_location_entries()
        assert list(entries) == ["linkedin_pipelines"]
        assert entries["linkedin_pipelines"].load_error is None
