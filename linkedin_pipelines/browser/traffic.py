"""What a page is still waiting for. An empty list means nothing while its data is on the way, or never came.

Only requests to the site itself count: those of advertisers are refused by the guard, and push channels never end.
"""

from __future__ import annotations

from playwright.sync_api import Page, Request, Response

from linkedin_pipelines.browser.waiting import polls

_DATA = frozenset({"xhr", "fetch"})


class Traffic:
    """The data requests of one page since a mark; older ones do not count."""

    def __init__(self, page: Page, base_url: str, poll: int) -> None:
        self._origin = f"{base_url}/"
        self._page = page
        self._poll = poll
        self._pending: set[Request] = set()
        self._failed = 0
        self._handed_over = 0
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._broke)
        page.on("response", self._answered)

    def mark(self) -> None:
        """Forget what went before."""
        self._pending.clear()
        self._failed = 0
        self._handed_over = 0

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is on its way, at most `timeout` milliseconds; whether that came to be."""
        return any(not self._pending for _ in polls(self._page, timeout, self._poll))

    @property
    def pending(self) -> int:
        """Requests for data without an answer yet."""
        return len(self._pending)

    @property
    def failed(self) -> int:
        """Requests for data that got no answer, or an error for one."""
        return self._failed

    @property
    def handed_over(self) -> bool:
        """Whether data came, all that was asked for so far: nothing is on the way, and nothing was refused."""
        return self._handed_over > 0 and not self._pending and not self._failed

    def _started(self, request: Request) -> None:
        if request.resource_type not in _DATA or not request.url.startswith(self._origin):
            return
        if "event-stream" not in request.headers.get("accept", ""):
            self._pending.add(request)

    def _ended(self, request: Request) -> None:
        if request in self._pending:
            self._pending.discard(request)
            self._handed_over += 1

    def _broke(self, request: Request) -> None:
        if request in self._pending:
            self._pending.discard(request)
            self._failed += 1

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self._page.main_frame:
            self.mark()  # the page that comes now ends whatever the one before was still asking for
            return
        if response.request in self._pending and response.status >= 400:
            self._failed += 1
