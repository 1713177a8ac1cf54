"""What a thread says: whether this occasion was wished already, and what became of a click nobody saw the end of.

The decisions rest on own events and their dates, never on a text that merely stands somewhere on the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.domain.payloads import OwnEvent, OwnEvents

_HALF_A_YEAR = timedelta(days=182)
MOST_EVENTS = 40
"""So many of the newest own messages are kept with a click; more than these nobody writes around a birthday."""


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same words: no-break blanks, line endings and blank ends are the editor's, not ours.

    No words are the same as nothing: an event without any proves nothing about a text.
    """
    plain = _plain(one)
    return bool(plain) and plain == _plain(other)


def same_message(shown: str, body: str) -> bool:
    """Whether `shown` may well be `body`: a page draws `:)` as an emoji, and adds "(edited)" or a link's preview.

    Lenient, so it never stands for a proof before a click; it tells what a new message of the member's own is.
    """
    if same_text(shown, body):
        return True
    wanted = _letters(body)
    return bool(wanted) and wanted in _letters(shown)


def reworded(shown: str, body: str) -> bool:
    """Whether a message that went out says more, less or something else than `body`, however the page draws it."""
    return not (same_message(shown, body) and same_message(body, shown))


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


class ThreadState(StrEnum):
    """How a thread stands before anything is written."""

    CLEAR = "clear"
    ALREADY_WISHED = "already_wished"
    ASKED_TO_STOP = "asked_to_stop"
    UNCLEAR = "unclear"


def thread_state(
    events: Sequence[ThreadEvent],
    body: str,
    occurs_on: date,
    *,
    is_wish: Callable[[str], bool],
    asks_to_stop: Callable[[str], bool],
) -> tuple[ThreadState, ThreadEvent | None]:
    """Judge a thread before a wish for the birthday kept on `occurs_on`; the event that decided comes with it.

    An own wish belongs to the occurrence it is nearest to, so last year's identical one does not count. A wish whose
    date the page does not state may be this year's: that is unclear, and unclear is not clear.
    """
    for event in reversed(events):
        if event.wordless:
            continue  # a picture says neither "happy birthday" nor "stop"
        if not event.own:
            if asks_to_stop(event.text):
                return ThreadState.ASKED_TO_STOP, event
            continue
        if not (is_wish(event.text) or same_text(event.text, body)):
            continue
        if event.sent_on is None:
            return ThreadState.UNCLEAR, event
        if abs(event.sent_on - occurs_on) <= _HALF_A_YEAR:
            return ThreadState.ALREADY_WISHED, event
    return ThreadState.CLEAR, None


class ClickFate(StrEnum):
    """What became of a click whose end nobody saw."""

    DELIVERED = "delivered"
    ABSENT = "absent"
    UNCLEAR = "unclear"


def own_events(events: Sequence[ThreadEvent]) -> OwnEvents:
    """The member's own messages of a thread as they are kept with a click; the newest, if there are many."""
    own = [event for event in events if event.own][-MOST_EVENTS:]
    return OwnEvents(
        events=tuple(
            OwnEvent(event_id=e.event_id[:400], text=e.text[:1000], sent_on=e.sent_on, wordless=e.wordless) for e in own
        )
    )


def fate_of_click(
    events: Sequence[ThreadEvent], body: str, clicked_on: date, before: OwnEvents | None
) -> tuple[ClickFate, ThreadEvent | None]:
    """Read a freshly loaded thread for the message clicked on the local day `clicked_on`.

    `before` are the member's own messages that the thread showed before the click; None if that was not kept. An own
    message that is new since then may be ours however the page shows it, so while there is one nothing is absent:
    either it has our words, or it is unclear. A day of tolerance covers a page that counts days in another zone than
    the account's.
    """
    first = clicked_on - timedelta(days=1)
    fresh = _new_since(events, before.events if before else ())
    unclear: ThreadEvent | None = None
    for event in reversed(fresh):
        if event.sent_on is not None and event.sent_on < first:
            continue
        if event.sent_on is not None and not event.wordless and same_message(event.text, body):
            return ClickFate.DELIVERED, event
        if event.sent_on is not None or event.wordless or same_message(event.text, body) or before is not None:
            unclear = unclear or event
    return (ClickFate.UNCLEAR, unclear) if unclear else (ClickFate.ABSENT, None)


def new_messages(events: Sequence[ThreadEvent], before: OwnEvents, since: date) -> list[ThreadEvent]:
    """Own messages with words and a day from `since` on that stand for none of `before`, oldest first.

    A day before `since` proves nothing: older messages come to be shown when the thread is scrolled.
    """
    fresh = _new_since(events, before.events)
    return [event for event in fresh if not event.wordless and event.sent_on is not None and event.sent_on >= since]


def _new_since(events: Sequence[ThreadEvent], before: Sequence[OwnEvent]) -> list[ThreadEvent]:
    """Own events that stand for none of `before`; each of those stands for one event only.

    Identity comes first, where the page keeps it from one load to the next; then the same text of the same day.
    """
    left = list(before)
    fresh = [event for event in events if event.own]
    for same in (_is_identical, _is_shown_alike):
        unmatched: list[ThreadEvent] = []
        for event in fresh:
            known = next((one for one in left if same(event, one)), None)
            if known is None:
                unmatched.append(event)
            else:
                left.remove(known)
        fresh = unmatched
    return fresh


def _is_identical(event: ThreadEvent, known: OwnEvent) -> bool:
    return event.event_id[:400] == known.event_id and _is_shown_alike(event, known)


def _is_shown_alike(event: ThreadEvent, known: OwnEvent) -> bool:
    same_day = event.sent_on == known.sent_on or event.sent_on is None or known.sent_on is None
    return same_day and event.wordless == known.wordless and event.text[:1000] == known.text
