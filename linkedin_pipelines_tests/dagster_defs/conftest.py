"""A stage for runs: the real definitions and services on a real SQLite database, and a site in memory to deliver to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.dagster_defs.stage import Stage
from linkedin_pipelines_tests.doubles import ManualClock


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def stage(sqlite: Database, clock: ManualClock, tmp_path: Path, instance: dg.DagsterInstance) -> Stage:
    home = tmp_path / "home"
    home.mkdir()
    environment = {"LINKEDIN_HOME": str(home), "LINKEDIN_DATABASE_URL": sqlite.url}
    return Stage(sqlite, clock, Settings.from_environment(environment), instance)
