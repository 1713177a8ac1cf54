"""One Chromium a test module, one context and one site a test.

The browser ends with its module: while Playwright's own event loop runs, no other test of the process could start one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.stage import Stage, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock

StageMaker = Callable[..., Stage]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    with running_chromium(Settings.from_environment({})) as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A blank page of its own context."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def stage(chromium: Browser, settings: Settings, clock: ManualClock) -> Iterator[StageMaker]:
    """Makes a stage; the arguments are those of `world`."""
    with ExitStack() as stack:

        def make(*args: Any, **kwargs: Any) -> Stage:
            return stack.enter_context(stage_of(chromium, settings, clock, world(*args, **kwargs)))

        yield make
