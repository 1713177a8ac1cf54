"""What is known of one attempt while it is under way, and how it may end.

What belongs here: evidence as it is gathered, and the outcome that each way of ending means. What does not: the steps,
and writing their outcome down (`services.sending`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from linkedin_pipelines.domain.messaging import Composer, ThreadEvent
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import (
    ClickTooLateError,
    LinkedInPipelinesError,
    NotConnectedError,
    PageUnreadableError,
    SiteError,
    StopSignError,
    WrongPersonError,
)

FAULTS = frozenset(
    {
        Reason.PAGE_UNREADABLE,
        Reason.BROWSER_FAILED,
        Reason.TEXT_MISMATCH,
        Reason.WRONG_PERSON,
        Reason.CLICK_UNPROVEN,
    }
)
"""Reasons that say something is wrong with the page or the browser, and so count towards opening the breaker."""


class Refusal(Exception):  # noqa: N818 - it ends one attempt and is no error of the program
    """The attempt ends before the click, for a reason."""

    def __init__(self, reason: Reason, explanation: str) -> None:
        super().__init__(explanation)
        self.reason = reason
        self.explanation = explanation


@dataclass(frozen=True)
class End:
    """How an attempt ended."""

    status: InteractionStatus | None = None
    reason: Reason | None = None
    explanation: str | None = None
    stop_sign: str | None = None


FORESEEN = (Refusal, SiteError)
"""What may go wrong with a page or a person; anything else is a fault of the program or the browser."""


_REASONS: tuple[tuple[type[SiteError], Reason], ...] = (
    (WrongPersonError, Reason.WRONG_PERSON),
    (ClickTooLateError, Reason.INTERRUPTED),
    (StopSignError, Reason.STOP_SIGN),
    (NotConnectedError, Reason.NOT_CONNECTED),
    (PageUnreadableError, Reason.PAGE_UNREADABLE),
)


def end_by(error: Exception) -> End:
    """How an attempt ended that was cut short by `error`."""
    if isinstance(error, Refusal):
        return End(None, error.reason, error.explanation)
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.BROWSER_FAILED)
    ours = isinstance(error, LinkedInPipelinesError)
    explanation = str(error) if ours else f"The browser failed: {type(error).__name__}."
    return End(None, reason, explanation, error.sign if isinstance(error, StopSignError) else None)


@dataclass
class Attempt:
    """What is known so far of an attempt under way."""

    interaction_id: int | None
    evidence: Evidence = field(default_factory=Evidence)
    clicked: bool = False
    proven: bool = False
    by_hand: ThreadEvent | None = None
    stop_request: ThreadEvent | None = None

    @property
    def status_so_far(self) -> InteractionStatus:
        """What is certain when an attempt ends early."""
        if self.proven:
            return InteractionStatus.SENT
        if self.clicked:
            return InteractionStatus.IN_DOUBT
        return InteractionStatus.FAILED if self.interaction_id is not None else InteractionStatus.REHEARSED

    def note(self, **facts: object) -> None:
        """Add to the evidence."""
        self.evidence = self.evidence.model_copy(update=facts)

    def picture(self, composer: Composer, label: str, *, refusal: bool = False) -> None:
        """Add a screenshot to the evidence; for a refusal, the page's text is kept beside it."""
        self.note(screenshots=(*self.evidence.screenshots, composer.screenshot(label, refusal=refusal)))
