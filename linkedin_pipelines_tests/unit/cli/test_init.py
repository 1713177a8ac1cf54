"""`init` and `db upgrade`: a home made ready, by whoever has only the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.templates import HOME_FILES, TEMPLATES
from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.command_line import CommandLine


def test_a_new_home_has_its_configuration_its_inbox_and_a_current_database(linkedin_pipelines: CommandLine) -> None:
    made = linkedin_pipelines("init", "--json")
    assert made.code == 0
    assert made.facts["created"] == list(HOME_FILES)
    home = linkedin_pipelines.home
    assert load_accounts_file(home / "accounts.example.yaml")
    assert (home / "inbox").is_dir()
    assert linkedin_pipelines("accounts", "list").code == 0


def test_what_is_there_stays(linkedin_pipelines: CommandLine) -> None:
    linkedin_pipelines("init")
    own = linkedin_pipelines.home / "dagster.yaml"
    own.write_text("telemetry: {enabled: false}\n")
    (linkedin_pipelines.home / "workspace.yaml").unlink()
    again = linkedin_pipelines("init", "--json")
    assert again.facts["created"] == ["workspace.yaml"]
    assert own.read_text() == "telemetry: {enabled: false}\n"


def test_a_home_that_is_named_is_made_there_and_told_how_to_be_found(
    linkedin_pipelines: CommandLine, tmp_path: Path
) -> None:
    made = linkedin_pipelines("init", tmp_path / "other")
    assert (tmp_path / "other" / "linkedin.db").exists()
    assert f"LINKEDIN_HOME={tmp_path / 'other'}" in made.out
    assert not linkedin_pipelines.home.exists()


def test_a_home_that_cannot_be_made_is_one_line(linkedin_pipelines: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert linkedin_pipelines("init", tmp_path / "file" / "home").refused_with("cannot be used")


def test_the_schema_is_upgraded_as_often_as_one_likes(linkedin_pipelines: CommandLine) -> None:
    for _ in range(2):
        upgraded = linkedin_pipelines("db", "upgrade")
        assert (upgraded.code, upgraded.out) == (0, "sqlite, schema current\n")
    assert linkedin_pipelines("accounts", "list").code == 0


@pytest.mark.parametrize("copy", ["workspace.yaml", "dagster_home/dagster.yaml", "dagster_home/accounts.example.yaml"])
def test_a_checkout_begins_with_the_files_that_init_brings(copy: str) -> None:
    """Copies, since links do not outlive every way in which a checkout travels."""
    path = PROJECT_ROOT / copy
    assert path.read_text() == (TEMPLATES / path.name).read_text()
    assert not path.is_symlink()
