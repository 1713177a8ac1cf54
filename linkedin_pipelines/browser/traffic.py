"""What a page is still waiting for. An empty list means nothing while its data is on the way, or never came."""

from __future__ import annotations

from playwright.sync_api import Page, Request, Response

_DATA = frozenset({"xhr", "fetch"})


class Traffic:
    """The data requests of one page since a mark; older ones, such as a push channel, do not count."""

    def __init__(self, page: Page) -> None:
        self._pending: set[Request] = set()
        self._failed = 0
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._broke)
        page.on("response", self._answered)

    def mark(self) -> None:
        """Forget what went before."""
        self._pending.clear()
        self._failed = 0

    @property
    def pending(self) -> int:
        """Requests for data without an answer yet."""
        return len(self._pending)

    @property
    def failed(self) -> int:
        """Requests for data that got no answer, or an error for one."""
        return self._failed

    def _started(self, request: Request) -> None:
        if request.resource_type in _DATA:
            self._pending.add(request)

    def _ended(self, request: Request) -> None:
        self._pending.discard(request)

    def _broke(self, request: Request) -> None:
        if request in self._pending:
            self._pending.discard(request)
            self._failed += 1

    def _answered(self, response: Response) -> None:
        if response.request in self._pending and response.status >= 400:
            self._failed += 1
