"""One page of one signed-in browser: going somewhere, and refusing what cannot be read, with a picture.

What belongs here: what every page object shares. What does not: any one page's elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import structlog
from playwright.sync_api import Error, Page, Response, TimeoutError  # noqa: A004 - Playwright's own

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.browser.addresses import same_site
from linkedin_pipelines.browser.asking import COUNT, all_say, matching
from linkedin_pipelines.browser.elements import Finder
from linkedin_pipelines.browser.evidence import EvidenceFolder
from linkedin_pipelines.browser.failures import is_gone, named_failures
from linkedin_pipelines.browser.launch import ended_after
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.browser.traffic import Traffic
from linkedin_pipelines.browser.waiting import polls
from linkedin_pipelines.errors import (
    BrowserUnavailableError,
    PageUnreadableError,
    SiteError,
    SiteUnreachableError,
    StopSignError,
)

log = structlog.get_logger(__name__)

_MAIN = "main, [role='main']"
_ANSWERED = ("ERR_HTTP_RESPONSE_CODE_FAILURE", "ERR_ABORTED")
"""Failures of a navigation to which a server did answer, if without a page."""

_PAGES = {"feed": "feed", "in": "profile", "messaging": "messaging", "mynetwork": "network", "search": "search"}
"""Names of pages in metrics; never more of an address, which may name a person."""


class Site:
    """The account's site in one page of the browser."""

    def __init__(self, page: Page, base_url: str, finder: Finder, evidence: EvidenceFolder) -> None:
        self.page = page
        self.base_url = base_url
        self.find = finder
        self.evidence = evidence
        self.traffic = Traffic(page, base_url, self.timeouts.poll)
        self.answered = False
        """Whether the latest `go` was answered by a page; if not, what is shown is still the page before."""
        self._left = ""
        """The address that was shown when the latest `go` began."""
        self.page_times: list[tuple[str, float]] = []
        """Which page was opened and in how many seconds its main part came, since somebody last took them away."""

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for what."""
        return self.find.timeouts

    def polls(self, milliseconds: float, pause: int | None = None) -> Iterator[None]:
        """Looks at the page for so long, `timeouts.poll` apart unless said otherwise."""
        return polls(self.page, milliseconds, pause or self.timeouts.poll)

    @property
    def rest(self) -> int:
        """Milliseconds between two looks that have to find the same: few where all that the page asked for has come."""
        return self.timeouts.poll if self.traffic.handed_over else self.timeouts.rest

    def go(self, path: str) -> None:
        """Open an address of the site, `path` beginning with a slash, and wait for its main part.

        Raises:
            StopSignError: signed out, challenged, limited.
            SiteUnreachableError: no server answers.
            PageUnreadableError: the server failed, the page hangs, or it came without a main part; the page that was
                open before may still be.
        """
        with self.refusing(f"open {path.split('/')[1] or 'home'}"):
            self.traffic.mark()
            begun, self.answered, self._left = monotonic(), False, self.page.url
            response = self._navigate(path)
            self.answered = True
            self._wait_for_return()
            if (found := stop_signs.of_answer(response)) is not None:
                raise found
            arrived = self._shows_main()
            if not same_site(self.page.url, self.base_url):
                raise PageUnreadableError("the site led the browser to another site.")
            try:
                if not arrived:
                    self.page.locator(_MAIN).first.wait_for()
            except TimeoutError:
                if (found := stop_signs.of_page(self.page)) is not None:
                    raise found from None
                raise PageUnreadableError(
                    "the site sent a shell without a main part: neither signed out nor empty; try again later."
                ) from None
            self.page_times.append((_PAGES.get(path.split("/")[1], "other"), monotonic() - begun))

    def _shows_main(self) -> bool:
        """Whether the page shows its main part, and no stop sign at the same moment; takes note of its language.

        Raises:
            StopSignError: it shows one.
        """
        signs: list[stop_signs.Shown] = []
        main = self.page.locator(_MAIN).first.filter(visible=True)
        beside = stop_signs.beside(self.page, signs.append)
        shown = all_say(main, COUNT, own=matching(_MAIN), beside=[beside])
        self.judge(self.page, signs[0])
        self.find.declared(signs[0].language)
        return bool(shown)

    def _wait_for_return(self) -> None:
        """Let a visit that passes the sign-in page come back; the address alone proves nothing, a form does."""
        if not stop_signs.is_passing(self.page):
            return
        for _ in self.polls(self.timeouts.bounce):
            if not stop_signs.is_passing(self.page):
                self.page.wait_for_load_state("domcontentloaded")
                return

    def _navigate(self, path: str) -> Response | None:
        try:
            return self.page.goto(self.base_url + path, wait_until="domcontentloaded")
        except TimeoutError:
            raise PageUnreadableError(
                f"the page hangs: the site did not answer within {self.timeouts.navigation / 1000:g} seconds."
            ) from None
        except Error as error:
            if is_gone(error):
                raise
            if "ERR_TOO_MANY_REDIRECTS" in error.message:
                raise stop_signs.sign(stop_signs.REDIRECT_LOOP) from None
            code = next((word for word in error.message.split() if "ERR_" in word), "no reason given")
            code = code.removeprefix("net::")
            kind = PageUnreadableError if code in _ANSWERED else SiteUnreachableError
            raise kind(f"{self.base_url} cannot be reached ({code}): see whether it is up, and try again.") from error

    @contextmanager
    def refusing(self, step: str) -> Iterator[None]:
        """Inside the block a refusal gets a picture, and is told as the stop sign behind it, if there is one.

        Where the page never came, the one before is still shown, which may be another person's: no picture of that.
        """
        with ended_after(self.timeouts.step):  # around the judging as well, which asks the same page
            try:
                with named_failures(step):
                    yield
            except SiteUnreachableError:
                raise  # the browser is about to show a page of its own: nothing to judge, and no evidence of the site's
            except PageUnreadableError as error:
                found = self._sign_behind()
                if found is not None or self.answered or self.page.url != self._left:
                    self._screenshot(found or error, step)
                if found is not None:
                    raise found from error
                raise
            except SiteError as error:
                self._screenshot(error, step)
                raise

    def watch_for_interruptions(self) -> None:
        """Raise the stop sign that the page shows now, if any.

        Raises:
            StopSignError: it shows one.
        """
        if (found := stop_signs.of_page(self.page)) is not None:
            raise found

    def judge(self, place: stop_signs.Place, shown: stop_signs.Shown) -> None:
        """As `watch_for_interruptions`, where what one place shows of signs was read beside something else.

        Raises:
            StopSignError: the page shows one.
        """
        if (found := stop_signs.judged(self.page, place, shown)) is not None:
            raise found

    def _sign_behind(self) -> StopSignError | None:
        try:
            self._stop_loading()
            return stop_signs.of_page(self.page) or stop_signs.of_bare_page(self.page)
        except (Error, PageUnreadableError) as error:
            log.debug("page_not_judged", problem=str(error))
            return None

    def _stop_loading(self) -> None:
        """Leave the page as it is: while a navigation waits for its answer, no question to the page is answered."""
        browser = self.page.context.new_cdp_session(self.page)
        browser.send("Page.stopLoading")
        browser.detach()

    def _screenshot(self, error: SiteError, step: str) -> None:
        if error.evidence is not None:
            return
        try:
            error.evidence = self.evidence.refusal(self.page, f"refused {step}")
        except (PageUnreadableError, BrowserUnavailableError) as failure:
            log.warning("refusal_without_picture", step=step, problem=str(failure))
