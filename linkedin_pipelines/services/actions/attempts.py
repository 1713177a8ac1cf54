"""What is known of one attempt while it is under way, and which outcome each way of ending means.

What belongs here: evidence as it is gathered, and what an error says. What does not: the steps (a kind's own), and
writing their outcome down (`services.actions.executor`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from linkedin_pipelines.domain.action_kinds import ActionKind, Resolver
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import (
    ClickTooLateError,
    LinkedInPipelinesError,
    NotConnectedError,
    PageUnreadableError,
    ProfileGoneError,
    SiteError,
    StopSignError,
    WrongPersonError,
)

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.members_press import MembersPress

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
    """The attempt ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.explanation)
        self.outcome = outcome


class NoVisitLeftError(Refusal):
    """The person's profile may not be opened now: no visit is left for it."""


FORESEEN = (Refusal, SiteError)
"""What may go wrong with a page or a person; anything else is a fault of the program or the browser."""


_REASONS: tuple[tuple[type[SiteError], Reason], ...] = (
    (WrongPersonError, Reason.WRONG_PERSON),
    (ClickTooLateError, Reason.INTERRUPTED),
    (StopSignError, Reason.STOP_SIGN),
    (NotConnectedError, Reason.NOT_CONNECTED),
    (ProfileGoneError, Reason.PROFILE_GONE),
    (PageUnreadableError, Reason.PAGE_UNREADABLE),
)
"""No two of these errors are of one kind, so their order means nothing."""


def outcome_of(error: Exception, so_far: InteractionStatus) -> Outcome:
    """How an attempt ended that was cut short by `error`, where `so_far` is certain of it."""
    if isinstance(error, Refusal):
        return error.outcome
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.BROWSER_FAILED)
    ours = isinstance(error, LinkedInPipelinesError)
    gone = reason is Reason.PROFILE_GONE and so_far is InteractionStatus.FAILED
    return Outcome(
        EntryOutcome.SKIPPED if gone else so_far,
        reason,
        str(error) if ours else f"The browser failed: {type(error).__name__}.",
        stop_sign=error.sign if isinstance(error, StopSignError) else None,
    )


class Camera(Protocol):
    """What takes a screenshot; a composer does."""

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        """Keep a picture of the page as it is; its path below the evidence folder."""
        ...


@dataclass
class Attempt:
    """What is known so far of an attempt under way."""

    kind: ActionKind
    interaction_id: int | None
    """None in a rehearsal."""
    evidence: Evidence = field(default_factory=Evidence)
    clicked: bool = False
    """The click was announced, and nothing vouches that it was not made."""
    proven: bool = False
    held_back: bool = False
    """The announcement was refused, so nothing was learnt about the site."""
    press: MembersPress | None = None
    """The wait for the member's own click, which then takes the place of the product's."""
    words: str | None = None
    """What went out, where the member changed the approved text."""
    found: dict[str, Any] = field(default_factory=dict)
    """What the kind's own steps learnt and its `record` keeps."""

    @property
    def status_so_far(self) -> InteractionStatus:
        """What is certain when an attempt ends early."""
        if self.interaction_id is None:
            return InteractionStatus.REFUSED
        if self.proven or (self.clicked and self.kind.resolver is Resolver.COUNTED):
            return InteractionStatus.SENT
        return InteractionStatus.IN_DOUBT if self.clicked else InteractionStatus.FAILED

    def note(self, **facts: object) -> None:
        """Add to the evidence."""
        self.evidence = self.evidence.model_copy(update=facts)

    def screenshot(self, camera: Camera, label: str, *, refusal: bool = False) -> None:
        """Add a screenshot to the evidence; for a refusal, the page's text is kept beside it."""
        self.add_screenshot(camera.screenshot(label, refusal=refusal))

    def add_screenshot(self, path: str) -> None:
        """Add one that was taken already."""
        self.note(screenshots=(*self.evidence.screenshots, path))
