"""What a member may set about searches, profile visits and stale invitations, as part of one account."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.domain.moments import SPACING_DAYS, MomentKind
from linkedin_pipelines.domain.people_searches import LENGTH_LIMIT, PAGES_LIMIT
from linkedin_pipelines.domain.profiles import Depth


class InvitationCleanup(BaseModel):
    """Which sent invitations are stale."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    older_than_days: int = Field(default=60, ge=14, le=3650)
    """Even at its youngest an invitation must be older than this."""
    by_hand_too: bool = False
    """Whether those that the member is known to have sent by hand are withdrawn as well."""


class Sourcing(BaseModel):
    """Whom a people search looks for, and what becomes of the profiles."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    search: str | None = Field(default=None, max_length=LENGTH_LIMIT)
    """Keywords, or the address of a people search on the account's own site; None for no sourcing."""
    max_pages: int = Field(default=20, ge=1, le=PAGES_LIMIT)
    depth: Depth = Depth.FULL
    criteria: Criteria | None = None
    """What the fit score is made from; without them profiles have none."""
    revisit_days: int = Field(default=90, ge=1, le=3650)
    """A profile that was visited is left alone for so long: its owner sees every visit."""
    keep_days: int = Field(default=180, ge=1, le=3650)
    """Profiles of people who are no connections are dropped so long after their last visit."""


class Moments(BaseModel):
    """What is congratulated on besides birthdays, and whom that would be too much for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    congratulate: tuple[MomentKind, ...] = ()
    """`work_anniversary`, `new_job`; none unless the member says so."""
    late_days: int = Field(default=7, ge=0, le=14)
    """A moment that was first seen longer ago is let pass."""
    spacing_days: int = Field(default=SPACING_DAYS, ge=1, le=365)
    """A person is written to at most once in so many days, over all kinds of message; a birthday goes first."""
    quiet_days: int = Field(default=SPACING_DAYS, ge=0, le=365)
    """Whoever the member talked to, either way, within so many days is not congratulated; 0 for no such rule."""
