"""What README and docs name is there: files, commands, variables, limits."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from linkedin_pipelines.cli import COMMANDS, root
from linkedin_pipelines.cli.doctor import CHECKS
from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.domain.ceilings import CEILINGS, InteractionKind
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.checkout import PROJECT_ROOT

README = PROJECT_ROOT / "README.md"
TESTS = PROJECT_ROOT / "linkedin_pipelines_tests"
PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "domain|db|importers|browser|services|orchestrator|runtime|defs|cli|sandbox"
    named = re.findall(rf"`((?:linkedin_pipelines/)?(?:{folders})/[a-z_/]+\.py)`", page.read_text())
    roots = (
        PROJECT_ROOT / "linkedin_pipelines",
        PROJECT_ROOT / "linkedin_pipelines_tests",
    )  # pages name tests too
    paths = {name: name.removeprefix("linkedin_pipelines/") for name in named}
    assert [name for name, path in paths.items() if not any((root / path).exists() for root in roots)] == []


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
    by_itself = [schedule.name for schedule in repository.schedule_defs]
    by_itself += [sensor.name for sensor in repository.sensor_defs]
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


def test_every_risk_of_the_threat_model_names_tests_that_exist() -> None:
    text = (PROJECT_ROOT / "docs" / "threat-model.md").read_text()
    risks = re.findall(r"^\| (A\d\d) [^|]+\| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    assert [number for number, _ in risks] == [f"A{number:02}" for number in range(1, 11)]
    tests = {number: re.findall(r"`([\w/]+\.py)`", tested) for number, tested in risks}
    assert all(tests.values())
    assert [each for named in tests.values() for each in named if not (TESTS / each).exists()] == []


def test_the_checklist_names_what_the_doctor_checks() -> None:
    text = (PROJECT_ROOT / "docs" / "production-checklist.md").read_text()
    upper, _, _ = text.partition("| to decide |")
    assert re.findall(r"^\| `([^`]+)` \|", upper, re.MULTILINE) == list(CHECKS)


def commands_of(page: Path) -> list[list[str]]:
    """The product's own commands in a page's blocks of code, as words."""
    lines = re.findall(r"^    +(?:\S*/|.* prepare )?linkedin-pipelines (.+)$", page.read_text(), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


COMMANDS_IN_DOCS = [(page.name, words) for page in PAGES for words in commands_of(page)]


def test_docs_show_commands() -> None:
    assert len(COMMANDS_IN_DOCS) > 8


@pytest.mark.parametrize(("page", "words"), COMMANDS_IN_DOCS, ids=str)
def test_the_product_s_commands_in_docs_are_understood(page: str, words: list[str]) -> None:
    command: click.Command = root
    while isinstance(command, click.Group) and words:
        context = click.Context(command)
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: {words[0]}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in known] == [], page


def test_make_targets_in_docs_exist() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text()
    shown = re.compile(r"(?:`|^    )make (?:-C \S+ )?([a-z]+)", re.MULTILINE)
    named = {name for page in PAGES for name in shown.findall(page.read_text())}
    assert [name for name in named if f"\n{name}: " not in makefile] == []
