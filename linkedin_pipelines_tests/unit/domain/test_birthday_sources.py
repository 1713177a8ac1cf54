"""What several sources come to, and when they do not agree."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count, permutations

import pytest

from linkedin_pipelines.domain.birthday_sources import Settled, Statement, dispute, held_because, settle
from linkedin_pipelines.domain.states import BirthdaySource, MatchRule

CATCH_UP, CONTACT_INFO, VCARD = BirthdaySource.CATCH_UP, BirthdaySource.CONTACT_INFO, BirthdaySource.VCARD
_numbers = count(1)


def said(source: BirthdaySource, month: int, day: int, **fields: object) -> Statement:
    site = source in {CATCH_UP, CONTACT_INFO}
    values: dict[str, object] = {
        "id": next(_numbers),
        "contact_id": 1,
        "source": source,
        "who": ("jane doe", ("jane-doe",), ()),
        "rule": MatchRule.PROFILE_URL if site else MatchRule.FULL_NAME,
        "month": month,
        "day": day,
        "year": None,
        "import_id": 0 if site else 7,
        "seen_at": datetime(2026, 3, 18, 9, tzinfo=UTC) if site else None,
    }
    return Statement(**(values | fields))  # type: ignore[arg-type]


def test_nothing_said_is_no_birthday() -> None:
    assert settle([]) is None


def test_a_file_and_the_site_that_agree_are_no_dispute_and_the_file_lends_its_year() -> None:
    both = [said(CATCH_UP, 3, 18), said(VCARD, 3, 18, year=1985)]
    assert settle(both) == Settled(3, 18, 1985, CATCH_UP, disputed=False)


def test_a_file_and_the_site_that_disagree_are_a_dispute_whatever_came_first() -> None:
    both = [said(CATCH_UP, 3, 18), said(VCARD, 3, 20, year=1985)]
    for order in permutations(both):
        assert settle(order) == Settled(3, 18, None, CATCH_UP, disputed=True)
        assert dispute(order) == "03-18 by the site's catch-up page, 03-20 by a vCard"
    assert "import it again" in held_because(both)


def test_what_the_page_shows_later_replaces_what_it_showed_whatever_the_name_was_then() -> None:
    before = said(CATCH_UP, 3, 17)
    after = said(CATCH_UP, 3, 18, seen_at=datetime(2027, 3, 18, tzinfo=UTC), who=("jane roe", ("jane-doe",), ()))
    assert settle([before, after]) == settle([after, before]) == Settled(3, 18, None, CATCH_UP, disputed=False)


def test_two_pages_of_the_site_may_disagree_too() -> None:
    settled = settle([said(CATCH_UP, 3, 17), said(CONTACT_INFO, 3, 18)])
    assert settled == Settled(3, 18, None, CONTACT_INFO, disputed=True)


@pytest.mark.parametrize(("month", "day"), [(2, 28), (3, 1)])
def test_a_neighbour_of_29_february_seen_in_a_common_year_does_not_speak_against_it(month: int, day: int) -> None:
    seen = said(CATCH_UP, month, day, seen_at=datetime(2026, 3, 2, tzinfo=UTC))
    leap = said(VCARD, 2, 29, year=1988)
    assert settle([seen, leap]) == settle([leap, seen]) == Settled(2, 29, 1988, VCARD, disputed=False)


@pytest.mark.parametrize(
    "seen",
    [
        said(CATCH_UP, 2, 28, seen_at=datetime(2028, 2, 28, tzinfo=UTC)),  # a leap year has the day itself
        said(CATCH_UP, 2, 27, seen_at=datetime(2026, 2, 27, tzinfo=UTC)),
        said(CONTACT_INFO, 2, 28),  # no day of a year, but the birthday itself
    ],
)
def test_anything_else_does_speak_against_it(seen: Statement) -> None:
    settled = settle([seen, said(VCARD, 2, 29)])
    assert settled is not None
    assert settled.disputed
