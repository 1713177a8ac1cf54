"""Files of the member as a run: imported, moved, told of; judged by how fresh they are."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of, rows_of

CONNECTIONS = """\
First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ada,Byron,https://www.linkedin.com/in/ada-byron,,,,08 Feb 2026
"""


def drop(stage: Stage, name: str, text: str) -> Path:
    path = stage.settings.inbox / "demo" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    an_hour_ago = (stage.clock.now() - timedelta(hours=1)).timestamp()
    os.utime(path, (an_hour_ago, an_hour_ago))
    return path


def run(stage: Stage, files: list[str] | None = None) -> dg.ExecuteInProcessResult:
    config = {"ops": {"contacts": {"config": {"files": files}}}} if files else None
    job = stage.definitions.resolve_job_def("import_contacts")
    return job.execute_in_process(config, instance=stage.instance, partition_key="demo", raise_on_error=False)


@pytest.fixture(autouse=True)
def _account(stage: Stage) -> None:
    stage.account()


def test_what_waits_in_the_inbox_is_imported_and_moved(stage: Stage) -> None:
    path = drop(stage, "Connections.csv", CONNECTIONS)
    told = metadata_of(run(stage), "contacts")
    assert not path.exists()
    assert (path.parent / "done" / "Connections.csv").exists()
    assert told["contacts"]["connected"] == 1
    [file] = rows_of(told["files"].records)
    assert (file["file"], file["rows_new"]) == ("Connections.csv", 1)


def test_every_refused_row_is_shown_with_its_line(stage: Stage) -> None:
    drop(stage, "Connections.csv", CONNECTIONS + "Grace,Hopper,https://example.org/grace,,,,08 Feb 2026\n")
    [row] = rows_of(metadata_of(run(stage), "contacts")["rows_refused"].records)
    assert (row["file"], row["line"]) == ("Connections.csv", 3)
    assert row["reason"]


def test_a_file_that_cannot_be_trusted_is_an_outcome(stage: Stage) -> None:
    drop(stage, "Connections.csv", "<!doctype html><html><body>Sign in</body></html>")
    result = run(stage)
    assert result.success
    assert list(metadata_of(result, "contacts")["files_refused"]) == ["Connections.csv"]


def test_a_launch_may_name_files_itself(stage: Stage, tmp_path: Path) -> None:
    file = shutil.copyfile(drop(stage, "Connections.csv", CONNECTIONS), tmp_path / "Connections.csv")
    told = metadata_of(run(stage, [str(file)]), "contacts")
    assert told["contacts"]["connected"] == 1
    assert file.exists()


def test_freshness_is_judged_for_each_account(stage: Stage) -> None:
    [never] = run(stage).get_asset_check_evaluations()
    assert (never.passed, never.severity) == (False, dg.AssetCheckSeverity.WARN)
    drop(stage, "Connections.csv", CONNECTIONS)
    [fresh] = run(stage).get_asset_check_evaluations()
    assert fresh.passed
    stage.clock.advance(days=61)
    [stale] = run(stage).get_asset_check_evaluations()
    assert not stale.passed
