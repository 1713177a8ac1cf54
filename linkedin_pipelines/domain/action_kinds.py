"""What the product may do to a person on the site: a row a kind, and all that sets one kind apart from another.

What belongs here: the table. What does not: how an action is carried out (`services.actions` and the module of its
kind). Quotas, claims, the canary, audits and reports ask the table; none of them knows a kind by name. A kind is stored
as text, so a database may hold one that this version does not know: such a row waits for the member, and is never read
as something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part
from linkedin_pipelines.domain.ceilings import CEILINGS, InteractionKind, Quota, Quotas


class OccasionRule(StrEnum):
    """By which key an occasion is known: of all attempts at one occasion, one alone may succeed."""

    BIRTHDAY_YEAR = "birthday_year"
    """The year of the birthday itself, `2026`. Such a kind also asks whether the birthday is certain and unchanged."""
    DAY = "day"
    """A purpose and a day, `rehearsal:2026-03-18`."""
    TEXT = "text"
    """Any text that names the occasion, such as `contact_info:2026`."""


_KEYS = {
    OccasionRule.BIRTHDAY_YEAR: re.compile(r"(19|20|21)\d\d"),
    OccasionRule.DAY: re.compile(r"[a-z_]+:\d{4}-\d\d-\d\d"),
    OccasionRule.TEXT: re.compile(r"\S.{0,99}"),
}


class Resolver(StrEnum):
    """How it is found out what became of an attempt that nobody saw the end of."""

    CONVERSATION = "conversation"
    """The conversation is read for the text."""
    COUNTED = "counted"
    """It leaves nothing to read: once begun it counts as done."""
    REREAD = "reread"
    """The list that the action changes is read again, by the kind's own module."""
    MEMBER = "member"
    """Nothing but the member can tell."""


@dataclass(frozen=True)
class ActionKind:
    """One kind of action."""

    name: str
    meaning: str
    """In words for the member, singular."""
    quota: str
    """Field of `quotas` in accounts.yaml that it spends; kinds may share one."""
    ceiling: Quota
    """No file raises it above this."""
    occasion: OccasionRule
    resolver: Resolver
    needs: frozenset[CanaryElement]
    """Elements of the site without which it is held."""
    must_be_connected: bool
    writes_text: bool
    opens_profile: bool
    """Whether the other member sees a visit."""
    faults_open_breaker: bool = True
    """Whether a page that cannot be read for it counts as a failure of the account; visits say nothing of messages."""

    own_quota: str | None = None
    """Field of `quotas` that holds this kind alone, where `quota` is a total that it shares: `alone` is its row."""

    module: str | None = None
    """Module whose `AFTERMATH` knows how the kind's unfinished attempts are settled (`services.actions.protocol`).

    A name, since rules know nothing of where they are used; any run of the account settles what it finds unfinished,
    so the module is imported when it is needed. None for a kind that its resolver alone settles."""

    @property
    def waits_for_member(self) -> bool:
        """Whether the member alone can tell what became of an unfinished attempt."""
        unreadable = self.resolver is Resolver.REREAD and self.module is None
        return unreadable or self.resolver is Resolver.MEMBER

    @property
    def visits_on_the_way(self) -> bool:
        """Whether it opens a profile on its way, and so spends a profile visit besides its own quota."""
        return self.opens_profile and self.quota != InteractionKind.PROFILE_VISIT

    @property
    def alone(self) -> ActionKind:
        """The kind by its own quota, where it has one below a total that it shares; else the kind as it is."""
        if self.own_quota is None:
            return self
        return replace(self, quota=self.own_quota, own_quota=None, ceiling=CEILINGS[InteractionKind(self.name)])

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the canary's walk that look at what it needs, in the order of the walk."""
        return tuple(part for part in Part if self.needs & set(PARTS[part]))

    def quota_of(self, quotas: Quotas) -> Quota:
        """What an account may spend of it: its own setting, never above the ceiling."""
        own = getattr(quotas, self.quota, self.ceiling)
        return Quota(
            per_run=min(own.per_run, self.ceiling.per_run),
            per_day=min(own.per_day, self.ceiling.per_day),
            per_week=min(own.per_week, self.ceiling.per_week),
        )

    def require_key(self, key: str) -> None:
        """Refuse a key that does not follow the kind's rule, since another form of it would be another occasion.

        Raises:
            ValueError: it does not.
        """
        if _KEYS[self.occasion].fullmatch(key) is None:
            raise ValueError(f"{key!r} is no key of an occasion of {self.name}, which is known by {self.occasion}")


_MESSAGE = frozenset((*PARTS[Part.FEED], *PARTS[Part.COMPOSER]))

ACTION_KINDS: dict[str, ActionKind] = {
    kind.name: kind
    for kind in (
        ActionKind(
            name=InteractionKind.BIRTHDAY_MESSAGE.value,
            meaning="birthday message",
            quota="birthday_message",
            ceiling=CEILINGS[InteractionKind.BIRTHDAY_MESSAGE],
            occasion=OccasionRule.BIRTHDAY_YEAR,
            resolver=Resolver.CONVERSATION,
            needs=_MESSAGE,
            must_be_connected=True,
            writes_text=True,
            opens_profile=True,
            module="linkedin_pipelines.services.birthdays.wishes",
        ),
        ActionKind(
            name=InteractionKind.PROFILE_VISIT.value,
            meaning="profile visit",
            quota="profile_visit",
            ceiling=CEILINGS[InteractionKind.PROFILE_VISIT],
            occasion=OccasionRule.TEXT,
            resolver=Resolver.COUNTED,
            needs=frozenset(),
            must_be_connected=False,
            writes_text=False,
            opens_profile=True,
            faults_open_breaker=False,
        ),
        ActionKind(
            name=InteractionKind.INVITATION_WITHDRAWAL.value,
            meaning="withdrawal of an invitation",
            quota="invitation_withdrawal",
            ceiling=CEILINGS[InteractionKind.INVITATION_WITHDRAWAL],
            occasion=OccasionRule.TEXT,
            resolver=Resolver.REREAD,
            needs=frozenset(PARTS[Part.FEED]),
            must_be_connected=False,
            writes_text=False,
            opens_profile=False,
            module="linkedin_pipelines.services.invitations.withdrawals",
        ),
        ActionKind(
            name=InteractionKind.MOMENT_MESSAGE.value,
            meaning="congratulation",
            quota="birthday_message",
            own_quota="moment_message",
            ceiling=CEILINGS[InteractionKind.BIRTHDAY_MESSAGE],
            occasion=OccasionRule.TEXT,
            resolver=Resolver.CONVERSATION,
            needs=_MESSAGE,
            must_be_connected=True,
            writes_text=True,
            opens_profile=True,
        ),
    )
}
"""Every kind, by name."""


def kind_of(name: str) -> ActionKind:
    """The kind's row; for a kind that this version does not know, one that allows nothing and waits for the member."""
    return ACTION_KINDS.get(name) or ActionKind(
        name=name,
        meaning=f"action of the unknown kind {name}",
        quota="",
        ceiling=Quota(per_run=0, per_day=0, per_week=0),
        occasion=OccasionRule.TEXT,
        resolver=Resolver.MEMBER,
        needs=frozenset(),
        must_be_connected=True,
        writes_text=True,
        opens_profile=True,
    )


def sharing_quota(kind: ActionKind) -> Collection[str]:
    """Names of all kinds that spend the same quota, `kind` included."""
    return {kind.name} | {other.name for other in ACTION_KINDS.values() if other.quota == kind.quota}


def settled_by_the_product() -> Collection[str]:
    """Names of the kinds whose unfinished attempts the product settles by itself; all others wait for the member."""
    return {kind.name for kind in ACTION_KINDS.values() if not kind.waits_for_member}


def birthday_key(year: int) -> str:
    """Key of the birthday of `year`."""
    return str(year)


def day_key(purpose: str, day: date) -> str:
    """Key of something that is done for a purpose once a day."""
    return f"{purpose}:{day.isoformat()}"
