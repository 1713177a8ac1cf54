"""Which browser is driven."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.browser.executable import executable_of, without_window
from linkedin_pipelines.browser.launch import QUIET_FLAGS, running_chromium
from linkedin_pipelines.browser.window import why_no_window
from linkedin_pipelines.errors import BrowserUnavailableError
from linkedin_pipelines.settings import Settings


def a_program(folder: Path, name: str = "chromium") -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_environment_decides_first(settings: Settings, tmp_path: Path) -> None:
    path = a_program(tmp_path)
    assert executable_of(settings.model_copy(update={"browser_executable": path})) == path


@pytest.mark.parametrize("problem", ["does not exist", "is not executable"])
def test_a_browser_that_cannot_run_is_named_with_the_way_out(settings: Settings, tmp_path: Path, problem: str) -> None:
    path = tmp_path / "chromium"
    if problem == "is not executable":
        path.write_text("")
        path.chmod(0o600)
    with pytest.raises(BrowserUnavailableError, match=problem) as failure:
        executable_of(settings.model_copy(update={"browser_executable": path}))
    assert "make setup" in str(failure.value)
    assert "LINKEDIN_BROWSER_EXECUTABLE" in str(failure.value)


def test_what_needs_no_window_goes_to_the_headless_shell_that_stands_beside(tmp_path: Path) -> None:
    chromium = a_program(tmp_path)
    assert without_window(chromium) == chromium
    shell = a_program(tmp_path, "chromium-headless-shell")
    assert without_window(chromium) == shell
    assert without_window(a_program(tmp_path, "google-chrome")) == tmp_path / "google-chrome"
    assert without_window(None) is None


def test_no_flag_hides_that_the_browser_is_automated() -> None:
    assert not [flag for flag in QUIET_FLAGS if "automation" in flag.lower() or "blink" in flag.lower()]


def test_a_driver_that_does_not_start_is_one_line_with_the_way_out(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an image without libatomic, `doctor` ended in a traceback instead of saying so."""
    broken = a_program(tmp_path, "node")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(broken))
    with pytest.raises(BrowserUnavailableError, match="libatomic1"), running_chromium(settings, headless=True):
        pass


def test_a_window_is_seen_where_there_is_a_screen_and_it_is_not_hidden(settings: Settings) -> None:
    shown = settings.model_copy(update={"browser_headless": False})
    assert why_no_window(shown, {"DISPLAY": ":0"}) is None
    assert why_no_window(shown, {"WAYLAND_DISPLAY": "wayland-0"}) is None
    assert "no screen" in str(why_no_window(shown, {"DISPLAY": ""}))
    assert "LINKEDIN_BROWSER_HEADLESS=0" in str(why_no_window(settings, {"DISPLAY": ":0"}))
