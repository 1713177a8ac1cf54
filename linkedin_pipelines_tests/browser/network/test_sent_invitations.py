"""Sent invitations and their traps: twins in the rail, rows of other kinds, namesakes, wrong dialogs, stale states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from linkedin_pipelines.browser.pages.sent_invitations import SentInvitationsPage
from linkedin_pipelines.domain.invitations import RowKind, choices
from linkedin_pipelines.errors import InvitationGoneError, PageUnreadableError, WrongPersonError
from linkedin_pipelines.sandbox.world import OtherInvitation, Person, SentInvitation
from linkedin_pipelines_tests.browser.network.conftest import Scene, Shown
from linkedin_pipelines_tests.browser.stage import TODAY

AGES = (0, 1, 3, 8, 20, 29, 45, 90, 200, 300)
PEOPLE = tuple(
    Person(slug=f"invited-{days}", first_name="Ida", last_name=f"Day{days}", headline="Sent 9 months ago, says my bio")
    for days in AGES
)
OTHERS = tuple(
    OtherInvitation(kind=kind, name=f"Acme {kind}", sent_on=TODAY - timedelta(days=400))
    for kind in ("company", "newsletters", "showcase", "events")
)
EVERY_LANGUAGE = [("en", "sdui"), ("fr", "ember"), ("de", "data_view"), ("es", "ember"), ("pt", "sdui")]


def invited(people: tuple[Person, ...] = PEOPLE, **ages: str) -> tuple[SentInvitation, ...]:
    return tuple(
        SentInvitation(
            person=p.slug,
            sent_on=TODAY - timedelta(days=int(p.slug.rpartition("-")[2])),
            age_text=ages.get(p.first_name, ""),
        )
        for p in people
    )


@pytest.fixture
def page(scene: Scene) -> Callable[..., tuple[Shown, SentInvitationsPage]]:
    def show(interface: dict[str, Any] | None = None, people: tuple[Person, ...] = PEOPLE, **ages: str):
        here = scene(interface or {}, people, {}, sent_invitations=invited(people, **ages), other_invitations=OTHERS)
        return here, SentInvitationsPage(here.site)

    return show


@pytest.mark.parametrize(("language", "generation"), EVERY_LANGUAGE)
def test_every_invitation_with_its_age_at_the_youngest_and_none_that_is_no_persons(
    page, language: str, generation: str
) -> None:
    here, sent = page({"language": language, "generation": generation, "page_size": 4, "typographic": True})
    seen = sent.read()
    assert [each.slug for each in seen.people] == [p.slug for p in PEOPLE]
    assert [each.at_least_days for each in seen.people] == [0, 1, 3, 7, 14, 28, 28, 84, 168, 280]
    kinds = (RowKind.PAGE, RowKind.NEWSLETTER, RowKind.SHOWCASE, RowKind.EVENT)
    assert seen.others == dict.fromkeys(kinds, 1)
    assert seen.doubt is None
    stale = [each.invitation.slug for each in choices(seen.people, 28) if each.withdraw]
    assert stale == ["invited-300", "invited-200", "invited-90"]
    assert here.told("withdrawals") == []


@pytest.mark.parametrize(("language", "generation"), EVERY_LANGUAGE)
@pytest.mark.parametrize("outlet", ["light", "shadow"])
def test_a_withdrawal_announced_pressed_and_proven(page, language: str, generation: str, outlet: str) -> None:
    here, sent = page({"language": language, "generation": generation, "outlet": outlet, "label_on": "inner"})
    prepared = sent.prepare("invited-200", "Ida Day200")
    announced: list[list[str]] = []
    prepared.commit(lambda: announced.append(here.told("withdrawals")))
    assert prepared.proof()
    assert announced == [[]]
    assert here.told("withdrawals") == ["invited-200"]
    assert here.told("conduct") == []
    with pytest.raises(InvitationGoneError):
        sent.prepare("invited-200", "Ida Day200")


def test_an_age_that_cannot_be_read_is_no_age_even_where_the_headline_tells_one(page) -> None:
    odd_one = Person(slug="odd-500", first_name="Odd", last_name="One", headline="Sent 2 years ago")
    _, sent = page({}, (*PEOPLE, odd_one), Odd="Sent a while back")
    odd = sent.read().people[-1]
    assert (odd.slug, odd.age_text, odd.at_least_days) == ("odd-500", "Sent a while back", None)


def test_a_count_that_contradicts_the_rows_is_refused_and_a_missing_one_leaves_a_doubt(page) -> None:
    with pytest.raises(PageUnreadableError, match="count"):
        page({"counts": "wrong"})[1].read()
    assert "no count" in (page({"counts": "absent"})[1].read().doubt or "")


def test_an_empty_list_is_one_that_says_so(page) -> None:
    here, sent = page({"counts": "absent"}, ())
    here.fault("list_empty", times=None)
    assert (sent.read().people, sent.read().doubt) == ((), None)


def no_dialog(here: Shown) -> None:
    here.fault("no_dialog", times=None)


def names_other(here: Shown) -> None:
    here.fault("dialog_names_other", times=None)


@pytest.mark.parametrize(("trap", "error"), [(no_dialog, PageUnreadableError), (names_other, WrongPersonError)])
def test_a_dialog_that_is_missing_or_names_somebody_else_withdraws_nothing(page, trap, error) -> None:
    here, sent = page()
    trap(here)
    with pytest.raises(error):
        sent.prepare("invited-90", "Ida Day90")
    assert here.told("withdrawals") == []


def test_a_row_that_bears_another_name_than_the_approved_one_is_left_alone(page) -> None:
    with pytest.raises(WrongPersonError):
        page()[1].prepare("invited-90", "Ida Day9")


def test_two_invitations_of_one_name_are_not_told_apart_by_a_dialog(page) -> None:
    twins = tuple(Person(slug=f"twin-{n}", first_name="Ann", last_name="Lee") for n in (100, 200))
    here, sent = page({}, twins)
    with pytest.raises(PageUnreadableError, match="two invitations bear this name"):
        sent.prepare("twin-200", "Ann Lee")
    assert here.told("withdrawals") == []


def test_a_name_that_is_part_of_a_longer_one_is_not_it(page) -> None:
    people = tuple(
        Person(slug=slug, first_name="Ann", last_name=last)
        for slug, last in (("longer-50", "Lee-Smith"), ("short-90", "Lee"))
    )
    here, sent = page({}, people)
    here.fault("dialog_names_other", times=None)
    with pytest.raises(WrongPersonError):
        sent.prepare("short-90", "Ann Lee")
    assert here.told("withdrawals") == []


def test_rows_that_moved_since_they_were_read_make_no_difference(page) -> None:
    here, sent = page()
    sent.read()
    here.site.page.request.post(f"{here.site.base_url}/voyager/api/invitations/withdraw", data={"person": "invited-45"})
    prepared = sent.prepare("invited-29", "Ida Day29")
    here.site.page.evaluate("() => document.querySelector('main').prepend(document.createElement('p'))")
    prepared.commit(lambda: None)
    assert prepared.proof()
    assert here.told("withdrawals") == ["invited-45", "invited-29"]


def test_a_list_that_shows_the_old_state_for_three_seconds_is_read_again(page) -> None:
    here, sent = page()
    here.fault("stale_list", seconds=3.0)
    prepared = sent.prepare("invited-90", "Ida Day90")
    prepared.commit(lambda: None)
    assert prepared.proof()


def test_a_withdrawal_that_the_site_refused_is_not_proven(page) -> None:
    here, sent = page()
    here.fault("withdraw_fails", times=None)
    prepared = sent.prepare("invited-90", "Ida Day90")
    prepared.commit(lambda: None)
    assert not prepared.proof()
    assert here.told("withdrawals") == []


def test_an_announcement_that_is_refused_means_no_press(page) -> None:
    here, sent = page()
    prepared = sent.prepare("invited-90", "Ida Day90")

    def refuse() -> None:
        raise RuntimeError("paused meanwhile")

    with pytest.raises(RuntimeError):
        prepared.commit(refuse)
    prepared.cancel()
    assert here.told("withdrawals") == []
