"""A command line on a home of the test's own, with accounts in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from linkedin_pipelines.cli import main
from linkedin_pipelines_tests.command_line import CommandLine, at_home, kept_logging


@pytest.fixture
def linkedin_pipelines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command, in an empty home."""
    return CommandLine(tmp_path / "home", monkeypatch, capsys)


@pytest.fixture(scope="session")
def home_with_accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `accounts apply` makes, to copy: our database and Dagster's take a second and a half to migrate."""
    home = tmp_path_factory.mktemp("accounts") / "home"
    write_accounts(home, {"demo": "http://127.0.0.1:8765", "real": "https://www.linkedin.com"})
    with pytest.MonkeyPatch.context() as environment, kept_logging():
        at_home(home, environment)
        assert main(["accounts", "apply"]) == 0
    return home


@pytest.fixture
def with_accounts(linkedin_pipelines: CommandLine, home_with_accounts: Path) -> CommandLine:
    """The command, in a home with the accounts `demo`, on a sandbox, and `real`, on LinkedIn."""
    shutil.copytree(home_with_accounts, linkedin_pipelines.home)
    return linkedin_pipelines


def write_accounts(home: Path, sites: dict[str, str], timezone: str = "Europe/Paris") -> None:
    """An accounts.yaml with these accounts, by slug and site."""
    home.mkdir(exist_ok=True)
    accounts = [
        {
            "slug": slug,
            "display_name": slug.title(),
            "profile_url": f"https://www.linkedin.com/in/{slug}-member",
            "base_url": site,
            "timezone": timezone,
        }
        for slug, site in sites.items()
    ]
    (home / "accounts.yaml").write_text(yaml.safe_dump({"accounts": accounts}))
