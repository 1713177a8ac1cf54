"""Rows of the member's yes to plans without texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import PlanApproval


def approvals_of(session: Session, account_id: int, kind: str, list_date: date) -> Sequence[PlanApproval]:
    """Every approval of a kind's plan of that day, oldest first."""
    query = select(PlanApproval).where(
        PlanApproval.account_id == account_id, PlanApproval.kind == kind, PlanApproval.list_date == list_date
    )
    return session.scalars(query.order_by(PlanApproval.id)).all()


def add_approval(session: Session, approval: PlanApproval) -> PlanApproval:
    """Keep a yes."""
    session.add(approval)
    session.flush()
    return approval
