"""Seeing after the press that a message has arrived: in the conversation, to stay, and no longer in the editor.

What belongs here: look after look at the composer that is still open, editor, conversation and stop signs by one
question. What does not: the press, and opening the conversation anew (`messenger`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Frame, Page

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.browser.pages.composer import OpenComposer
from linkedin_pipelines.browser.pages.thread import Thread
from linkedin_pipelines.browser.pages.thread_entries import Snapshot
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.domain.threads import same_text
from linkedin_pipelines.errors import PageUnreadableError

_WHILE_ASKING = 4
"""While an answer of the server is awaited, only every so manyth look is taken: nothing can be proven before."""


@dataclass(frozen=True)
class _Seen:
    """What an open composer shows at one moment."""

    held: str | PageUnreadableError
    """What the editor holds, or why that cannot be told."""
    moment: Snapshot | None
    """The conversation, where one composer was there."""


class SendProof:
    """Looks at one open composer, in the place of the page where it is, after its button was pressed."""

    def __init__(self, site: Site, place: Page | Frame, opened: OpenComposer, thread: Thread) -> None:
        self._site = site
        self._place = place
        self._opened = opened
        self._thread = thread

    def wait(self, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        """The new own event with exactly `text`, once it has stayed and the editor is empty; None if it does not come.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
            PageUnreadableError: the conversation can no longer be read.
        """
        seen = 0
        refusal: PageUnreadableError | None = None
        for number, _ in enumerate(self._site.polls(self._site.timeouts.proof)):
            if self._site.traffic.pending and number % _WHILE_ASKING:
                continue
            now = self._see()
            try:
                event, refusal = self._new_event(now, text, before), None
            except PageUnreadableError as error:  # a message on its way may say more than its text for a while
                event, refusal = None, error
            seen = seen + 1 if event is not None else 0
            if event is not None and seen > self._stays(event):
                return event
        if refusal is not None:
            raise refusal
        return None

    def _stays(self, event: ThreadEvent) -> int:
        """How many looks more have to show a new message: few where the server took it and gave it its name."""
        timeouts = self._site.timeouts
        return 1 if event.named and self._site.traffic.handed_over else fitting(timeouts.proof_stays, timeouts.poll)

    def _see(self) -> _Seen:
        """What the composer shows now, and no stop sign at the same moment.

        Raises:
            StopSignError: the page shows one.
            PageUnreadableError: it shows a notice in an unknown language.
        """
        signs: list[stop_signs.Shown] = []
        moments: list[Snapshot] = []
        beside = [stop_signs.beside(self._place, signs.append), self._thread.moment(moments.append)]
        held: str | PageUnreadableError
        try:
            held = self._opened.content(timeout=0, beside=beside)
        except PageUnreadableError as error:
            held = error
        for shown in signs:
            self._site.judge(self._place, shown)
        return _Seen(held, moments[-1] if moments else None)

    def _new_event(self, seen: _Seen, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        if isinstance(seen.held, PageUnreadableError):
            if self._opened.root.count():
                raise seen.held
            return None
        if seen.held.strip():
            return None
        now = self._thread.events_of(seen.moment) if seen.moment else self._thread.events_now()
        known = {event.event_id for event in before}
        said = said_in(now, text)
        new = [event for event in said if event.event_id not in known]
        return new[-1] if new and len(said) > len(said_in(before, text)) else None


def said_in(events: Sequence[ThreadEvent], text: str, since: date = date.max) -> list[ThreadEvent]:
    """Own messages with exactly this text; those of days before `since` may or may not be shown, so they are left out.

    `date.max` stands for all that is shown.
    """
    said = [event for event in events if event.own and same_text(event.text, text)]
    return said if since == date.max else [e for e in said if e.sent_on is None or e.sent_on >= since]
