"""Profiles opened on the way to something else: each is a visit that the person sees, so each spends one.

What belongs here: what a profile may be opened for, and who comes first when visits run short. What does not: where
visits are counted (`db.ledger.visits`), and visits for their own sake, which are actions (`domain.action_kinds`).
"""

from __future__ import annotations

from enum import StrEnum

from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.quotas import QuotaLeft
from linkedin_pipelines.domain.states import Reason


class VisitPurpose(StrEnum):
    """What a profile is opened for, where the visit itself is not what is wanted."""

    MESSAGE = "message"
    DOUBT = "doubt"
    """To read what became of a message. The account sends nothing before that is known."""
    RECONCILIATION = "reconciliation"
    """To read, after a restore, what the ledger does not know."""
    REHEARSAL = "rehearsal"
    CANARY = "canary"


MESSAGES_NEED = frozenset({VisitPurpose.MESSAGE, VisitPurpose.DOUBT})
"""What the day's approved messages cannot go out without; everything else leaves them their visits."""

HELD_BY_RUN = frozenset({VisitPurpose.RECONCILIATION})
"""What counts against the limit of a run too. A message's own limit of a run holds its visits."""


def against_visit(purpose: VisitPurpose, left: QuotaLeft, kept: int) -> Outcome | None:
    """Why no profile may be opened for `purpose`; None if one may. `kept` visits are what approved messages need."""
    if left.week == 0:
        return _used_up(Reason.WEEK_QUOTA, f"{left.quota.per_week} in 7 days", left)
    if left.day == 0:
        return _used_up(Reason.DAY_QUOTA, f"{left.quota.per_day} a day", left)
    if purpose in HELD_BY_RUN and left.run == 0:
        return _used_up(Reason.RUN_QUOTA, f"{left.quota.per_run} a run", left)
    if purpose not in MESSAGES_NEED and (refused := kept_for_messages(left, kept)) is not None:
        return refused
    return None


def kept_for_messages(left: QuotaLeft, kept: int) -> Outcome | None:
    """The refusal of a visit that an approved message of the day would miss; None if there are enough for both."""
    if not kept or min(left.day, left.week) > kept:
        return None
    text = (
        f"{min(left.day, left.week)} profile visits are left, and the approved messages of the day, {kept} people, "
        "need them."
    )
    return deferred(Reason.DAY_QUOTA, text, left.next_day)


def _used_up(reason: Reason, limit: str, left: QuotaLeft) -> Outcome:
    return deferred(reason, f"The account's limit of {limit} for profile visits is used up.", left.next_day)
