"""Starting Chromium: with which flags, and one clear line when it does not start.

The browser runs as it is: nothing hides that it is automated, and nothing forges who or where it is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import playwright
import psutil
import structlog
from playwright.sync_api import Browser, Error, sync_playwright

from linkedin_pipelines.browser.executable import WAY_OUT, executable_of, without_window
from linkedin_pipelines.browser.failures import unless_gone
from linkedin_pipelines.errors import BrowserUnavailableError
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)
"""Keep Chromium from talking to anybody but the site."""

_DRIVER = Path(playwright.__file__).resolve().parent
"""Playwright's own folder; the driver it starts lies below."""

PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"),
        *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"),
        *("XDG_DATA_DIRS", "DBUS_SESSION_BUS_ADDRESS", "FONTCONFIG_PATH", "FONTCONFIG_FILE"),
    }
)
"""The session key and the database's password are in our environment; a browser that runs other people's scripts is
the last place for them."""

_WITHOUT_SCREEN = (
    "sign in on one that has, and bring the session with `session import` (its --help says how); "
    "for anything but a sign-in leave LINKEDIN_BROWSER_HEADLESS at 1"
)

_DRIVER_DOES_NOT_START = (
    "Playwright's driver does not start ({}); `playwright --version` says what it lacks, "
    "most often a library of the system (Debian: libatomic1)."
)


def browser_environment(environment: Mapping[str, str]) -> dict[str, str | float | bool]:
    """What of our environment Chromium gets: what it needs to run and to show a window, and no secret."""
    return {name: value for name, value in environment.items() if name in PASSED_ON or name.startswith("LC_")}


@contextmanager
def running_chromium(
    settings: Settings, extra_flags: tuple[str, ...] = (), *, headless: bool | None = None
) -> Iterator[Browser]:
    """A Chromium of our own, ended with the block.

    It does not end by itself on SIGINT or SIGTERM: the person under way is finished first, by whoever holds the run.

    Raises:
        BrowserUnavailableError: there is none, or it does not start; says how to get one.
    """
    windowless = settings.browser_headless if headless is None else headless
    executable = executable_of(settings)
    with ExitStack() as stack:
        try:
            driver = stack.enter_context(sync_playwright())
        except Exception as error:  # Playwright raises it bare
            raise BrowserUnavailableError(f"no browser: {_DRIVER_DOES_NOT_START.format(error)}") from error
        try:
            browser = driver.chromium.launch(
                executable_path=without_window(executable) if windowless else executable,
                headless=windowless,
                args=[*QUIET_FLAGS, *extra_flags],
                env=browser_environment(os.environ),
                # Chromium refuses to sandbox itself for root.
                chromium_sandbox=settings.browser_sandbox and os.geteuid() != 0,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Error as error:
            raise BrowserUnavailableError(f"no browser: {_why(error)}.") from error
        try:
            yield browser
        finally:
            unless_gone(browser.close)


@contextmanager
def ended_after(milliseconds: int) -> Iterator[None]:
    """End the browser's driver if the block takes longer than that, so that the call which waits for it fails.

    For calls without a limit of their own: if the browser dies while it opens a page, Playwright waits for ever.
    """
    timer = threading.Timer(milliseconds / 1000, _end_driver)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_driver() -> None:
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended by itself
            if _DRIVER in Path(child.exe()).parents:
                log.warning("browser_driver_ended", pid=child.pid)
                child.kill()


def _why(error: Error) -> str:
    """The one line of a failed launch that says something, and the way out."""
    if "Executable doesn't exist" in error.message:
        return f"Playwright's own Chromium is not installed; {WAY_OUT}"
    if "Missing X server" in error.message or "DISPLAY" in error.message:
        return f"a visible window was asked for, and this machine has no screen; {_WITHOUT_SCREEN}"
    first = next((line.strip() for line in error.message.splitlines() if line.strip()), "no reason given")
    return f"Chromium did not start ({first.removeprefix('BrowserType.launch: ')}); {WAY_OUT}"
