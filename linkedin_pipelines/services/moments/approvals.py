"""The member's yes to congratulations, person by person and word by word.

A list that has become shorter since stands on it; one with anybody else, or with other words, does not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import PlanApproval
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, NotOnListError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.moments.congratulations import KIND
from linkedin_pipelines.services.moments.lists import MomentEntry, list_of, read_list
from linkedin_pipelines.services.plans.approvals import PlanApprovalView, approve_plan, latest_approval_of


def approve(
    database: Database, clock: Clock, account_slug: str, list_date: date, approved_by: str, run_id: str
) -> PlanApprovalView:
    """Say yes to the list as it stands; an empty one too. A second yes to the same content changes nothing.

    Raises:
        UnknownAccountError: there is no such account.
        NotOnListError: no tab was read on that date.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        view = list_of(session, account, list_date)
        if view is None:
            raise NotOnListError(
                f"the moments of {account_slug} were not read on {list_date}: materialize moments_seen first"
            )
        row = PlanApproval(
            account_id=account.id,
            kind=KIND.name,
            list_date=list_date,
            approved_at=clock.now(),
            approved_by=approved_by[:200],
            run_id=run_id,
        )
        return approve_plan(session, row, [entry.item for entry in view.planned])


def latest_approval(database: Database, account_slug: str, list_date: date) -> PlanApprovalView | None:
    """The approval that covers the list as it stands, else the last one given for that date, else None."""
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        view = list_of(session, account, list_date)
        items = [entry.item for entry in view.planned] if view is not None else None
        return latest_approval_of(session, account.id, KIND.name, list_date, items)


def approved_entries(database: Database, account_slug: str, list_date: date) -> tuple[MomentEntry, ...]:
    """Who may be congratulated, in order: exactly those of the list, provided that each was approved word for word.

    Raises:
        NotApprovedError: no tab was read on that date, or nobody approved the list.
        ListChangedError: somebody is on it, or words are, that were not approved.
    """
    where = f"the moments of {account_slug} on {list_date}"
    view = read_list(database, account_slug, list_date)
    if view is None:
        raise NotApprovedError(f"{where} were not read: materialize moments_seen, then approved_congratulations")
    approval = latest_approval(database, account_slug, list_date)
    if approval is None:
        raise NotApprovedError(f"{where} were not approved: read the list, then materialize approved_congratulations")
    if not approval.covers_list:
        raise ListChangedError(
            f"{where} are not those approved on {approval.approved_at:%Y-%m-%d %H:%M} UTC: read the list again, then "
            "materialize approved_congratulations"
        )
    return view.planned


def half_done(
    database: Database, account_slug: str, list_date: date, unsettled: Collection[tuple[int, str]]
) -> tuple[MomentEntry, ...]:
    """Whoever the list leaves out for an attempt, by contact and key, that `unsettled` says this run has taken over.

    Their words are those that were approved.
    """
    view, approval = read_list(database, account_slug, list_date), latest_approval(database, account_slug, list_date)
    if view is None or approval is None:
        return ()
    said = {(item.contact_id, item.occasion_key): item for item in approval.items}
    return tuple(
        replace(entry, template=item.template, body=item.body)
        for entry in view.entries
        if entry.reason in {Reason.IN_FLIGHT, Reason.IN_DOUBT}
        and (entry.contact_id, entry.occasion_key) in unsettled
        and (item := said.get((entry.contact_id, entry.occasion_key))) is not None
    )
