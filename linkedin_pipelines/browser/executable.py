"""Which Chromium is driven. Playwright is not loaded for the answer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from linkedin_pipelines.errors import BrowserUnavailableError
from linkedin_pipelines.settings import Settings

HEADLESS_SHELL = "chromium-headless-shell"
"""Debian's name of the Chromium without a window, which stands beside the one with."""

USUAL_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What distributions call a Chromium; scripts/set_up.py, which can import nothing, looks for the same."""

WAY_OUT = "run `make setup` or `playwright install chromium`, or set LINKEDIN_BROWSER_EXECUTABLE to a Chromium"


def executable_of(settings: Settings) -> Path | None:
    """The Chromium to drive: the one named by the environment, else set-up's choice; None for Playwright's own.

    Where there was no set-up, as with a wheel, it is the first Chromium on the search path.

    Raises:
        BrowserUnavailableError: the one that is named cannot be run.
    """
    if settings.browser_executable is not None:
        return _runnable(settings.browser_executable.expanduser(), "LINKEDIN_BROWSER_EXECUTABLE")
    try:
        choice = settings.browser_choice_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        found = next(filter(None, map(shutil.which, USUAL_NAMES)), None)
        return Path(found) if found else None
    return _runnable(Path(choice), "the browser that set-up chose") if choice else None


def _runnable(path: Path, origin: str) -> Path:
    if not path.is_file():
        raise BrowserUnavailableError(f"no browser: {path} ({origin}) does not exist; {WAY_OUT}.")
    if not os.access(path, os.X_OK):
        raise BrowserUnavailableError(f"no browser: {path} ({origin}) is not executable; {WAY_OUT}.")
    return path


def without_window(executable: Path | None) -> Path | None:
    """The headless shell beside a distribution's Chromium, if it is there, as Playwright does with its own.

    The same engine without the parts of a window nobody sees; a small machine is glad of it.
    """
    if executable is None or executable.name != "chromium":
        return executable
    shell = executable.with_name(HEADLESS_SHELL)
    return shell if os.access(shell, os.X_OK) else executable
