"""What README and docs name is there: files, commands, variables, limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linkedin_pipelines.cli import COMMANDS
from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.domain.account import CEILINGS, InteractionKind
from linkedin_pipelines.settings import PROJECT_ROOT, Settings

README = PROJECT_ROOT / "README.md"
PAGES = [README, PROJECT_ROOT / "CHANGELOG.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "domain|db|importers|browser|services|defs|cli|sandbox"
    named = re.findall(rf"`((?:linkedin_pipelines/)?(?:{folders})/[a-z_/]+\.py)`", page.read_text())
    package = PROJECT_ROOT / "linkedin_pipelines"
    assert [name for name in named if not (package / name.removeprefix("linkedin_pipelines/")).exists()] == []


def test_every_command_and_variable_is_in_the_readme() -> None:
    text = README.read_text()
    assert [name for name in COMMANDS if f"`{name}" not in text and f"`{name}`" not in text] == []
    assert [name for name in Settings.model_fields if f"`LINKEDIN_{name.upper()}`" not in text] == []


def test_the_limits_are_those_of_the_code() -> None:
    rows = re.findall(r"\| (\d+) \| (\d+) \| (\d+) \|", (PROJECT_ROOT / "docs" / "limits.md").read_text())
    ceilings = [CEILINGS[kind] for kind in InteractionKind]
    assert [tuple(map(int, row)) for row in rows] == [(each.per_run, each.per_day, each.per_week) for each in ceilings]


def test_whatever_runs_by_itself_is_in_the_operator_s_table() -> None:
    text = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    repository = build_definitions().get_repository_def()
    by_itself = [each.name for each in (*repository.schedule_defs, *repository.sensor_defs)]
    assert len(by_itself) > 5
    assert [name for name in by_itself if f"| `{name}` |" not in text] == []


def test_every_known_defect_has_the_test_of_its_name() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| `(test_\w+)` \| `([\w/]+\.py)` \|$",
        (PROJECT_ROOT / "docs" / "known-defects.md").read_text(),
        re.MULTILINE,
    )
    assert len(rows) == 18
    for sentence, name, file in rows:
        words = re.sub(r"[^\w ]", "", sentence.lower())
        assert name == "test_" + words.replace(" ", "_")
        assert f"def {name}(" in (PROJECT_ROOT / file).read_text(), name
