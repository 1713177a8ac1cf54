"""The sensor that tells people: failed runs and failing sensors too, by a mail server that is really there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import InProcessCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster_shared.error import SerializableErrorInfo

from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.dagster_defs.stage import Stage
from linkedin_pipelines_tests.mailbox import receiving

_moments = itertools.count(1_000_000)
"""Looks are told apart, and ordered, by their moments."""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """One that keeps what its sensors did."""
    folder = tmp_path / "dagster"
    folder.mkdir()
    with dg.DagsterInstance.local_temp(str(folder)) as instance:
        yield instance


def polls(instance: dg.DagsterInstance, sensor: str, *statuses: TickStatus) -> None:
    """Let the instance know of that sensor and how its looks ended, oldest first."""
    target = LoadableTargetOrigin(module_name="elsewhere")
    repository = RemoteRepositoryOrigin(InProcessCodeLocationOrigin(target), "__repository__")
    origin = RemoteInstigatorOrigin(repository, sensor)
    state = InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING, SensorInstigatorData())
    if instance.get_instigator_state(state.instigator_origin_id, state.selector_id) is None:
        instance.add_instigator_state(state)
    for status in statuses:
        instance.create_tick(
            TickData(
                instigator_origin_id=state.instigator_origin_id,
                instigator_name=sensor,
                instigator_type=InstigatorType.SENSOR,
                status=status,
                timestamp=float(next(_moments)),
                selector_id=state.selector_id,
                error=SerializableErrorInfo("the home is away", [], None) if status is TickStatus.FAILURE else None,
            )
        )


def test_sensors_and_runs_that_fail_are_told_and_the_end_as_well(stage: Stage) -> None:
    stage.account(columns={"created_at": stage.clock.now()}, notices={"email": "member@example.org"})
    with receiving() as mailbox:
        environment = {
            "LINKEDIN_HOME": str(stage.settings.home),
            "LINKEDIN_DATABASE_URL": stage.database.url,
            "LINKEDIN_SMTP_URL": mailbox.url,
            "LINKEDIN_NOTICE_EMAIL": "operator@example.org",
        }
        stage.settings = Settings.from_environment(environment)
        polls(stage.instance, "inbox_sensor", TickStatus.SKIPPED, TickStatus.FAILURE)
        assert stage.sensor_tick("notices_sensor").skip_message.endswith("Lasting: nothing to tell.")
        polls(stage.instance, "inbox_sensor", TickStatus.FAILURE, TickStatus.STARTED)
        failed = stage.run("birthday_messages")  # without a list, and without an approval
        assert not failed.success
        told = stage.sensor_tick("notices_sensor").skip_message
        assert "2 messages sent (email)" in told
        assert {(mail["To"], mail["Subject"]) for mail in mailbox.mails} == {
            ("operator@example.org", "[LinkedIn Pipelines] the sensor inbox_sensor fails"),
            ("member@example.org", "[LinkedIn Pipelines] demo: birthday_campaign failed"),
        }
        assert failed.run_id in "".join(mail.get_content() for mail in mailbox.mails)
        mailbox.mails.clear()
        polls(stage.instance, "inbox_sensor", TickStatus.SKIPPED)
        stage.sensor_tick("notices_sensor")
        stage.clock.advance(timedelta(minutes=16))
        stage.sensor_tick("notices_sensor")
        assert mailbox.subjects == ["[LinkedIn Pipelines] over: the sensor inbox_sensor fails"]
