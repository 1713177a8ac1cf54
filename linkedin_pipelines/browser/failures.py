"""What a failure of the browser itself means in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, TimeoutError  # noqa: A004 - Playwright's own, which is not the built-in one

from linkedin_pipelines.errors import BrowserUnavailableError, PageUnreadableError

_GONE = ("has been closed", "target crashed", "connection closed", "browser closed", "page crashed")


def is_gone(error: Error) -> bool:
    """Whether the page, the context or the whole browser is no more."""
    return any(words in error.message.lower() for words in _GONE)


def unless_gone(close: Callable[[], None]) -> None:
    """Close something of the browser; nothing is left to do where the browser ended by itself.

    Without this, closing what a dead browser held would hide the failure that tells why the run stops.
    """
    try:
        close()
    except Error as error:
        if not is_gone(error):
            raise


@contextmanager
def named_failures(step: str) -> Iterator[None]:
    """Failures of Playwright inside the block, told as failures of `step`.

    Raises:
        PageUnreadableError: the page did not do what was waited for.
        BrowserUnavailableError: the browser ended.
    """
    try:
        yield
    except TimeoutError as error:
        raise PageUnreadableError(f"{step}: the page did not answer in time.") from error
    except Error as error:
        if is_gone(error):
            raise BrowserUnavailableError(f"{step}: the browser ended meanwhile.") from error
        first = error.message.splitlines()[0] if error.message else "no reason given"
        raise PageUnreadableError(f"{step}: the page refused ({first[:200]}).") from error
