"""A plan that is read from the site: approved by the member, and carried out for whomever the approval names.

A kind whose plan is a list made anew at each look says in one `ListedPlan` how to make it; giving the yes, finding it
again and holding the list against it are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import PlanApproval
from linkedin_pipelines.domain.payloads import ApprovedItem
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, NotOnListError
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.plans.approvals import PlanApprovalView, approve_plan, latest_approval_of


class PlannedEntry(Protocol):
    """Whatever an approval can name."""

    @property
    def item(self) -> ApprovedItem:
        """Its person, its occasion and, where there are any, its words."""


EntryT_co = TypeVar("EntryT_co", bound=PlannedEntry, covariant=True)


class PlannedList(Protocol[EntryT_co]):
    """A list as it stands now."""

    @property
    def planned(self) -> tuple[EntryT_co, ...]:
        """Those that are to be acted on, in order."""


@dataclass(frozen=True)
class ListedPlan(Generic[EntryT_co]):
    """The plan of one kind of action."""

    kind: str
    """Name of the kind."""
    what: str
    """What the list holds, in the plural: "the stale invitations"."""
    built_by: str
    """Asset whose materialization reads the list."""
    approved_at: str
    """Asset whose materialization is the yes."""
    list_of: Callable[[Session, AccountView, date], PlannedList[EntryT_co] | None]
    """The list of a date as it stands, in the caller's transaction; None if nothing was read on it."""

    def approve(
        self, database: Database, clock: Clock, account_slug: str, list_date: date, approved_by: str, run_id: str
    ) -> PlanApprovalView:
        """Say yes to the list as it stands; an empty one too. A second yes to the same content changes nothing.

        Raises:
            UnknownAccountError: there is no such account.
            NotOnListError: nothing was read on that date.
        """
        account = get_account(database, account_slug)
        with database.writing() as session:
            view = self.list_of(session, account, list_date)
            if view is None:
                raise NotOnListError(
                    f"{self._where(account_slug, list_date)} were not read: materialize {self.built_by} first"
                )
            row = PlanApproval(
                account_id=account.id,
                kind=self.kind,
                list_date=list_date,
                approved_at=clock.now(),
                approved_by=approved_by[:200],
                run_id=run_id,
            )
            return approve_plan(session, row, [entry.item for entry in view.planned])

    def latest_approval(self, database: Database, account_slug: str, list_date: date) -> PlanApprovalView | None:
        """The approval that covers the list as it stands, else the last one given for that date, else None."""
        return self._list_and_approval(database, account_slug, list_date)[1]

    def approved_entries(self, database: Database, account_slug: str, list_date: date) -> tuple[EntryT_co, ...]:
        """Those that may be acted on, in order: exactly those of the list, provided that each was approved.

        Raises:
            NotApprovedError: nothing was read on that date, or nobody approved the list.
            ListChangedError: the list holds what was not approved.
        """
        where = self._where(account_slug, list_date)
        view, approval = self._list_and_approval(database, account_slug, list_date)
        if view is None:
            raise NotApprovedError(f"{where} were not read: materialize {self.built_by}, then {self.approved_at}")
        if approval is None:
            raise NotApprovedError(f"{where} were not approved: read the list, then materialize {self.approved_at}")
        if not approval.covers_list:
            raise ListChangedError(
                f"{where} are not those approved on {approval.approved_at:%Y-%m-%d %H:%M} UTC: read the list again, "
                f"then materialize {self.approved_at}"
            )
        return view.planned

    def _list_and_approval(
        self, database: Database, account_slug: str, list_date: date
    ) -> tuple[PlannedList[EntryT_co] | None, PlanApprovalView | None]:
        """The list and its approval, of one moment."""
        account = get_account(database, account_slug, retired=True)
        with database.reading() as session:
            view = self.list_of(session, account, list_date)
            items = [entry.item for entry in view.planned] if view is not None else None
            return view, latest_approval_of(session, account.id, self.kind, list_date, items)

    def _where(self, account_slug: str, list_date: date) -> str:
        return f"{self.what} of {account_slug} on {list_date}"
