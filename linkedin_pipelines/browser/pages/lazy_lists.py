"""Lists that load while one scrolls: brought to their end, or refused.

What belongs here: waiting for rows, scrolling, and the button that loads more. What does not: what a row says.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator

from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.errors import PageUnreadableError

_ROUNDS = 400
"""More batches than this is no list of a member's."""


class LazyList:
    """Rows of one page, however many have come so far."""

    def __init__(
        self, site: Site, surface: str, rows: Callable[[], Locator], more: Callable[[], Locator] | None = None
    ) -> None:
        self._site = site
        self._surface = surface
        self._rows = rows
        self._more = more

    def settled(self) -> Locator:
        """The rows, once their number is the same for a while and nothing is on its way; they may be none.

        Raises:
            PageUnreadableError: they do not come to rest, or the site refused to hand some over.
        """
        pauses = (self._site.timeouts.rest, self._site.timeouts.empty_rest)
        rest, empty_rest = (fitting(pause, self._site.timeouts.poll) for pause in pauses)
        before, same = -1, 0
        for _ in self._site.polls(self._site.timeouts.element + self._site.timeouts.empty_rest):
            count = self._rows().count()
            same = same + 1 if count == before and not self._site.traffic.pending else 0
            if same >= (rest if count else empty_rest):
                self._require_answered()
                return self._rows()
            before = count
        raise PageUnreadableError(f"the {self._surface} page does not come to rest.")

    def load_all(self, enough: Callable[[Locator], bool] = lambda _: False) -> Locator:
        """Scroll and ask for more until nothing more comes, or the rows that are there are `enough`.

        Raises:
            PageUnreadableError: the list has no end, or more is offered and does not come.
        """
        for _ in range(_ROUNDS):
            rows = self.settled()
            count = rows.count()
            if enough(rows):
                return rows
            if count:
                rows.last.scroll_into_view_if_needed(timeout=self._site.timeouts.action)
                self._site.page.mouse.wheel(0, 4_000)
            if (more := self._offered()) is not None:
                more.click(timeout=self._site.timeouts.action)
            if not self._grew(count):
                if self._offered() is not None:
                    raise PageUnreadableError(f"the {self._surface} page offers more rows, but none came.")
                self._require_answered()
                return self._rows()
        raise PageUnreadableError(f"the {self._surface} page has no end.")

    def _offered(self) -> Locator | None:
        """The control that loads more, if there is one."""
        if self._more is None:
            return None
        found = self._more()
        return found.first if found.count() else None

    def _grew(self, before: int) -> bool:
        quiet_for = fitting(self._site.timeouts.empty_rest, self._site.timeouts.poll)
        quiet = 0
        for _ in self._site.polls(self._site.timeouts.element):
            if self._rows().count() > before:
                return True
            quiet = 0 if self._site.traffic.pending else quiet + 1
            if quiet > quiet_for:
                return False
        return False

    def _require_answered(self) -> None:
        if self._site.traffic.failed:
            raise PageUnreadableError(f"the {self._surface} page did not load: the site refused to hand over rows.")
