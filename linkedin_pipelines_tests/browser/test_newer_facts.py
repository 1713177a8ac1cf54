"""What the site does since late 2026, each a scenario of the sandbox; what has a case in the matrix is not repeated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkedin_pipelines.browser import labels
from linkedin_pipelines.browser.dates import is_other_moment
from linkedin_pipelines.errors import SiteError, StopSignError, WrongPersonError
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, PEOPLE, TEXT, TODAY, said


def test_a_minimised_advertisement_is_no_conversation_in_the_way(stage: StageMaker) -> None:
    here = stage({"sponsored_bubble": True}, open_bubbles=("jane-doe-2",))
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]


def test_a_limit_that_is_shown_inside_the_composers_frame_stops_the_account(stage: StageMaker) -> None:
    here = stage({"message_opens": "frame"})
    here.fault("weekly_limit_dialog", person=JANE, at="send")
    with pytest.raises(StopSignError) as stopped:
        here.wish()
    assert stopped.value.sign == "weekly_limit"
    assert here.deliveries() == []


def test_messages_that_show_bit_by_bit_are_waited_for(stage: StageMaker) -> None:
    chat = tuple(said("them", f"line {n}", TODAY - timedelta(days=12 - n)) for n in range(12))
    for interface in ({"message_opens": "page"}, {}):
        here = stage({"events_arrive": "one_by_one", **interface}, jane={"thread": chat})
        assert [each.text for each in here.open().events(date(2026, 1, 1))] == [each.text for each in chat]


def test_a_message_link_that_names_one_person_and_addresses_another_is_refused(stage: StageMaker) -> None:
    """Both are called Jane Doe, so the name on the composer tells nothing."""
    for interface in ({}, {"composer_links": "urn"}):
        here = stage(interface, jane={"compose_link": "contradictory"})
        with pytest.raises(SiteError):
            here.wish()
        assert here.deliveries() == []


def test_a_composer_known_by_number_is_hers_whose_number_the_profiles_own_data_gives(stage: StageMaker) -> None:
    interface = {"generation": "ember", "composer_links": "urn", "profile_data": True}
    assert stage(interface).wish() == TEXT
    here = stage(interface)
    here.fault("opens_other", person=JANE)  # the namesake's, who bears the very name of the profile
    with pytest.raises(WrongPersonError):
        here.wish()
    assert here.deliveries() == []


def test_a_birthday_is_found_by_its_fields_own_name(stage: StageMaker) -> None:
    jane = Person(
        slug=JANE, first_name="Jane", last_name="Doe", birthday="08-01", website="https://example.org/Birthday"
    )
    for generation in ("sdui", "data_view"):
        assert stage({"generation": generation}, people=(jane, *PEOPLE[1:])).browser.contact_birthday(JANE) == (8, 1)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Congrats on finishing your studies"),
        ("fr", "Félicitations pour votre diplôme"),
        ("de", "Glückwunsch zu Ihrem Abschluss"),
        ("es", "Enhorabuena por terminar tus estudios"),
    ],
)
def test_congratulations_are_another_moment(language: str, line: str) -> None:
    assert is_other_moment(line, "Jane Doe", labels.load(language))


@pytest.mark.parametrize("both", ["Demo Member and Jane Doe", "Jane Doe and Demo Member"])
def test_a_conversation_closes_by_both_names_in_either_order(both: str) -> None:
    assert labels.load("en").control("close").match(f"Close your conversation with {both}")
