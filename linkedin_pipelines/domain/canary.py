"""The canary: the elements of the site that actions need, and what a look at them means for the actions.

What belongs here: the rule. What does not: how a page is looked at (`browser.canary`), where the results are kept
(`db.canary`), and when a look is taken (`services.canary`).

A look changes nothing: pages are opened, one conversation is opened and closed again, nothing is typed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linkedin_pipelines.domain.account import Canary


class Part(StrEnum):
    """A part of the walk; what was seen in one is kept before the next begins."""

    FEED = "feed"
    CATCH_UP = "catch_up"
    COMPOSER = "composer"


class CanaryElement(StrEnum):
    """What has to be readable, in the order in which a walk meets it."""

    NAVIGATION = "navigation"
    BIRTHDAY_CARDS = "birthday_cards"
    TOP_CARD = "top_card"
    MESSAGE_CONTROL = "message_control"
    EDITOR = "editor"
    RECIPIENT = "recipient"
    CONVERSATION = "conversation"
    SEND_BUTTON = "send_button"
    CLOSE_CONTROL = "close_control"


MEANINGS: Mapping[CanaryElement, str] = {
    CanaryElement.NAVIGATION: "the navigation of a member who is signed in",
    CanaryElement.BIRTHDAY_CARDS: "the birthdays on the catch-up page",
    CanaryElement.TOP_CARD: "the top card of a profile",
    CanaryElement.MESSAGE_CONTROL: "the control that opens a conversation",
    CanaryElement.EDITOR: "the editor of a conversation",
    CanaryElement.RECIPIENT: "whom a conversation addresses",
    CanaryElement.CONVERSATION: "the messages of a conversation",
    CanaryElement.SEND_BUTTON: "the send button",
    CanaryElement.CLOSE_CONTROL: "the control that closes a conversation",
}
"""Each element in words for the member."""

PARTS: Mapping[Part, tuple[CanaryElement, ...]] = {
    Part.FEED: (CanaryElement.NAVIGATION,),
    Part.CATCH_UP: (CanaryElement.BIRTHDAY_CARDS,),
    Part.COMPOSER: (
        CanaryElement.TOP_CARD,
        CanaryElement.MESSAGE_CONTROL,
        CanaryElement.EDITOR,
        CanaryElement.RECIPIENT,
        CanaryElement.CONVERSATION,
        CanaryElement.SEND_BUTTON,
        CanaryElement.CLOSE_CONTROL,
    ),
}


READING_BIRTHDAYS = frozenset((*PARTS[Part.FEED], *PARTS[Part.CATCH_UP]))
"""What reading the catch-up page needs. What an action needs stands in `domain.action_kinds`.

Reading conversations of attempts in doubt is held by nothing: it only finds out, and nothing else could.
"""


class ProbeOutcome(StrEnum):
    """`failed` alone holds actions. `stop_sign` and `away` say that the walk was cut short, and nothing of the page."""

    OK = "ok"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    STOP_SIGN = "stop_sign"
    AWAY = "away"


@dataclass(frozen=True)
class ProbeResult:
    """What one look at one element came to."""

    element: CanaryElement
    outcome: ProbeOutcome
    reason: str | None = None
    """A sentence for the member, for every outcome but `ok`."""
    evidence: str | None = None
    """Path of the picture below the evidence folder."""


@dataclass(frozen=True, kw_only=True)
class StoredProbe(ProbeResult):
    """The last sight of an element, as it is kept."""

    checked_at: datetime
    run_id: str


def unreadable(kept: Iterable[StoredProbe], needs: Container[CanaryElement]) -> tuple[StoredProbe, ...]:
    """The elements for whose sake an action is held: those that it needs and that were last seen to be unreadable.

    However long ago that was: it is the next look that lifts the hold, not time.
    """
    return tuple(probed for probed in kept if probed.outcome is ProbeOutcome.FAILED and probed.element in needs)


def is_due(kept: Sequence[StoredProbe], part: Part, rule: Canary, now: datetime) -> bool:
    """Whether a part of the walk has to be taken before its elements are used.

    That is so if an element was never seen, the walk was cut short, the sight is too old or, by the clock, not yet
    taken. One that was not seen well is looked at again sooner than one that was.
    """
    known = {probed.element: probed for probed in kept}
    return any(element not in known or _is_stale(known[element], rule, now) for element in PARTS[part])


def next_probe_at(kept: Iterable[StoredProbe], rule: Canary) -> datetime | None:
    """When elements that failed are looked at again; None if none did."""
    failed = [probed.checked_at for probed in kept if probed.outcome is ProbeOutcome.FAILED]
    return min(failed) + timedelta(minutes=rule.recheck_minutes) if failed else None


def _is_stale(probed: StoredProbe, rule: Canary, now: datetime) -> bool:
    if probed.outcome in (ProbeOutcome.STOP_SIGN, ProbeOutcome.AWAY):
        return True
    well = probed.outcome is ProbeOutcome.OK
    lasts = timedelta(hours=rule.valid_hours) if well else timedelta(minutes=rule.recheck_minutes)
    return not timedelta(0) <= now - probed.checked_at < lasts
