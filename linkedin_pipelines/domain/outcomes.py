"""What became of one person: the one type that a rule, a claim, an attempt and a list speak of it with.

What belongs here: the type, and the two ways of saying no. What does not: the rules (`domain.eligibility`,
`domain.claims`) and what the ledger does with an outcome (`db.ledger`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import LEAVING_OUT, PUTTING_OFF, EntryOutcome, InteractionStatus, Reason

SENTENCE_LIMIT = 1000
"""No explanation is longer where it is stored."""


NO_EVIDENCE = Evidence()
"""The same for all: it is frozen."""


@dataclass(frozen=True)
class Outcome:
    """Whether something was done, and if not, why, and when it may be tried again."""

    status: InteractionStatus | EntryOutcome
    """A status of the ledger where an attempt began; `skipped` or `deferred` where none was made, or none is to be."""
    reason: Reason | None = None
    explanation: str | None = None
    """One sentence for the member."""
    next_eligible_on: date | None = None
    """First local date on which it may be tried again; None if never for this occasion, or not before a human acts."""
    stop_sign: str | None = None
    """The sign that the site showed, if that is what ended it."""
    interaction_id: int | None = None
    """Row of the ledger; None for rehearsals and where no attempt began."""
    evidence: Evidence = NO_EVIDENCE


def skipped(reason: Reason, explanation: str, next_eligible_on: date | None = None) -> Outcome:
    """Not done, and not to be done for this occasion unless something changes."""
    return Outcome(EntryOutcome.SKIPPED, reason, sentence(explanation), next_eligible_on)


def deferred(reason: Reason, explanation: str, next_eligible_on: date | None = None) -> Outcome:
    """Not done now; it may be tried again."""
    return Outcome(EntryOutcome.DEFERRED, reason, sentence(explanation), next_eligible_on)


def told(status: InteractionStatus, reason: Reason | None) -> InteractionStatus | EntryOutcome:
    """The word for an attempt of the ledger, as its run told it.

    An attempt that found a reason to leave a person out, or to wait, has not failed: the person is skipped or deferred.
    """
    if status is InteractionStatus.FAILED and reason in LEAVING_OUT:
        return EntryOutcome.SKIPPED
    return EntryOutcome.DEFERRED if status is InteractionStatus.FAILED and reason in PUTTING_OFF else status


def sentence(text: str) -> str:
    """One line that ends like a sentence: it may end in words that somebody typed."""
    text = " ".join(text.split())[:SENTENCE_LIMIT]
    return text if text.endswith((".", "!", "?")) else f"{text[: SENTENCE_LIMIT - 1]}."
