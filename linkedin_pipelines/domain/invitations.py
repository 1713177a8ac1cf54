"""Sent invitations that wait for an answer: what they are, how old at least, and which may be withdrawn.

An age is told in words and ever coarser, so it is taken at its youngest; one that cannot be read is never stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from linkedin_pipelines.domain.identity import name_key, slug_of

RE_INVITE_DAYS = 21
"""The site lets nobody be invited again for up to three weeks after a withdrawal."""


class RowKind(StrEnum):
    """Whom or what an invitation asks; only people's are ever withdrawn."""

    PERSON = "person"
    PAGE = "page"
    NEWSLETTER = "newsletter"
    SHOWCASE = "showcase"
    EVENT = "event"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Who sent an invitation."""

    BY_HAND = "by_hand"
    BY_TOOL = "by_tool"
    UNKNOWN = "unknown"


class WithdrawalOutcome(StrEnum):
    """What became of one invitation."""

    WITHDRAWN = "withdrawn"
    ALREADY_ACCEPTED = "already_accepted"
    GONE = "gone"
    """It was not on the list any more, and nothing says why."""
    REFUSED = "refused"
    """The page did not show, for certain, what the click needs; nothing was pressed."""
    IN_DOUBT = "in_doubt"


class AgeUnit(StrEnum):
    """The units in which the site tells an age."""

    TODAY = "today"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_YOUNGEST_DAYS = {AgeUnit.TODAY: 0, AgeUnit.DAYS: 1, AgeUnit.WEEKS: 7, AgeUnit.MONTHS: 28, AgeUnit.YEARS: 365}
"""The fewest days of each unit: February for a month."""


def youngest_days(number: int, unit: AgeUnit) -> int:
    """The fewest days that `number` units can be, since the site rounds down."""
    return number * _YOUNGEST_DAYS[unit]


_PATHS = {
    "in": RowKind.PERSON,
    "company": RowKind.PAGE,
    "school": RowKind.PAGE,
    "newsletters": RowKind.NEWSLETTER,
    "showcase": RowKind.SHOWCASE,
    "events": RowKind.EVENT,
}


def kind_of(hrefs: Iterable[str]) -> RowKind:
    """What a row is about, by where its links lead; unknown where they lead to different kinds, or to two people."""
    kinds, people = set(), set()
    for href in hrefs:
        try:
            path = urlsplit(href.strip()).path
        except ValueError:
            return RowKind.UNKNOWN
        kind = _PATHS.get(path.strip("/").partition("/")[0].lower())
        if kind is not None:
            kinds.add(kind)
        if kind is RowKind.PERSON:
            people.add(slug_of(path))
    if len(kinds) != 1 or len(people) > 1 or None in people:
        return RowKind.UNKNOWN
    return kinds.pop()


@dataclass(frozen=True)
class PendingInvitation:
    """One person's invitation as the page shows it."""

    slug: str
    name: str
    age_text: str
    """The row's own line about its age, as written; empty where there is none."""
    at_least_days: int | None
    """The fewest days that it can be old; None if the line cannot be read."""
    provenance: Provenance = Provenance.UNKNOWN


@dataclass(frozen=True)
class SeenInvitations:
    """What the page says of the invitations that wait."""

    people: tuple[PendingInvitation, ...]
    """Newest first, as on the page."""
    others: Mapping[RowKind, int]
    """How many rows are no people, by kind: they are counted and never touched."""
    doubt: str | None
    """Why these may not be all; None if the page's own count or empty sign proves that they are."""


@dataclass(frozen=True)
class Choice:
    """What is to become of one invitation, and why."""

    invitation: PendingInvitation
    withdraw: bool
    reason: str


def choices(
    invitations: Sequence[PendingInvitation], older_than_days: int, *, by_hand_too: bool = False
) -> tuple[Choice, ...]:
    """Every invitation with what is to become of it: those to withdraw first, oldest first, then the others.

    `invitations` are in the page's order, newest first. One is stale if even at its youngest it is more than
    `older_than_days` old.
    """
    slugs = [each.slug for each in invitations]
    names = [name_key(each.name) for each in invitations]
    found = []
    for invitation in reversed(invitations):
        age = invitation.at_least_days
        if slugs.count(invitation.slug) > 1:
            found.append(Choice(invitation, False, "the page lists this person more than once"))
        elif names.count(name_key(invitation.name)) > 1:
            why = "another invitation bears the same name, and the dialog names no profile: withdraw it yourself"
            found.append(Choice(invitation, False, why))
        elif age is None:
            found.append(Choice(invitation, False, "its age cannot be read, so it is not taken for stale"))
        elif age <= older_than_days:
            found.append(Choice(invitation, False, f"it may be only {age} days old"))
        elif invitation.provenance is Provenance.BY_HAND and not by_hand_too:
            found.append(Choice(invitation, False, "it was sent by hand, and those were not asked for"))
        else:
            found.append(Choice(invitation, True, f"it is at least {age} days old"))
    return tuple(sorted(found, key=lambda each: (not each.withdraw, -(each.invitation.at_least_days or 0))))


def first_seen_key(first_seen_on: date) -> str:
    """Key of the occasion of one invitation among those to the same person. It names nobody, so it may be kept."""
    return f"first_seen:{first_seen_on.isoformat()}"


def re_invite_from(withdrawn_on: date) -> date:
    """The first day on which the person can be invited again for certain."""
    return withdrawn_on + timedelta(days=RE_INVITE_DAYS)
