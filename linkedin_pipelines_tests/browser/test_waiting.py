"""How long an element is waited for: in looks at the page, so that a slow machine is no missing element."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from linkedin_pipelines.browser.elements import Element, Finder, css
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.errors import PageUnreadableError

LATE = Element("feed", "late", "one button that comes late", (css("button", "button"),))
BUSY_AND_THEN_LATE = """
() => setTimeout(() => {
  const until = performance.now() + 1500;
  while (performance.now() < until) {}
  setTimeout(() => document.body.append(document.createElement('button')), 150);
}, 120)
"""


def test_an_element_that_a_busy_machine_draws_late_is_not_called_missing(page: Page) -> None:
    """One of the first looks alone takes longer than the whole time allowed; by the clock it would be the last."""
    page.set_content("<style>button { width: 9px; height: 9px }</style><main></main>")
    page.evaluate(BUSY_AND_THEN_LATE)
    finder = Finder(page, Timeouts(element=900, poll=90))
    assert finder.one(LATE).is_visible()


def test_an_element_that_never_comes_is_missing_after_all_looks(page: Page) -> None:
    page.set_content("<main></main>")
    finder = Finder(page, Timeouts(element=300, poll=100))
    with pytest.raises(PageUnreadableError, match="expected one button that comes late"):
        finder.one(LATE)


@pytest.mark.parametrize(("milliseconds", "pause", "pauses"), [(900, 90, 10), (100, 60, 2), (10, 60, 1), (0, 60, 1)])
def test_at_least_one_pause_lies_between_the_first_look_and_the_last(
    milliseconds: int, pause: int, pauses: int
) -> None:
    assert fitting(milliseconds, pause) == pauses
