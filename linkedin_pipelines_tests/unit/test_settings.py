"""What the environment can say, and what holds where it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines import settings as module
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.checkout import PROJECT_ROOT


def test_in_a_checkout_the_home_is_in_it_wherever_the_command_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({}).home == PROJECT_ROOT / "dagster_home"


def test_an_installed_wheel_has_its_home_in_the_member_s_and_never_in_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "site-packages" / "linkedin_pipelines" / "settings.py"))
    monkeypatch.setenv("HOME", str(tmp_path / "member"))
    assert Settings.from_environment({}).home == tmp_path / "member" / ".linkedin-pipelines"


def test_what_is_not_given_lies_in_the_home(tmp_path: Path) -> None:
    settings = Settings.from_environment({"LINKEDIN_HOME": str(tmp_path), "LINKEDIN_DATABASE_URL": ""})
    assert settings.database_url == f"sqlite:///{tmp_path / 'linkedin.db'}"
    assert settings.accounts_file == tmp_path / "accounts.yaml"


def test_only_the_environment_that_is_given_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKEDIN_LOG_FORMAT", "json")
    assert Settings.from_environment({}).log_format == "console"
    assert Settings.from_environment().log_format == "json"


def test_every_wrong_variable_is_named_in_one_line() -> None:
    wrong = {"LINKEDIN_LOG_FORMAT": "xml", "LINKEDIN_BROWSER_HEADLESS": "perhaps"}
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment(wrong)
    line = str(refused.value)
    assert all(name in line for name in wrong)
    assert "\n" not in line


def test_a_child_process_reads_the_same_settings(tmp_path: Path) -> None:
    given = {"LINKEDIN_HOME": str(tmp_path), "LINKEDIN_SECRET_KEY": "k"}
    given |= {"LINKEDIN_BROWSER_HEADLESS": "0", "LINKEDIN_BROWSER_SANDBOX": "0"}
    settings = Settings.from_environment(given)
    assert Settings.from_environment(settings.child_environment({"LINKEDIN_LOG_FORMAT": "json"})) == settings
