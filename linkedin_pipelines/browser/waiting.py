"""Waiting for a page that is changing: look after look, until what is waited for is there or has had its time.

What belongs here: how often a page is looked at. What does not: how long for what; that is `timeouts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from playwright.sync_api import Page


def polls(page: Page, milliseconds: float, pause: int) -> Iterator[None]:
    """One turn for each look at the page: now, and then every `pause` milliseconds until the time is over.

    Looks are counted, not seconds. A page answers a look by the same thread that draws it, so on a machine with much
    else to do both take longer, and what is merely late is not called missing.
    """
    yield
    for _ in range(fitting(milliseconds, pause)):
        page.wait_for_timeout(pause)
        yield


def fitting(milliseconds: float, pause: int) -> int:
    """How many pauses fill the time, at least one."""
    return max(1, ceil(milliseconds / pause))
