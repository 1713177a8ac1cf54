"""A command line on a home of the test's own, with accounts in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from linkedin_pipelines_tests.command_line import CommandLine


@pytest.fixture
def linkedin_pipelines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command, in an empty home."""
    return CommandLine(tmp_path / "home", monkeypatch, capsys)


@pytest.fixture
def with_accounts(linkedin_pipelines: CommandLine) -> CommandLine:
    """The command, in a home with the accounts `demo`, on a sandbox, and `real`, on LinkedIn."""
    write_accounts(linkedin_pipelines.home, {"demo": "http://127.0.0.1:8765", "real": "https://www.linkedin.com"})
    assert linkedin_pipelines("accounts", "apply").code == 0
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
