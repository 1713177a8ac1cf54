"""Campaigns that are declared in YAML: what `dg` lists, and what a wrong file is refused for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster.components.testing import create_defs_folder_sandbox

from linkedin_pipelines.components import DailyCampaign
from linkedin_pipelines_tests.checkout import PROJECT_ROOT

CAMPAIGNS = {
    file.parent.parent.name: yaml.safe_load(file.read_text(encoding="utf-8"))["attributes"]
    for file in (PROJECT_ROOT / "linkedin_pipelines" / "defs").glob("*/campaign/defs.yaml")
}


@pytest.fixture(scope="module")
def quiet_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which Dagster's commands report nothing to anybody, as in the one that the product ships."""
    home = tmp_path_factory.mktemp("dagster")
    shutil.copy(PROJECT_ROOT / "dagster_home" / "dagster.yaml", home)
    assert yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))["telemetry"] == {"enabled": False}
    return home


def dg_command(home: Path, *words: str) -> str:
    """What Dagster's `dg` prints for the checkout."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dg")), *words, "--target-path", str(PROJECT_ROOT)],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={**os.environ, "HOME": str(home), "DAGSTER_HOME": str(home)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_dg_finds_nothing_wrong(quiet_home: Path) -> None:
    """`check defs` looks at the YAML first."""
    printed = dg_command(quiet_home, "check", "defs")
    assert "All component YAML validated successfully." in printed
    assert "All definitions loaded successfully." in printed


def test_dg_lists_the_type_and_what_is_made_of_it(quiet_home: Path) -> None:
    types = json.loads(dg_command(quiet_home, "list", "components", "--package", "linkedin_pipelines", "--json"))
    assert [each["key"] for each in types["items"]] == ["linkedin_pipelines.components.DailyCampaign"]
    listed = json.loads(dg_command(quiet_home, "list", "defs", "--json"))
    jobs = {each["name"] for each in listed["jobs"]}
    schedules = {each["name"] for each in listed["schedules"]}
    for campaign in CAMPAIGNS.values():
        assert campaign["job"] in jobs
        assert f"{campaign['job']}_schedule" in schedules


def test_a_campaign_is_a_file() -> None:
    """The job and its schedule are what the file says: nothing else in the package names them."""
    assert sorted(CAMPAIGNS) == ["invitations", "moments", "visits"]
    with create_defs_folder_sandbox(project_name="other") as sandbox:
        folder = sandbox.scaffold_component(
            component_cls=DailyCampaign,
            defs_yaml_contents={
                "type": "linkedin_pipelines.components.DailyCampaign",
                "attributes": {"job": "moments_campaign", "description": "Short.", "assets": ["moments_seen"]},
            },
        )
        with sandbox.load_component_and_build_defs(folder) as (component, built):
            assert isinstance(component, DailyCampaign)
            assert [job.name for job in built.jobs or []] == ["moments_campaign"]
            [schedule] = built.schedules or []
            assert isinstance(schedule, dg.ScheduleDefinition)
            assert schedule.name == "moments_campaign_schedule"
            assert "It needs no approval." in (schedule.description or "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"job": "moment_campaign"}, "is no job that acts for an account"),
        ({"only_with": "moments.congratulations"}, "there is no congratulations in moments.congratulations"),
        ({"only_with": "moments.congratulate.first"}, "there is no first in"),
        ({"assets": []}, "at least 1 item"),
        ({"list_assets": "moments_seen"}, "list_assets"),
    ],
)
def test_a_wrong_file_is_refused_by_what_is_wrong_in_it(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said):
        DailyCampaign.resolve_from_dict({**CAMPAIGNS["moments"], **changed})
