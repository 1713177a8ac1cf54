"""What was left in flight or in doubt: finding it, taking it over, and holding an account up until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db import breakers, leases
from linkedin_pipelines.db.leases import Lease
from linkedin_pipelines.db.models import Account, AccountLease, Contact, Interaction
from linkedin_pipelines.db.rows import changed_rows
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import LedgerConflictError


@dataclass(frozen=True)
class UnsettledInteraction:
    """An interaction whose end nobody saw."""

    interaction_id: int
    account_id: int
    contact_id: int
    profile_slug: str
    full_name: str
    kind: InteractionKind
    occurrence_year: int
    status: InteractionStatus
    body: str
    claimed_at: datetime
    clicked_at: datetime | None
    doubt_readings: int
    explanation: str | None
    evidence: Evidence | None

    @property
    def waits_for_member(self) -> bool:
        """Whether its thread was read in vain so often that only the member can tell."""
        return self.doubt_readings >= READINGS_BEFORE_MEMBER_DECIDES


def adopt_stranded(session: Session, lease: Lease, now: datetime) -> int:
    """Take over what earlier holders of the lease left in flight; the number of rows.

    Without an announced click nothing went out: `failed`. With one nobody knows: `in_doubt`. While the account has to
    settle first (a restored ledger may have lost the announcement) every one of them is in doubt.

    Raises:
        LeaseLostError: the run no longer holds the account.
    """
    leases.require(session, lease, now)
    account = session.get_one(Account, lease.account_id, populate_existing=True)
    stranded = update(Interaction).where(
        Interaction.account_id == lease.account_id,
        Interaction.status == InteractionStatus.SENDING,
        Interaction.lease_token < lease.token,
    )
    adopted = 0
    if account.settle_first_reason is None:
        adopted += changed_rows(
            session,
            stranded.where(Interaction.clicked_at.is_(None)).values(
                status=InteractionStatus.FAILED,
                settled_at=now,
                reason=Reason.INTERRUPTED,
                explanation="The run ended before the click; nothing went out.",
            ),
        )
    adopted += changed_rows(
        session,
        stranded.values(
            status=InteractionStatus.IN_DOUBT,
            settled_at=now,
            reason=Reason.RUN_DIED,
            explanation="The run ended around the click; the conversation has to be read to know.",
        ),
    )
    if adopted:
        breakers.lose_probe(session, lease.account_id, now)
    session.expire_all()
    return adopted


def unsettled(session: Session, account_id: int) -> list[UnsettledInteraction]:
    """Interactions whose end nobody saw, oldest first: those in doubt, and those that no living lease is working on."""
    abandoned = ~exists().where(
        AccountLease.account_id == account_id,
        AccountLease.token == Interaction.lease_token,
        AccountLease.holder.is_not(None),
    )
    rows = session.execute(
        _WITH_PERSON.where(
            Interaction.account_id == account_id,
            or_(
                Interaction.status == InteractionStatus.IN_DOUBT,
                (Interaction.status == InteractionStatus.SENDING) & abandoned,
            ),
        ).order_by(Interaction.id)
    )
    return [_view(row, slug, name) for row, slug, name in rows]


def get(session: Session, interaction_id: int) -> UnsettledInteraction:
    """One interaction as it stands now, settled or not.

    Raises:
        LedgerConflictError: there is no such interaction.
    """
    row = session.execute(_WITH_PERSON.where(Interaction.id == interaction_id)).one_or_none()
    if row is None:
        raise LedgerConflictError(f"there is no interaction {interaction_id}")
    return _view(row[0], row[1], row[2])


def put_settle_first(session: Session, account_id: int, now: datetime, reason: str) -> None:
    """Hold the account up until its recent threads were read: after a restore, or when the clock was set back."""
    account = session.get_one(Account, account_id, populate_existing=True)
    if account.settle_first_reason is None:
        account.settle_first_since, account.settle_first_reason = now, reason
        session.flush()


def end_settle_first(session: Session, lease: Lease, now: datetime) -> None:
    """The account's recent threads were read and everything in doubt was looked at: it may send again.

    Raises:
        LeaseLostError: the run no longer holds the account.
        LedgerConflictError: interactions are left that no thread was read for.
    """
    leases.require(session, lease, now)
    if left := [one for one in unsettled(session, lease.account_id) if not one.waits_for_member]:
        raise LedgerConflictError(f"{len(left)} interactions of the account have not been settled yet")
    account = session.get_one(Account, lease.account_id, populate_existing=True)
    account.settle_first_since = account.settle_first_reason = None
    account.reconciled_interaction_id = session.scalar(
        select(func.max(Interaction.id)).where(Interaction.account_id == account.id)
    )
    session.flush()


_WITH_PERSON = (
    select(Interaction, Contact.profile_slug, Contact.full_name)
    .join(Contact, Contact.id == Interaction.contact_id)
    .execution_options(populate_existing=True)
)


def _view(row: Interaction, slug: str | None, name: str) -> UnsettledInteraction:
    return UnsettledInteraction(
        interaction_id=row.id,
        account_id=row.account_id,
        contact_id=row.contact_id,
        profile_slug=slug or "",
        full_name=name,
        kind=row.kind,
        occurrence_year=row.occurrence_year,
        status=row.status,
        body=row.body or "",
        claimed_at=row.claimed_at,
        clicked_at=row.clicked_at,
        doubt_readings=row.doubt_readings,
        explanation=row.explanation,
        evidence=row.evidence,
    )
