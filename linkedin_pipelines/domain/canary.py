"""The canary: which elements of the site each action needs, and what a look at them means for the actions.

What belongs here: the rule. What does not: how a page is looked at (`browser.canary`), where the results are kept
(`db.canary`), and when a look is taken (`services.canary`).

A look changes nothing: pages are opened, one conversation is opened and closed again, nothing is typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class Action(StrEnum):
    """What a campaign does on the site and may be held from doing."""

    READ_BIRTHDAYS = "read_birthdays"
    SEND_MESSAGES = "send_messages"


NEEDS: Mapping[Action, frozenset[CanaryElement]] = {
    Action.READ_BIRTHDAYS: frozenset((*PARTS[Part.FEED], *PARTS[Part.CATCH_UP])),
    Action.SEND_MESSAGES: frozenset((*PARTS[Part.FEED], *PARTS[Part.COMPOSER])),
}
"""Reading conversations of sends in doubt is held by nothing: it only finds out, and nothing else could."""


class SightOutcome(StrEnum):
    """`failed` alone holds actions. `stop_sign` and `away` say that the walk was cut short, and nothing of the page."""

    OK = "ok"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    STOP_SIGN = "stop_sign"
    AWAY = "away"


@dataclass(frozen=True)
class Sight:
    """What one look at one element came to."""

    element: CanaryElement
    outcome: SightOutcome
    reason: str | None = None
    """A sentence for the member, for every outcome but `ok`."""
    evidence: str | None = None
    """Path of the picture below the evidence folder."""


@dataclass(frozen=True, kw_only=True)
class KeptSight(Sight):
    """The last sight of an element, as it is kept."""

    checked_at: datetime
    run_id: str


def unreadable(kept: Iterable[KeptSight], action: Action) -> tuple[KeptSight, ...]:
    """The elements for whose sake `action` is held: those that it needs and that were last seen to be unreadable.

    However long ago that was: it is the next look that lifts the hold, not time.
    """
    return tuple(sight for sight in kept if sight.outcome is SightOutcome.FAILED and sight.element in NEEDS[action])


def is_due(kept: Sequence[KeptSight], part: Part, rule: Canary, now: datetime) -> bool:
    """Whether a part of the walk has to be taken before its elements are used.

    That is so if an element was never seen, the walk was cut short, the sight is too old or, by the clock, not yet
    taken. One that was not seen well is looked at again sooner than one that was.
    """
    known = {sight.element: sight for sight in kept}
    return any(element not in known or _is_stale(known[element], rule, now) for element in PARTS[part])


def look_again_at(kept: Iterable[KeptSight], rule: Canary) -> datetime | None:
    """When elements that failed are looked at again; None if none did."""
    failed = [sight.checked_at for sight in kept if sight.outcome is SightOutcome.FAILED]
    return min(failed) + timedelta(minutes=rule.recheck_minutes) if failed else None


def _is_stale(sight: KeptSight, rule: Canary, now: datetime) -> bool:
    if sight.outcome in (SightOutcome.STOP_SIGN, SightOutcome.AWAY):
        return True
    well = sight.outcome is SightOutcome.OK
    lasts = timedelta(hours=rule.valid_hours) if well else timedelta(minutes=rule.recheck_minutes)
    return not timedelta(0) <= now - sight.checked_at < lasts
