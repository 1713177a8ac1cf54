"""Profiles opened on the way to something else, as rows of the ledger: spent before the browser moves.

Such a row is `sent` from the start: a visit that was begun leaves nothing to read, so it counts as made. Binding only
in a transaction that holds the account's lease row, as a claim does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.ledger import counters
from linkedin_pipelines.db.ledger.claiming import ClaimRequest, attempt_of
from linkedin_pipelines.db.ledger.keeping import kept_visits
from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.models import Account, Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.visits import VisitPurpose, against_visit
from linkedin_pipelines.domain.windows import local_day

KIND = InteractionKind.PROFILE_VISIT
_ABOUT_THE_PERSON = (
    Reason.WISHED_BY_HAND,
    Reason.STOP_REQUESTED,
    Reason.NOT_CONNECTED,
    Reason.PROFILE_GONE,
    Reason.WRONG_PERSON,
)
"""Refusals that another rehearsal on the same day would only repeat; a page that failed may be tried again."""


@dataclass(frozen=True, kw_only=True)
class VisitRequest:
    """Whose profile is to be opened, what for, and by which run."""

    account_id: int
    contact_id: int
    purpose: VisitPurpose
    run_id: str


def visit_refusal(
    session: Session, account_id: int, purpose: VisitPurpose, run_id: str, now: datetime
) -> Outcome | None:
    """Why no profile may be opened for `purpose` now; None if one may."""
    account = session.get_one(Account, account_id, populate_existing=True)
    left = quota_left(session, account.config, account_id, KIND, run_id, now)
    return against_visit(purpose, left, kept_visits(session, account, now))


def spend_visit(session: Session, request: VisitRequest, lease: Lease, now: datetime) -> Outcome | None:
    """Spend one visit, or say why not. Commit before the profile is opened.

    Raises:
        LeaseLostError: the run no longer holds the account.
    """
    leases.require_for(session, lease, request.account_id, now)
    refused = visit_refusal(session, request.account_id, request.purpose, request.run_id, now)
    if refused is not None:
        return refused
    account = session.get_one(Account, request.account_id)
    before = session.scalar(
        select(func.count()).where(Interaction.contact_id == request.contact_id, Interaction.kind == KIND)
    )
    claim = ClaimRequest(
        account_id=request.account_id,
        contact_id=request.contact_id,
        kind=KIND,
        # A person may be visited several times a day, for one purpose too: each is an occasion of its own.
        occasion_key=f"{request.purpose}:{local_day(now, account.config.zone)}:{(before or 0) + 1}",
        purpose=request.purpose,
        list_date=None,
        run_id=request.run_id,
    )
    values = attempt_of(claim, lease, account.config.zone, now, InteractionStatus.SENT)
    session.add(Interaction(**values, clicked_at=now, settled_at=now, sent_at=now))
    session.flush()
    counters.record_visit(session, account.slug, KIND.value)
    return None


def rehearsed_on(session: Session, request: ClaimRequest, day: date) -> bool:
    """Whether exactly this was rehearsed on that local day, to the last click or as far as the person lets it come."""
    query = select(Interaction.id).where(
        Interaction.account_id == request.account_id,
        Interaction.contact_id == request.contact_id,
        Interaction.kind == request.kind,
        Interaction.occasion_key == request.occasion_key,
        Interaction.local_day == day,
        or_(
            Interaction.status == InteractionStatus.REHEARSED,
            and_(Interaction.status == InteractionStatus.REFUSED, Interaction.reason.in_(_ABOUT_THE_PERSON)),
        ),
        Interaction.body == request.body if request.body is not None else Interaction.body.is_(None),
    )
    return session.scalars(query.limit(1)).first() is not None
