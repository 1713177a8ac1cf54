"""Waiting while the member signs in by hand, in a visible window, whatever the site asks of them on the way.

Nothing is typed or clicked for them, and nothing that they type is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Error, Page

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.errors import SessionMissingError

SIGN_IN_COOKIE = "li_at"
POLL_MILLISECONDS = 500


def wait_for_sign_in(
    page: Page, base_url: str, *, seconds: float, waiting: Callable[[Page], None] = lambda _page: None
) -> None:
    """Open the site's sign-in page and return once its member is past it; `waiting` is called at every look.

    That they are past it is no proof of who they are: `SignedInBrowser.verify` asks that.

    Raises:
        SessionMissingError: the window was closed, or nobody had signed in after `seconds`.
    """
    deadline = time.monotonic() + seconds
    try:
        page.goto(f"{base_url}/login")
        while not _is_past(page, base_url):
            if time.monotonic() > deadline:
                raise SessionMissingError(f"nobody had signed in after {seconds / 60:.0f} minutes; nothing was stored.")
            waiting(page)
            page.wait_for_timeout(POLL_MILLISECONDS)
    except Error as error:
        if page.is_closed() or "has been closed" in error.message:
            raise SessionMissingError(
                "the window was closed before anybody had signed in; nothing was stored."
            ) from error
        raise SessionMissingError(f"the sign-in page of {base_url} cannot be opened; nothing was stored.") from error


def _is_past(page: Page, base_url: str) -> bool:
    signed = any(cookie.get("name") == SIGN_IN_COOKIE for cookie in page.context.cookies(base_url))
    return signed and page.url.startswith(f"{base_url}/") and stop_signs.of_address(page.url) is None
