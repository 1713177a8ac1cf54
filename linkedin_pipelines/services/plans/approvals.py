"""The member's yes to a plan, person by person: a plan that has become shorter since stands on it, any other does not.

What belongs here: approvals of every kind whose plan is read from the site. What does not: how a kind's plan comes
about, and birthday lists, whose approvals name one whole list (`services.birthdays.approvals`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.invitations import approvals
from linkedin_pipelines.db.models import PlanApproval
from linkedin_pipelines.domain.payloads import ApprovedItem, ApprovedPlan


@dataclass(frozen=True)
class PlanApprovalView:
    """One yes."""

    list_date: date
    content_hash: str
    approved_at: datetime
    approved_by: str
    run_id: str
    items: tuple[ApprovedItem, ...]
    covers_list: bool
    """Whether everything that the plan, as it stands now, would do was approved."""


def content_hash(items: Sequence[ApprovedItem]) -> str:
    """SHA-256 over people, occasions and, where there are any, words, whatever the order."""
    content = sorted([item.contact_id, item.occasion_key, *([item.body] if item.body else [])] for item in items)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def approve_plan(session: Session, plan: PlanApproval, items: Sequence[ApprovedItem]) -> PlanApprovalView:
    """Keep the yes `plan` to exactly these items. A second yes to the same changes nothing."""
    plan.content_hash, plan.content = content_hash(items), ApprovedPlan(items=tuple(items))
    given = approvals.approvals_of(session, plan.account_id, plan.kind, plan.list_date)
    found = next((row for row in given if row.content_hash == plan.content_hash), None)
    return _view(found or approvals.add_approval(session, plan), items)


def latest_approval_of(
    session: Session, account_id: int, kind: str, list_date: date, items: Sequence[ApprovedItem] | None
) -> PlanApprovalView | None:
    """The approval that covers the items, else the last one given for that date, else None.

    `items` None stands for a plan that is no longer there, which nothing covers.
    """
    given = [_view(row, items) for row in approvals.approvals_of(session, account_id, kind, list_date)]
    return next((each for each in reversed(given) if each.covers_list), given[-1] if given else None)


def _view(row: PlanApproval, items: Sequence[ApprovedItem] | None) -> PlanApprovalView:
    return PlanApprovalView(
        list_date=row.list_date,
        content_hash=row.content_hash,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        run_id=row.run_id,
        items=row.content.items,
        covers_list=items is not None and set(items) <= set(row.content.items),
    )
