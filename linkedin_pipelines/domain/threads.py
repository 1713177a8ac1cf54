"""What a thread says: whether this occasion was wished already, and what became of a click nobody saw the end of.

The decisions rest on own events and their dates, never on a text that merely stands somewhere on the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from linkedin_pipelines.domain.messaging import ThreadEvent

_HALF_A_YEAR = timedelta(days=182)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same words: no-break blanks, line endings and blank ends are the editor's, not ours."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


class Standing(StrEnum):
    """How a thread stands before anything is written."""

    CLEAR = "clear"
    ALREADY_WISHED = "already_wished"
    ASKED_TO_STOP = "asked_to_stop"
    UNCLEAR = "unclear"


def standing(
    events: Sequence[ThreadEvent],
    body: str,
    occurs_on: date,
    *,
    is_wish: Callable[[str], bool],
    asks_to_stop: Callable[[str], bool],
) -> tuple[Standing, ThreadEvent | None]:
    """Judge a thread before a wish for the birthday kept on `occurs_on`; the event that decided comes with it.

    An own wish belongs to the occurrence it is nearest to, so last year's identical one does not count. A wish whose
    date the page does not state may be this year's: that is unclear, and unclear is not clear.
    """
    for event in reversed(events):
        if not event.own:
            if asks_to_stop(event.text):
                return Standing.ASKED_TO_STOP, event
            continue
        if not (is_wish(event.text) or same_text(event.text, body)):
            continue
        if event.sent_on is None:
            return Standing.UNCLEAR, event
        if abs(event.sent_on - occurs_on) <= _HALF_A_YEAR:
            return Standing.ALREADY_WISHED, event
    return Standing.CLEAR, None


class Fate(StrEnum):
    """What became of a click whose end nobody saw."""

    DELIVERED = "delivered"
    ABSENT = "absent"
    UNCLEAR = "unclear"


def fate_of_click(events: Sequence[ThreadEvent], body: str, clicked_on: date) -> tuple[Fate, ThreadEvent | None]:
    """Read a freshly loaded thread for the message clicked on the local day `clicked_on`.

    A day of tolerance before it covers a page that counts days in another zone than the account's.
    """
    unclear: ThreadEvent | None = None
    for event in reversed(events):
        if not event.own or not same_text(event.text, body):
            continue
        if event.sent_on is None:
            unclear = event
        elif event.sent_on >= clicked_on - timedelta(days=1):
            return Fate.DELIVERED, event
    return (Fate.UNCLEAR, unclear) if unclear else (Fate.ABSENT, None)
