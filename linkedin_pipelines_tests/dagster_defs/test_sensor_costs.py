"""What a tick of a sensor costs the code server, counted in what is read, by way of Dagster's own entry point."""

from __future__ import annotations

from typing import Any

import alembic.util
import dagster as dg
import pytest
from dagster._core.storage import sql
from dagster._grpc.impl import get_external_sensor_execution

from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.dagster_defs.stage import Stage
from linkedin_pipelines_tests.integration.ledger.test_query_plans import statements

IDLE = ("accounts_sensor", "in_doubt_sensor", "stranded_runs_sensor")


def test_a_tick_of_the_approvals_sensor_asks_as_little_of_many_days_as_of_few(stage: Stage) -> None:
    """Each of the days on which a late wish is allowed was asked for its approval in transactions of its own."""
    account = stage.account(approval="manual", late={"max_days": 1})
    asked = []
    for days in (1, 14):
        edit_account(stage.database, account, late={"max_days": days})
        with statements() as seen:
            stage.sensor_tick("approvals_sensor")
        asked.append(sum("list_approvals" in statement for statement, _ in seen))
    assert asked == [1, 1]


def test_dagsters_migration_scripts_are_read_by_the_first_tick_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tick opens Dagster's storage, which compared itself with ninety scripts, read anew each time."""
    for name, value in settings.child_environment({}).items():
        monkeypatch.setenv(name, value)
    found: Any = vars(sql)["ScriptDirectory"]
    monkeypatch.setattr(sql, "ScriptDirectory", getattr(found, "_directory", found))
    read: list[str] = []
    load = alembic.util.load_python_file

    def noted(folder: Any, name: str) -> Any:
        read.append(name)
        return load(folder, name)

    monkeypatch.setattr(alembic.util, "load_python_file", noted)
    make_home(settings)
    database = open_database(settings)
    database.upgrade()
    database.dispose()
    repository = build_definitions().get_repository_def()
    with dg.DagsterInstance.from_config(str(settings.home)) as instance:
        reference = instance.get_ref()
    del read[:]  # our own migrations, and those that made Dagster's storage

    def tick(sensor: str) -> None:
        origin: Any = None  # names the code server in the runs that a sensor asks for, and these ask for none
        told = get_external_sensor_execution(
            repo_def=repository,
            code_location_origin=origin,
            instance_ref=reference,
            sensor_name=sensor,
            last_tick_completion_timestamp=None,
            last_run_key=None,
            cursor=None,
            log_key=None,
            last_sensor_start_timestamp=None,
        )
        assert not hasattr(told, "error"), told

    tick(IDLE[0])
    tick(IDLE[0])
    first = len(read)
    assert first > 0
    for sensor in IDLE:
        tick(sensor)
    assert len(read) == first
