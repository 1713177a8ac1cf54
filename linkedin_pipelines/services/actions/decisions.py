"""What became of a send that nobody saw the end of, where three readings of its conversation could not tell.

Such a row stays in doubt and occupies its occasion and its quota, until the member says what they see in the
conversation. Nobody else decides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import LedgerConflictError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DoubtView:
    """A send whose end nobody saw, with everything there is to judge it by."""

    interaction_id: int
    contact_id: int
    full_name: str
    profile_url: str
    kind: str
    occasion_key: str
    occurrence_year: int | None
    """Year of the birthday; None for other occasions."""
    text: str
    claimed_at: datetime
    clicked_at: datetime | None
    readings: int
    """How often the conversation was read without being able to tell."""
    waits_for_member: bool
    """False: the product still reads the conversation by itself."""
    explanation: str | None
    read_back: str | None
    """What the editor held before the click."""
    screenshots: tuple[str, ...]
    """Paths of the screenshots taken, oldest first; those that were not removed by now."""


def in_doubt(database: Database, settings: Settings, account_slug: str) -> tuple[DoubtView, ...]:
    """Everything of an account that is in doubt, oldest first.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        rows = ledger.unsettled(session, account.id)
    return tuple(
        _view(row, settings.evidence, account.config.base_url)
        for row in rows
        if row.status is InteractionStatus.IN_DOUBT
    )


def decide(
    database: Database,
    clock: Clock,
    account_slug: str,
    interaction_id: int,
    status: InteractionStatus,
    reason: str,
    by: str,
) -> bool:
    """Settle a row in doubt by the member's own word: `sent` or `failed`. False if exactly that was settled before.

    `failed` frees the occasion and the quota, so the person may be wished again: only the member can take that on.

    Raises:
        UnknownAccountError: there is no such account.
        LedgerConflictError: the account has no such row, or it is not in doubt.
        ValueError: the status is neither, or the reason is empty.
    """
    if status not in {InteractionStatus.SENT, InteractionStatus.FAILED}:
        raise ValueError("a send ends as sent or as failed")
    if not (why := " ".join(reason.split())):
        raise ValueError("a decision needs its reason")
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        row = ledger.get(session, interaction_id)
        if row.account_id != account.id:
            raise LedgerConflictError(f"account {account_slug} has no interaction {interaction_id}")
        settled = ledger.settle(
            session,
            interaction_id,
            None,
            clock.now(),
            status,
            reason=Reason.NOT_DELIVERED if status is InteractionStatus.FAILED else None,
            explanation=f"{by} decided that it was {'sent' if status is InteractionStatus.SENT else 'not sent'}: {why}",
            sent_at=(row.clicked_at or row.claimed_at) if status is InteractionStatus.SENT else None,
            not_sent_proven=status is InteractionStatus.FAILED,
        )
    if settled:
        log.info("doubt_decided", account_id=account.id, interaction_id=interaction_id, status=str(status))
    return settled


def _view(row: ledger.UnsettledInteraction, evidence: Path, base_url: str) -> DoubtView:
    screenshots = tuple(str(evidence / path) for path in (row.evidence.screenshots if row.evidence else ()))
    return DoubtView(
        interaction_id=row.interaction_id,
        contact_id=row.contact_id,
        full_name=row.full_name,
        profile_url=f"{base_url}/in/{row.profile_slug}/" if row.profile_slug else "",
        kind=row.kind,
        occasion_key=row.occasion_key,
        occurrence_year=row.occurrence_year,
        text=row.body,
        claimed_at=row.claimed_at,
        clicked_at=row.clicked_at,
        readings=row.doubt_readings,
        waits_for_member=row.waits_for_member,
        explanation=row.explanation,
        read_back=row.evidence.read_back if row.evidence else None,
        screenshots=tuple(screenshot for screenshot in screenshots if Path(screenshot).is_file()),
    )
