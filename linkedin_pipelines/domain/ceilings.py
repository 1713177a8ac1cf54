"""The kinds of interaction, the quotas that an account may set for each, and the ceilings that stand above them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class InteractionKind(StrEnum):
    """What one contact with a person is; each kind has quotas of its own."""

    BIRTHDAY_MESSAGE = "birthday_message"
    PROFILE_VISIT = "profile_visit"
    INVITATION_WITHDRAWAL = "invitation_withdrawal"
    MOMENT_MESSAGE = "moment_message"


class Quota(BaseModel):
    """How many interactions of one kind an account may spend: a run, a local day, a rolling week of 7 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_run: int = Field(ge=0)
    per_day: int = Field(ge=0)
    per_week: int = Field(ge=0)


CEILINGS: dict[InteractionKind, Quota] = {
    InteractionKind.BIRTHDAY_MESSAGE: Quota(per_run=15, per_day=15, per_week=100),
    InteractionKind.PROFILE_VISIT: Quota(per_run=15, per_day=20, per_week=80),
    InteractionKind.INVITATION_WITHDRAWAL: Quota(per_run=10, per_day=10, per_week=40),
    InteractionKind.MOMENT_MESSAGE: Quota(per_run=5, per_day=5, per_week=20),
}
"""No file, flag or mode raises an account above these; source: docs/limits.md."""


class BirthdayMessageQuota(Quota):
    """Birthday messages, held below their ceiling."""

    per_run: int = Field(ge=0, le=CEILINGS[InteractionKind.BIRTHDAY_MESSAGE].per_run)
    per_day: int = Field(ge=0, le=CEILINGS[InteractionKind.BIRTHDAY_MESSAGE].per_day)
    per_week: int = Field(ge=0, le=CEILINGS[InteractionKind.BIRTHDAY_MESSAGE].per_week)


class ProfileVisitQuota(Quota):
    """Profile visits, held below their ceiling."""

    per_run: int = Field(ge=0, le=CEILINGS[InteractionKind.PROFILE_VISIT].per_run)
    per_day: int = Field(ge=0, le=CEILINGS[InteractionKind.PROFILE_VISIT].per_day)
    per_week: int = Field(ge=0, le=CEILINGS[InteractionKind.PROFILE_VISIT].per_week)


class InvitationWithdrawalQuota(Quota):
    """Withdrawals of invitations, held below their ceiling."""

    per_run: int = Field(ge=0, le=CEILINGS[InteractionKind.INVITATION_WITHDRAWAL].per_run)
    per_day: int = Field(ge=0, le=CEILINGS[InteractionKind.INVITATION_WITHDRAWAL].per_day)
    per_week: int = Field(ge=0, le=CEILINGS[InteractionKind.INVITATION_WITHDRAWAL].per_week)


class MomentMessageQuota(Quota):
    """Congratulations, held below their ceiling; they count as birthday messages too, whose quota is the total."""

    per_run: int = Field(ge=0, le=CEILINGS[InteractionKind.MOMENT_MESSAGE].per_run)
    per_day: int = Field(ge=0, le=CEILINGS[InteractionKind.MOMENT_MESSAGE].per_day)
    per_week: int = Field(ge=0, le=CEILINGS[InteractionKind.MOMENT_MESSAGE].per_week)


def _plain(quota: object) -> object:
    return quota.model_dump() if isinstance(quota, Quota) else quota


class Quotas(BaseModel):
    """The quotas of an account; a kind left out has its ceiling."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    birthday_message: Annotated[BirthdayMessageQuota, BeforeValidator(_plain)] = BirthdayMessageQuota(
        **CEILINGS[InteractionKind.BIRTHDAY_MESSAGE].model_dump()
    )
    profile_visit: Annotated[ProfileVisitQuota, BeforeValidator(_plain)] = ProfileVisitQuota(
        **CEILINGS[InteractionKind.PROFILE_VISIT].model_dump()
    )
    invitation_withdrawal: Annotated[InvitationWithdrawalQuota, BeforeValidator(_plain)] = InvitationWithdrawalQuota(
        **CEILINGS[InteractionKind.INVITATION_WITHDRAWAL].model_dump()
    )
    moment_message: Annotated[MomentMessageQuota, BeforeValidator(_plain)] = MomentMessageQuota(
        **CEILINGS[InteractionKind.MOMENT_MESSAGE].model_dump()
    )

    def of(self, kind: InteractionKind) -> Quota:
        """The quota of `kind`, never above its ceiling, whatever a row of an older version holds."""
        own: Quota = getattr(self, kind.value)
        top = CEILINGS[kind]
        return Quota(
            per_run=min(own.per_run, top.per_run),
            per_day=min(own.per_day, top.per_day),
            per_week=min(own.per_week, top.per_week),
        )
