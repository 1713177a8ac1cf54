"""What was left in flight or in doubt: finding it, taking it over, and holding an account up until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.rows import changed_rows
from linkedin_pipelines.db.ledger import counters
from linkedin_pipelines.db.ledger.spending import last_activity
from linkedin_pipelines.db.models import Account, AccountLease, Contact, Interaction, ReconciledThread
from linkedin_pipelines.db.models.interactions import IS_IN_FLIGHT, IS_UNSETTLED
from linkedin_pipelines.domain.action_kinds import kind_of
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.payloads import Evidence, OwnEvents
from linkedin_pipelines.domain.quotas import WEEK
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
    kind: str
    occasion_key: str
    purpose: str | None
    occurrence_year: int | None
    status: InteractionStatus
    body: str
    """The text; empty where the kind writes none."""
    claimed_at: datetime
    clicked_at: datetime | None
    doubt_readings: int
    explanation: str | None
    evidence: Evidence | None
    events_before: OwnEvents | None
    member_number: str | None = None

    @property
    def waits_for_member(self) -> bool:
        """Whether only the member can tell: nothing can be read for its kind, or too many readings could not."""
        return kind_of(self.kind).waits_for_member or self.doubt_readings >= READINGS_BEFORE_MEMBER_DECIDES


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
        IS_IN_FLIGHT,
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
    if adopted:
        counters.record_adopted(session, lease.account_id, now)
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
            IS_UNSETTLED,
            or_(Interaction.status == InteractionStatus.IN_DOUBT, abandoned),
        )
    )
    # Put in order here: asked to, SQLite would read the account's whole ledger in the order of ids.
    return [_view(*row) for row in sorted(rows, key=lambda found: found[0].id)]


def get(session: Session, interaction_id: int) -> UnsettledInteraction:
    """One interaction as it stands now, settled or not.

    Raises:
        LedgerConflictError: there is no such interaction.
    """
    row = session.execute(_WITH_PERSON.where(Interaction.id == interaction_id)).one_or_none()
    if row is None:
        raise LedgerConflictError(f"there is no interaction {interaction_id}")
    return _view(*row)


def put_settle_first(
    session: Session, account_id: int, now: datetime, reason: str, known_until: datetime | None = None
) -> None:
    """Hold the account up until its recent threads were read: after a restore, or when the clock was set back.

    `known_until` is the moment up to which the ledger is known to be whole, where that is later than its last row says.
    """
    account = session.get_one(Account, account_id, populate_existing=True)
    if account.settle_first_reason is None:
        account.settle_first_since, account.settle_first_reason = now, reason
        account.audited_interaction_id = account.audited_at = None  # what was restored has not been looked at
        known = [moment for moment in (last_activity(session, account_id), known_until) if moment is not None]
        known_until = max(known, default=None)
        if known_until is None or known_until < now:
            # A restored ledger: what was done since its last row is unknown. One that is ahead of the clock is whole.
            account.unknown_from, account.unknown_until = known_until or now - WEEK, now
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
        select(Interaction.id).where(Interaction.account_id == account.id).order_by(Interaction.id.desc()).limit(1)
    )
    session.execute(delete(ReconciledThread).where(ReconciledThread.account_id == account.id))
    session.flush()


_WITH_PERSON = (
    select(Interaction, Contact.profile_slug, Contact.full_name, Contact.member_number)
    .join(Contact, Contact.id == Interaction.contact_id)
    .execution_options(populate_existing=True)
)


def _view(row: Interaction, slug: str | None, name: str, number: str | None) -> UnsettledInteraction:
    return UnsettledInteraction(
        interaction_id=row.id,
        account_id=row.account_id,
        contact_id=row.contact_id,
        profile_slug=slug or "",
        full_name=name,
        kind=row.kind,
        occasion_key=row.occasion_key,
        purpose=row.purpose,
        occurrence_year=row.occurrence_year,
        status=row.status,
        body=row.body or "",
        claimed_at=row.claimed_at,
        clicked_at=row.clicked_at,
        doubt_readings=row.doubt_readings,
        explanation=row.explanation,
        evidence=row.evidence,
        events_before=row.events_before,
        member_number=number,
    )
