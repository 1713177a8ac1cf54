"""The read API's listings: filters in, a page out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.invitations import WithdrawalOutcome
from linkedin_pipelines.domain.moments import MomentKind
from linkedin_pipelines.domain.states import BirthdaySource, ContactStatus, InteractionStatus
from linkedin_pipelines.services.birthdays.lists import read_list
from linkedin_pipelines.services.listings.pages import Listings, Page
from linkedin_pipelines.services.listings.views import (
    BirthdayView,
    CampaignView,
    ContactView,
    InteractionView,
    InvitationView,
    ListView,
    MomentView,
    ProfileView,
)
from linkedin_pipelines.status_server.problems import responses

_ID = 2**31 - 1


class _Filters(BaseModel):
    """What every listing takes; another parameter is refused."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    limit: int = Field(50, ge=1, le=1000)
    account: str | None = Field(None, max_length=48, description="Slug of one account.")

    def chosen(self) -> dict[str, Any]:
        """The listing's own filters, by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in _Filters.model_fields}


class ContactFilters(_Filters):
    status: ContactStatus | None = None
    do_not_contact: bool | None = None


class BirthdayFilters(_Filters):
    month: int | None = Field(None, ge=1, le=12)
    day: int | None = Field(None, ge=1, le=31)
    source: BirthdaySource | None = None
    disputed: bool | None = None


class ListFilters(_Filters):
    first: date | None = Field(None, description="First day, included.")
    last: date | None = Field(None, description="Last day, included.")


class InvitationFilters(_Filters):
    outcome: WithdrawalOutcome | None = None
    waiting: bool | None = Field(None, description="Only those that wait for an answer, or only the others.")


class ProfileFilters(_Filters):
    min_score: int | None = Field(None, ge=0, le=100)
    missing: bool | None = Field(None, description="Only profiles that do not exist any more, or only the others.")


class MomentFilters(_Filters):
    kind: MomentKind | None = None
    seen_since: date | None = Field(None, description="Only those that a reading showed on this day or later.")


class InteractionFilters(_Filters):
    kind: InteractionKind | None = None
    status: InteractionStatus | None = None
    contact_id: int | None = Field(None, ge=1, le=_ID)
    list_date: date | None = None
    run_id: str | None = Field(None, max_length=64)


def once_each(request: Request) -> None:
    """Refuse a parameter given twice: one of the two would be left unused without a word."""
    names = [name for name, _ in request.query_params.multi_items()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise HTTPException(422, f"given more than once: {', '.join(twice)}")


def listings_router(listings: Listings, database: Database) -> APIRouter:
    """The addresses below `/api` that only read."""
    router = APIRouter(dependencies=[Depends(once_each)], responses=responses(400))

    @router.get("/contacts")
    def contacts(wanted: Annotated[ContactFilters, Query()]) -> Page[ContactView]:
        """Contacts, oldest row first."""
        return listings.contacts(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/birthdays")
    def birthdays(wanted: Annotated[BirthdayFilters, Query()]) -> Page[BirthdayView]:
        """Contacts with a birthday, oldest row first."""
        return listings.birthdays(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/lists")
    def lists(wanted: Annotated[ListFilters, Query()]) -> Page[ListView]:
        """Birthday lists, newest day first."""
        return listings.lists(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/lists/{account}/{list_date}")
    def one_list(account: Annotated[str, Path(max_length=48)], list_date: date, request: Request) -> dict[str, Any]:
        """One list with each contact on it: outcome, reason, exact text."""
        if request.query_params:
            raise HTTPException(422, "no query parameters here")
        found = read_list(database, account, list_date)
        if found is None:
            raise HTTPException(404, f"there is no list of {account} for {list_date}")
        return asdict(found)

    @router.get("/interactions")
    def interactions(wanted: Annotated[InteractionFilters, Query()]) -> Page[InteractionView]:
        """The ledger, newest row first."""
        return listings.interactions(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/campaigns")
    def campaigns(wanted: Annotated[ListFilters, Query()]) -> Page[CampaignView]:
        """Lists with their approvals and attempts, newest day first."""
        return listings.campaigns(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    _network_routes(router, listings)
    return router


def _network_routes(router: APIRouter, listings: Listings) -> None:
    """What searches, visits and the list of sent invitations told."""

    @router.get("/invitations")
    def invitations(wanted: Annotated[InvitationFilters, Query()]) -> Page[InvitationView]:
        """Sent invitations, newest row first."""
        return listings.invitations(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/moments")
    def moments(wanted: Annotated[MomentFilters, Query()]) -> Page[MomentView]:
        """Work anniversaries and new jobs of contacts, newest row first."""
        return listings.moments(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())

    @router.get("/profiles")
    def profiles(wanted: Annotated[ProfileFilters, Query()]) -> Page[ProfileView]:
        """Profiles that visits read, with their fit, oldest row first."""
        return listings.profiles(wanted.cursor, wanted.limit, wanted.account, wanted.chosen())
