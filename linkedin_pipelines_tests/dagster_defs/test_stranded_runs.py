"""A run that died with its machine is found, ended once, and frees its account's place; a living one is left alone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from linkedin_pipelines.db.accounts import heartbeats
from linkedin_pipelines.defs.shared.vocabulary import ACCOUNT_SLOT_TAG
from linkedin_pipelines_tests.dagster_defs.stage import Stage

SENSOR = "stranded_runs_sensor"


@pytest.fixture(scope="module")
def stored_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance:
        yield instance


@pytest.fixture
def instance(stored_instance: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
    yield stored_instance
    stored_instance.wipe()


@pytest.fixture(autouse=True)
def _present(stage: Stage) -> None:
    stage.clock.set(datetime.now(UTC))  # Dagster notes a run's times by the machine's own clock


def a_run(stage: Stage, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED) -> dg.DagsterRun:
    run = stage.instance.create_run_for_job(
        stage.definitions.resolve_job_def("upkeep"), tags={ACCOUNT_SLOT_TAG: "demo"}
    )
    events = {
        dg.DagsterRunStatus.STARTING: [dg.DagsterEventType.PIPELINE_STARTING],
        dg.DagsterRunStatus.STARTED: [dg.DagsterEventType.PIPELINE_STARTING, dg.DagsterEventType.PIPELINE_START],
        dg.DagsterRunStatus.CANCELING: [dg.DagsterEventType.PIPELINE_START, dg.DagsterEventType.PIPELINE_CANCELING],
    }[status]
    for event_type in events:
        stage.instance.report_dagster_event(dg.DagsterEvent(event_type.value, run.job_name), run.run_id)
    stage.clock.set(datetime.now(UTC))  # Dagster stamps its events by the machine's clock, however slow the test is
    return run


def beat(stage: Stage, run: dg.DagsterRun) -> None:
    with stage.database.writing() as session:
        heartbeats.beat(session, run.run_id, "machine", 1, stage.clock.now())


def polls(stage: Stage, times: int = 2, seconds: int = 15) -> None:
    """That many looks of the sensor in a row, each with the cursor that the one before left."""
    cursor: str | None = None
    for _ in range(times):
        cursor = stage.sensor_tick(SENSOR, cursor).cursor
        stage.clock.advance(seconds=seconds)


def status_of(stage: Stage, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = stage.instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def test_a_run_whose_heart_stopped_is_failed(stage: Stage) -> None:
    run = a_run(stage)
    beat(stage, run)
    stage.clock.advance(seconds=61)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.FAILURE


def test_its_account_s_place_in_the_queue_is_free_again(stage: Stage) -> None:
    run = a_run(stage)
    beat(stage, run)
    stage.clock.advance(seconds=61)
    polls(stage)
    occupied = dg.RunsFilter(tags={ACCOUNT_SLOT_TAG: "demo"}, statuses=[dg.DagsterRunStatus.STARTED])
    assert stage.instance.get_runs_count(occupied) == 0


def test_a_run_that_never_beat_counts_from_its_start(stage: Stage) -> None:
    run = a_run(stage)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTED
    stage.clock.advance(seconds=61)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.FAILURE


def test_a_run_that_never_came_to_start_is_failed_too(stage: Stage) -> None:
    run = a_run(stage, dg.DagsterRunStatus.STARTING)
    stage.clock.advance(seconds=150)  # a run that starts slowly is no dead one
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTING
    stage.clock.advance(seconds=51)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.FAILURE


def test_a_run_that_was_being_terminated_ends_as_terminated(stage: Stage) -> None:
    run = a_run(stage, dg.DagsterRunStatus.CANCELING)
    beat(stage, run)
    stage.clock.advance(seconds=61)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.CANCELED


def test_a_living_run_is_left_alone(stage: Stage) -> None:
    run = a_run(stage)
    cursor: str | None = None
    for _ in range(10):
        beat(stage, run)
        stage.clock.advance(seconds=30)
        cursor = stage.sensor_tick(SENSOR, cursor).cursor
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTED


def test_one_look_is_not_enough(stage: Stage) -> None:
    """When a machine wakes from sleep every beat is old; the living beat again before the second look."""
    run = a_run(stage)
    beat(stage, run)
    stage.clock.advance(hours=8)
    cursor = stage.sensor_tick(SENSOR).cursor
    assert json.loads(cursor) == [run.run_id]
    beat(stage, run)
    stage.clock.advance(seconds=15)
    assert json.loads(stage.sensor_tick(SENSOR, cursor).cursor) == []
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTED


def a_process_that_ended() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def beat_here(stage: Stage, run: dg.DagsterRun, pid: int) -> None:
    with stage.database.writing() as session:
        heartbeats.beat(session, run.run_id, socket.gethostname(), pid, stage.clock.now())


def test_a_run_of_this_machine_whose_process_is_gone_is_failed_at_first_sight(stage: Stage) -> None:
    run = a_run(stage)
    beat_here(stage, run, a_process_that_ended())
    stage.clock.advance(seconds=16)
    polls(stage, times=1)
    assert status_of(stage, run) is dg.DagsterRunStatus.FAILURE


def test_a_run_of_this_machine_whose_process_lives_has_its_minute(stage: Stage) -> None:
    run = a_run(stage)
    beat_here(stage, run, os.getpid())
    stage.clock.advance(seconds=16)
    polls(stage, times=3)
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTED


def test_a_namesake_of_this_machine_keeps_its_runs_by_beating(stage: Stage) -> None:
    run = a_run(stage)
    beat_here(stage, run, a_process_that_ended())
    stage.clock.advance(seconds=6)
    polls(stage, times=1)
    assert status_of(stage, run) is dg.DagsterRunStatus.STARTED


def test_a_run_that_was_not_launched_yet_is_not_late(stage: Stage) -> None:
    run = stage.instance.create_run_for_job(stage.definitions.resolve_job_def("upkeep"))
    stage.clock.advance(hours=8)
    polls(stage)
    assert status_of(stage, run) is dg.DagsterRunStatus.NOT_STARTED


def test_a_real_run_beats_and_says_that_it_ended(stage: Stage) -> None:
    stage.instance.add_dynamic_partitions("account", ["demo"])
    stage.account()
    job = stage.definitions.resolve_job_def("upkeep")
    result = job.execute_in_process(instance=stage.instance, partition_key="demo")
    with stage.database.reading() as session:
        assert list(heartbeats.last_heartbeats(session, [result.run_id])) == [result.run_id]
        assert heartbeats.stale(session, stage.clock.now() + timedelta(days=1), timedelta(seconds=60)) == []
