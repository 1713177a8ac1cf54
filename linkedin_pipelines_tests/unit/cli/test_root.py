"""What the command line owes whoever types wrongly: one line, the right exit code, no traceback."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from linkedin_pipelines.cli import COMMANDS
from linkedin_pipelines_tests.command_line import CommandLine


def test_help_names_every_command(linkedin_pipelines: CommandLine) -> None:
    result = linkedin_pipelines("--help")
    assert result.code == 0
    assert all(f"  {name}" in result.out for name in COMMANDS)


def test_help_loads_neither_the_orchestrator_nor_a_browser() -> None:
    program = (
        "import sys; from linkedin_pipelines.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    )
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"dagster", "playwright", "sqlalchemy", "pandas"} & set(asked.stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(linkedin_pipelines: CommandLine, name: str) -> None:
    result = linkedin_pipelines(name, "--help")
    assert result.code == 0
    assert result.out.startswith("Usage: linkedin-pipelines")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_bears_its_name(name: str) -> None:
    command: click.Command = import_module(f"linkedin_pipelines.cli.{COMMANDS[name][0]}").command
    assert command.name == name


def test_without_a_command_it_shows_how_to_use_it(linkedin_pipelines: CommandLine) -> None:
    result = linkedin_pipelines()
    assert result.code == 2
    assert "Usage:" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["acounts"], ["acounts"]),
        (["accounts", "lits"], ["lits", "accounts --help"]),
        (["birthdays", "demo", "--date", "2026-02-30"], ["2026-02-30", "birthdays list --help"]),
        (["birthdays", "demo", "--days", "0"], ["--days"]),
        (["run", "birthday_campaign"], ["--account"]),
        (["import", "demo", "no-such-file.csv"], ["no-such-file.csv"]),
        (["up", "--port", "99999"], ["--port"]),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    linkedin_pipelines: CommandLine, arguments: list[str], words: list[str]
) -> None:
    result = linkedin_pipelines(*arguments)
    assert result.code == 2
    assert result.refused_with(*words)


def test_a_wrong_environment_is_one_line(linkedin_pipelines: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKEDIN_LOG_FORMAT", "xml")
    result = linkedin_pipelines("accounts", "list")
    assert result.code == 1
    assert result.refused_with("LINKEDIN_LOG_FORMAT")


def test_a_database_that_is_not_there_is_one_line(linkedin_pipelines: CommandLine) -> None:
    result = linkedin_pipelines("accounts", "list")
    assert result.code == 1
    assert result.refused_with("no tables", "linkedin-pipelines init")
    assert not linkedin_pipelines.home.exists()


def test_an_unexpected_error_is_one_line_that_names_the_log(linkedin_pipelines: CommandLine, tmp_path: Path) -> None:
    linkedin_pipelines.home.mkdir()
    (linkedin_pipelines.home / "accounts.yaml").mkdir()  # a folder where a file should be
    result = linkedin_pipelines("accounts", "apply")
    assert result.code == 1
    assert result.refused_with("accounts.yaml") or "errors.log" in result.err
    assert "Traceback" not in result.err
