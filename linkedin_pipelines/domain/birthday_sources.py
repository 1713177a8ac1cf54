"""One birthday out of what several sources state of a person, and whether they agree on its day.

Which source stands decides on which day a person is listed, and nothing more: where sources disagree nobody is wished
at all until they agree, since a wish on a wrong day is worse than none (`domain.eligibility`, `domain.claims`).
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.domain.states import BirthdaySource, MatchRule

OF_THE_SITE = frozenset({BirthdaySource.CATCH_UP, BirthdaySource.CONTACT_INFO})
"""What the member's own pages show. They name people by profile address, so nothing else may match them."""

BY_ADDRESS = OF_THE_SITE | {BirthdaySource.LEGACY}
"""Sources that tell people by profile address: a namesake of another address is another person."""

_RULES = (MatchRule.MEMBER, MatchRule.PROFILE_URL, MatchRule.EMAIL, MatchRule.FULL_NAME)
"""Strongest first."""
_SOURCES = (
    BirthdaySource.CONTACT_INFO,
    BirthdaySource.CATCH_UP,
    BirthdaySource.VCARD,
    BirthdaySource.GOOGLE,
    BirthdaySource.OUTLOOK,
    BirthdaySource.ICALENDAR,
    BirthdaySource.LEGACY,
)
"""Of two sources matched by one rule the nearer to the person stands: what the site shows, what the member's address
book holds, a calendar made out of one. A fixed order, so that the outcome does not depend on which file came first."""

_SHOWN = {
    BirthdaySource.CONTACT_INFO: "contact info on the site",
    BirthdaySource.CATCH_UP: "the site's catch-up page",
    BirthdaySource.VCARD: "a vCard",
    BirthdaySource.GOOGLE: "Google Contacts",
    BirthdaySource.OUTLOOK: "Outlook",
    BirthdaySource.ICALENDAR: "a calendar",
    BirthdaySource.LEGACY: "the product used before",
}
_INSTEAD_OF_LEAP_DAY = frozenset({(2, 28), (3, 1)})


@dataclass(frozen=True, slots=True)
class Statement:
    """A readable birthday that one source states of a contact."""

    id: int
    contact_id: int
    source: BirthdaySource
    who: tuple[str, tuple[str, ...], tuple[str, ...]]
    """Name, slugs and e-mails as this source has them: the same entry of an address book, exported again."""
    rule: MatchRule
    month: int
    day: int
    year: int | None
    import_id: int
    """The file that stated it last; 0 for a page."""
    seen_at: datetime | None = None
    """When a page showed it last; None for a file."""

    @property
    def _entry(self) -> tuple[object, ...]:
        """What a later statement of the same entry replaces: on the site a person is an address, whatever the name."""
        return (self.source, self.who[1]) if self.source in OF_THE_SITE else (self.source, self.who)

    @property
    def _age(self) -> tuple[int, float]:
        return self.import_id, self.seen_at.timestamp() if self.seen_at else 0.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What the statements of one person come to."""

    month: int
    day: int
    year: int | None
    source: BirthdaySource
    disputed: bool


def agree(one: Statement, other: Statement) -> bool:
    """Whether two statements may be of one birthday.

    In a common year the site keeps 29 February on a neighbouring day, which does not speak against the 29th.
    """
    return (one.month, one.day) == (other.month, other.day) or any(
        (leap.month, leap.day) == (2, 29) and _may_stand_for_leap_day(near)
        for leap, near in ((one, other), (other, one))
    )


def _may_stand_for_leap_day(statement: Statement) -> bool:
    return (
        statement.source is BirthdaySource.CATCH_UP
        and statement.seen_at is not None
        and not isleap(statement.seen_at.year)
        and (statement.month, statement.day) in _INSTEAD_OF_LEAP_DAY
    )


def current(statements: Iterable[Statement]) -> list[Statement]:
    """The statements that still hold, best first: the strongest match, then the source nearest to the person.

    An entry of an address book that was exported again with another date replaces what it said before; so does a page
    that shows another day of the same person.
    """
    every = list(statements)
    newest: dict[object, tuple[int, float]] = {}
    for one in every:
        newest[one._entry] = max(newest.get(one._entry, (0, 0.0)), one._age)  # noqa: SLF001 - its own module
    return sorted(
        (one for one in every if one._age == newest[one._entry]),  # noqa: SLF001
        key=lambda one: (_RULES.index(one.rule), _SOURCES.index(one.source), -one.import_id, -one.id),
    )


def settle(statements: Iterable[Statement]) -> Settled | None:
    """The birthday that readable statements about one contact come to; None if there are none.

    A year is taken from another statement of the same day where the best one names none.
    """
    holding = current(statements)
    if not holding:
        return None
    agreeing = [one for one in holding if agree(one, holding[0])]
    best = next((one for one in agreeing if (one.month, one.day) == (2, 29)), holding[0])
    same_day = [one for one in agreeing if (one.month, one.day) == (best.month, best.day)]
    year = next((one.year for one in same_day if one.year is not None), None)
    return Settled(best.month, best.day, year, best.source, disputed=len(agreeing) < len(holding))


def dispute(statements: Sequence[Statement]) -> str:
    """Who says what: `04-12 by a vCard, 05-01 by Google Contacts`; empty without statements."""
    said: dict[tuple[int, int], list[str]] = {}
    for one in current(statements):
        names = said.setdefault((one.month, one.day), [])
        if _SHOWN[one.source] not in names:
            names.append(_SHOWN[one.source])
    return ", ".join(f"{month:02d}-{day:02d} by {' and '.join(names)}" for (month, day), names in said.items())


def held_because(statements: Sequence[Statement]) -> str:
    """Why somebody whose sources disagree is not wished, and the way out, for the member."""
    said = dispute(statements)
    return (
        f"Sources name different days for this birthday{f' ({said})' if said else ''}. "
        "Mend the entry in your address book and import it again, or write by hand."
    )
