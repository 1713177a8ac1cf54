"""The items of the listings, as programs get them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from linkedin_pipelines.domain.invitations import Provenance, WithdrawalOutcome
from linkedin_pipelines.domain.moments import MomentKind
from linkedin_pipelines.domain.profiles import ReadProfile
from linkedin_pipelines.domain.states import (
    BirthdaySource,
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)


class View(BaseModel):
    """One item of a listing."""

    model_config = ConfigDict(frozen=True)


class ContactView(View):
    """A contact of an account."""

    id: int
    account: str
    full_name: str
    profile_slug: str | None
    status: ContactStatus
    company: str | None
    position: str | None
    connected_on: date | None
    do_not_contact: bool
    created_at: datetime


class BirthdayView(View):
    """A contact's birthday, with where it was read."""

    contact_id: int
    account: str
    full_name: str
    profile_slug: str | None
    month: int
    day: int
    year: int | None
    source: BirthdaySource | None
    disputed: bool


class InteractionView(View):
    """One attempt of the ledger."""

    id: int
    account: str
    contact_id: int
    full_name: str
    kind: str
    occasion_key: str
    occurrence_year: int | None
    """Year of the birthday; null for other occasions."""
    status: InteractionStatus
    origin: InteractionOrigin
    list_date: date | None
    run_id: str | None
    body: str | None
    template: str | None
    claimed_at: datetime
    settled_at: datetime | None
    sent_at: datetime | None
    reason: Reason | None
    explanation: str | None


class InvitationView(View):
    """A sent invitation, from when a reading first saw it to its end."""

    id: int
    account: str
    contact_id: int | None
    full_name: str
    profile_slug: str
    age_text: str
    at_least_days: int | None
    provenance: Provenance
    first_seen_on: date
    seen_on: date
    outcome: WithdrawalOutcome | None
    """Null while it waits."""
    ended_on: date | None
    re_invite_on: date | None
    explanation: str | None


class ProfileView(View):
    """A profile as the latest visit read it."""

    id: int
    account: str
    contact_id: int | None
    profile_slug: str
    score: int | None
    confidence: int | None
    explanation: str | None
    read_at: datetime
    missing_since: date | None
    profile: ReadProfile | None
    """Each field with how it was read, or why it is missing; null for a profile that is missing."""


class MomentView(View):
    """A work anniversary or new job of a contact, from when a reading first saw it to when one last did."""

    id: int
    account: str
    contact_id: int
    full_name: str
    profile_slug: str | None
    kind: MomentKind
    occasion_key: str
    detail: str
    first_seen_on: date
    seen_on: date


class ListView(View):
    """A day's birthday list, counted."""

    id: int
    account: str
    list_date: date
    content_hash: str
    built_at: datetime
    entries: dict[EntryOutcome, int]
    """How many contacts have each outcome."""


class CampaignView(View):
    """What became of a day's list: its approval, and the attempts by status."""

    list_id: int
    account: str
    list_date: date
    approved_at: datetime | None
    approved_by: str | None
    entries: dict[EntryOutcome, int]
    attempts: dict[InteractionStatus, int]
