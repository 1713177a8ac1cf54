"""The messages of one conversation: waited for, read upwards, and refused where it cannot be told what they are.

What belongs here: coming to rest, and reading back far enough. What does not: what an entry of the page means
(`thread_reader`), and when a conversation is empty (`empty_thread`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator

from linkedin_pipelines.browser.asking import Aside
from linkedin_pipelines.browser.pages.empty_thread import CARD, EmptyThread
from linkedin_pipelines.browser.pages.thread_entries import (
    Shown,
    Snapshot,
    first_of,
    rest_of,
    scroll_up,
    snapshot_beside,
    snapshot_of,
)
from linkedin_pipelines.browser.pages.thread_reader import CLOCK, Sides, ThreadReader
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.errors import PageUnreadableError

_CARD_BEFORE = """
(first, selector) => {
  const list = first.parentElement;
  return [...list.querySelectorAll(selector)].some(
    card => card.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING);
}
"""
_PAGES = 40
"""More pages of older messages than these are not read for one question."""
_UNKNOWN = "the conversation cannot be read: it is built in an unknown way."


class Thread:
    """The list of messages inside `root`, an open composer."""

    def __init__(self, site: Site, root: Locator, sides: Sides, clock: Clock, zone: ZoneInfo) -> None:
        self._site = site
        self._root = root
        self._sides = sides
        self._clock = clock
        self._zone = zone
        self._page_zone = ""

    def events(self, back_to: date, beside: Sequence[Aside] = ()) -> list[ThreadEvent]:
        """The messages, oldest first, complete from the local day `back_to` on; `date.max` asks for what is shown.

        A conversation shows its newest messages first and loads older ones while it is scrolled up. What is asked
        `beside` is asked once, at the first look.

        Raises:
            PageUnreadableError: it did not load, does not reach back so far, or says something that cannot be read.
        """
        shown = self._at_rest(beside)
        for _ in range(_PAGES):
            events = self._reader().events(shown)
            if not events or back_to == date.max or self._reaches(events, back_to):
                return events
            before = shown
            shown = self._scrolled_up(before)
            if len(shown) == len(before):
                # Each day has a heading, so the first message of all does.
                if not (self._begins_with_heading(shown) or self._begins_with_card()):
                    raise PageUnreadableError("the conversation cannot be read to its beginning: older messages exist.")
                return self._reader().events(shown)
        raise PageUnreadableError(f"the conversation does not reach back to {back_to} within {_PAGES} pages.")

    def events_now(self) -> list[ThreadEvent]:
        """The messages shown at this moment, those not taken by the server yet left out."""
        return self.events_of(snapshot_of(self._root))

    def events_of(self, snapshot: Snapshot) -> list[ThreadEvent]:
        """As `events_now`, of a moment just taken."""
        self._page_zone = snapshot.zone
        return self._reader().events([event for event in snapshot.entries if event.taken])

    def moment(self, hear: Callable[[Snapshot], None]) -> Aside:
        """What is shown at one moment, for `events_of`, asked beside something else."""
        return snapshot_beside(self._root, hear)

    @staticmethod
    def _reaches(events: list[ThreadEvent], back_to: date) -> bool:
        return events[0].sent_on is not None and events[0].sent_on < back_to

    def _reader(self) -> ThreadReader:
        page_zone = ZoneInfo(self._page_zone)
        today = self._clock.now().astimezone(page_zone).date()
        return ThreadReader(self._sides, self._zone, page_zone, self._site.find.labels, today)

    def _begins_with_heading(self, shown: list[Shown]) -> bool:
        messages = self._reader().messages(shown)
        return bool(messages and messages[0].heading) or len(messages) < len(shown)

    def _begins_with_card(self) -> bool:
        """Whether the other person's card stands above the messages: the site shows it where a conversation begins."""
        first = first_of(self._root)
        above = first is not None and bool(first.evaluate(_CARD_BEFORE, CARD))
        return above and EmptyThread(self._site, self._root, self._sides).card() is not None

    def _scrolled_up(self, before: list[Shown]) -> list[Shown]:
        """Scroll the oldest message into view, as a reader does; what is shown once nothing more comes.

        Raises:
            PageUnreadableError: what was on its way did not come.
        """
        timeouts = self._site.timeouts
        self._site.traffic.mark()
        scroll_up(self._root, timeouts.action)
        left, quiet = fitting(timeouts.thread, timeouts.poll) + 1, fitting(timeouts.empty_rest, timeouts.poll)
        while left > 0:
            found = rest_of(
                self._root, rest=quiet, empty_rest=quiet, pause=timeouts.poll, most=left, beyond=len(before)
            )
            left -= found.polls
            if len(found.snapshot.entries) > len(before):
                return self._at_rest()
            if found.rest and not self._site.traffic.pending:
                break
            self._site.page.wait_for_timeout(timeouts.poll)
        if not found.rest or self._site.traffic.pending or self._site.traffic.failed:
            raise PageUnreadableError("the conversation's older messages did not load.")
        return self._at_rest()

    def _at_rest(self, beside: Sequence[Aside] = ()) -> list[Shown]:
        """The entries, once they stay the same for a while and nothing is on its way.

        Raises:
            PageUnreadableError: they did not come, or are built in a way that is not known.
        """
        timeouts = self._site.timeouts
        left, empty_rest = fitting(timeouts.thread, timeouts.poll) + 1, timeouts.rest
        while True:
            found = rest_of(
                self._root,
                rest=fitting(timeouts.rest, timeouts.poll),
                empty_rest=fitting(empty_rest, timeouts.poll),
                pause=timeouts.poll,
                most=left,
                beside=beside,
            )
            beside = ()
            self._page_zone = found.snapshot.zone
            left -= found.polls
            settled = found.rest and not self._site.traffic.pending
            if settled and (found.snapshot.entries or self._known_empty(found.same)):
                break
            if left <= 0:
                if not found.snapshot.entries or found.snapshot.loading:
                    raise PageUnreadableError("the conversation did not load in time.")
                break
            empty_rest = timeouts.rest if self._site.traffic.handed_over else timeouts.empty_rest
            self._site.page.wait_for_timeout(timeouts.poll)
        self._require_known(found.snapshot)
        return found.snapshot.entries

    def _known_empty(self, same: int) -> bool:
        """Whether a conversation without messages has been waited for: its data came, or it stayed so for long."""
        return self._site.traffic.handed_over or same > fitting(
            self._site.timeouts.empty_rest, self._site.timeouts.poll
        )

    def _require_known(self, snapshot: Snapshot) -> None:
        """See that what is shown is all that the conversation says.

        Raises:
            PageUnreadableError: it may hold messages that were not found, or one whose fate nobody knows.
        """
        messages = self._reader().messages(snapshot.entries)
        if not messages and self._site.traffic.failed:
            raise PageUnreadableError("the conversation did not load: the site refused to hand it over.")
        if not messages:
            bare = snapshot.listed and not snapshot.loose  # words in it may be messages of an unknown making
            EmptyThread(self._site, self._root, self._sides).require(listed=bare)
        elif snapshot.loose and (CLOCK.search(snapshot.loose) or not self._is_card_beside(snapshot)):
            raise PageUnreadableError(_UNKNOWN)
        if snapshot.stray:
            raise PageUnreadableError(_UNKNOWN)
        if any(event.unsent for event in messages):
            raise PageUnreadableError(
                "the conversation holds a message that is marked as not sent; nobody knows its fate."
            )

    def _is_card_beside(self, snapshot: Snapshot) -> bool:
        """Whether what a list says outside its entries is the other person's card."""
        return bool(snapshot.loose_links) and self._sides.introduces(snapshot.loose_links)
