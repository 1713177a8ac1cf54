"""Which invitations are withdrawn: the certainly stale ones of people, oldest first, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.invitations import (
    AgeUnit,
    PendingInvitation,
    Provenance,
    RowKind,
    choices,
    kind_of,
    re_invite_from,
    youngest_days,
)


def pending(slug: str, days: int | None, provenance: Provenance = Provenance.UNKNOWN) -> PendingInvitation:
    return PendingInvitation(slug, slug.title(), "as written", days, provenance)


@pytest.mark.parametrize(
    ("hrefs", "kind"),
    [
        (["/in/jane-doe/", "https://www.linkedin.com/in/jane-doe?x=1"], RowKind.PERSON),
        (["/company/acme/"], RowKind.PAGE),
        (["/newsletters/weekly-7/", "#"], RowKind.NEWSLETTER),
        (["/showcase/acme-labs/"], RowKind.SHOWCASE),
        (["/events/7123/"], RowKind.EVENT),
        (["/in/jane-doe/", "/events/7123/"], RowKind.UNKNOWN),
        (["/in/jane-doe/", "/in/john-doe/"], RowKind.UNKNOWN),
        (["/feed/"], RowKind.UNKNOWN),
        ([], RowKind.UNKNOWN),
        (["http://[", "/in/jane-doe/"], RowKind.UNKNOWN),
    ],
)
def test_a_row_is_what_all_its_links_lead_to(hrefs: list[str], kind: RowKind) -> None:
    assert kind_of(hrefs) is kind


def test_coarse_units_are_taken_at_their_youngest() -> None:
    assert youngest_days(1, AgeUnit.MONTHS) == 28
    assert youngest_days(3, AgeUnit.WEEKS) == 21
    assert youngest_days(5, AgeUnit.TODAY) == 0
    assert youngest_days(1, AgeUnit.YEARS) == 365


@given(st.integers(0, 4000))
def test_an_age_rounded_down_is_never_taken_for_more_than_it_is(days: int) -> None:
    sent, today = date(2026, 3, 18) - timedelta(days=days), date(2026, 3, 18)
    months = (today.year - sent.year) * 12 + today.month - sent.month - (today.day < sent.day)
    for number, unit in ((days // 7, AgeUnit.WEEKS), (months, AgeUnit.MONTHS), (months // 12, AgeUnit.YEARS)):
        assert youngest_days(number, unit) <= days


def test_the_stale_ones_come_first_and_oldest_first_each_with_its_reason() -> None:
    page = [
        pending("new", 3), pending("edge", 28), pending("stale", 29), pending("old", 365),
        pending("unread", None), pending("hand", 400, Provenance.BY_HAND), pending("tool", 365, Provenance.BY_TOOL),
    ]  # fmt: skip
    found = choices(page, 28)
    assert [each.invitation.slug for each in found if each.withdraw] == ["tool", "old", "stale"]
    assert {each.invitation.slug: each.reason for each in found if not each.withdraw} == {
        "new": "it may be only 3 days old",
        "edge": "it may be only 28 days old",
        "unread": "its age cannot be read, so it is not taken for stale",
        "hand": "it was sent by hand, and those were not asked for",
    }
    assert choices(page, 28, by_hand_too=True)[0].invitation.slug == "hand"


def test_a_person_listed_twice_is_left_alone() -> None:
    assert not any(each.withdraw for each in choices([pending("jane", 90), pending("jane", 200)], 28))


def test_two_people_of_one_name_are_left_to_the_member() -> None:
    ann, anne = PendingInvitation("ann-1", "Ann Lee", "", 90), PendingInvitation("ann-2", "ANN  LEE", "", 200)
    found = choices([ann, pending("other", 100), anne], 28)
    assert [each.invitation.slug for each in found if each.withdraw] == ["other"]
    assert {each.reason.partition(",")[0] for each in found if not each.withdraw} == {
        "another invitation bears the same name"
    }


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 900))), st.integers(0, 500))
def test_no_invitation_is_lost_and_none_withdrawn_that_may_be_young(
    rows: list[tuple[int, int | None]], older_than: int
) -> None:
    page = [pending(f"p{number}", days) for number, days in rows]
    found = choices(page, older_than)
    assert sorted(map(str, page)) == sorted(str(each.invitation) for each in found)
    assert all((each.invitation.at_least_days or 0) > older_than for each in found if each.withdraw)


def test_three_weeks_after_a_withdrawal_the_person_can_be_invited_again() -> None:
    assert re_invite_from(date(2026, 12, 20)) == date(2027, 1, 10)
