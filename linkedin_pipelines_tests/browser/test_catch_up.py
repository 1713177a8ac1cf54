"""Birthdays are read from the catch-up page to its proven end, or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linkedin_pipelines.domain.messaging import SeenDay
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.sandbox.world import Moment, Person
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, PEOPLE, SECOND, THIERRY, TODAY

DUE = {JANE: TODAY, "jane-doe-2": date(2026, 3, 17), THIERRY: date(2026, 3, 10)}


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
@pytest.mark.parametrize("generation", ["sdui", "data_view", "ember"])
def test_birthdays_of_today_and_late_ones_are_read(stage: StageMaker, generation: str, language: str) -> None:
    seen = stage({"generation": generation, "language": language}).browser.birthdays()
    assert {each.slug: each.occurs_on for each in seen.people} == DUE
    assert {each.name for each in seen.people} == {"Jane Doe", "Thierry Hier"}
    assert seen.doubt is None


@pytest.mark.parametrize(
    "interface",
    [
        {"moments": "label"},
        {"moments": "ago", "language": "fr"},
        {"moments": "ago", "language": "es", "generation": "ember"},
        {"moments": "label", "language": "de", "typographic": True, "doubled_text": True},
        {"card_action": "button", "doubled_text": True},
        {"latency_ms": (500, 900), "language": "fr", "typographic": True},
        {"load_more": "late", "page_size": 1, "autoload_pages": 0},
        {"load_more": "late", "page_size": 2, "autoload_pages": 0, "generation": "ember", "language": "de"},
        {"card_wrapper": "card"},
        {"card_wrapper": "card", "generation": "data_view"},
        {"card_wrapper": "card", "generation": "ember", "page_size": 2},
    ],
    ids=str,
)
def test_the_pages_inconsistencies_make_no_difference(stage: StageMaker, interface: dict[str, Any]) -> None:
    assert {each.slug: each.occurs_on for each in stage(interface).browser.birthdays().people} == DUE


def test_a_long_list_is_read_to_its_end(stage: StageMaker) -> None:
    crowd = tuple(
        Person(
            slug=f"guest-{n}", first_name="Guest", last_name=f"Number {n}", birthday=f"{TODAY - timedelta(n % 5):%m-%d}"
        )
        for n in range(23)
    )
    here = stage(people=crowd)
    assert len(here.browser.birthdays().people) == 23


def test_other_moments_are_left_alone(stage: StageMaker) -> None:
    moments = (
        Moment(person=JANE, kind="job_change", day=TODAY),
        Moment(person=THIERRY, kind="work_anniversary", day=TODAY, years=3),
    )
    assert {each.slug for each in stage(moments=moments).browser.birthdays().people} == set(DUE)


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_nobodys_birthday_is_said_by_the_page_itself(stage: StageMaker, language: str) -> None:
    nobody = (PEOPLE[3], Person(slug=JANE, first_name="Jane", last_name="Doe", birthday="09-09"))
    assert stage({"language": language}, people=nobody).browser.birthdays() == SeenDay((), None)


@pytest.mark.parametrize("faults", [("list_empty", "no_signs"), ("fragment_fails",), ("shell",)])
def test_a_list_that_did_not_load_is_unknown(stage: StageMaker, faults: tuple[str, ...]) -> None:
    here = stage()
    for fault in faults:
        here.fault(fault, times=None)
    with pytest.raises(PageUnreadableError):
        here.browser.birthdays()


def test_a_count_that_disagrees_is_refused(stage: StageMaker) -> None:
    with pytest.raises(PageUnreadableError, match="counts"):
        stage({"counts": "wrong"}).browser.birthdays()


def test_cards_without_a_count_are_certain_but_not_proven_to_be_all(stage: StageMaker) -> None:
    seen = stage({"counts": "absent"}).browser.birthdays()
    assert {each.slug: each.occurs_on for each in seen.people} == DUE
    assert "no count" in (seen.doubt or "")


def test_a_language_without_words_is_refused(stage: StageMaker) -> None:
    with pytest.raises(PageUnreadableError):
        stage({"language": "pt"}).browser.birthdays()


def test_second_degree_birthdays_do_not_occur(stage: StageMaker) -> None:
    assert SECOND not in {each.slug for each in stage().browser.birthdays().people}
