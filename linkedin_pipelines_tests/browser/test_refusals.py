"""Who must not be written to, and composers that must not be written into: each is refused, nothing is delivered."""

from __future__ import annotations

from typing import Any

import pytest

from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, SiteError, WrongPersonError
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, PEOPLE, SECOND, TEXT, THIERRY

GENERATIONS = pytest.mark.parametrize("generation", ["sdui", "ember"])


def test_the_member_never_writes_to_themselves(stage: StageMaker) -> None:
    with pytest.raises(WrongPersonError):
        stage().open("demo-member")


@GENERATIONS
@pytest.mark.parametrize("language", ["fr", "pt"])
def test_second_degree_has_a_message_control_and_is_refused(stage: StageMaker, generation: str, language: str) -> None:
    here = stage({"generation": generation, "language": language})
    with pytest.raises(PageUnreadableError) as refusal:
        here.open(SECOND)
    assert isinstance(refusal.value, NotConnectedError) or (generation, language) == ("ember", "pt")
    assert refusal.value.evidence


@GENERATIONS
@pytest.mark.parametrize(
    "jane",
    [
        {"degree": 2, "follow_only": True},
        {"degree": 3},
        {"degree": 2, "invitation_pending": True},
        {"composer": "say_hello"},
        {"composer": "inmail"},
        {"composer": "paywall"},
        {"message_control": False},
        {"blocked": True},
    ],
    ids=str,
)
def test_no_connection_no_message(stage: StageMaker, generation: str, jane: dict[str, Any]) -> None:
    here = stage({"generation": generation}, jane=jane)
    with pytest.raises(PageUnreadableError) as refusal:
        here.wish()
    assert refusal.value.evidence
    assert here.deliveries() == []
    assert here.told("conduct") == []


def test_an_unaddressed_composer_is_refused(stage: StageMaker) -> None:
    here = stage(jane={"compose_link": "urn_only"})
    with pytest.raises(PageUnreadableError):
        here.wish()
    assert here.deliveries() == []


@pytest.mark.parametrize(
    "interface", [{"composer_links": "none"}, {"composer_links": "none", "message_opens": "page"}], ids=str
)
def test_a_composer_without_identity_is_refused(stage: StageMaker, interface: dict[str, Any]) -> None:
    here = stage(interface)
    with pytest.raises(PageUnreadableError):
        here.wish()
    assert here.deliveries() == []


def test_a_number_that_the_profile_did_not_give_is_nobody(stage: StageMaker) -> None:
    here = stage({"generation": "ember", "composer_links": "urn"})
    with pytest.raises(PageUnreadableError, match="nobody knows who it is"):
        here.wish()
    assert here.deliveries() == []


@GENERATIONS
def test_another_persons_composer_is_never_written_into(stage: StageMaker, generation: str) -> None:
    here = stage({"generation": generation})
    here.fault("opens_other", person=JANE)
    with pytest.raises(SiteError):
        here.wish()
    assert here.deliveries() == []


def test_a_failed_navigation_leaves_the_former_profile_and_nobody_is_written_to(stage: StageMaker) -> None:
    here = stage()
    here.open(THIERRY).close()
    here.fault("stale_profile", person=JANE)
    with pytest.raises(SiteError):
        here.wish()
    here.fault("no_content", path="/in/")
    with pytest.raises(SiteError):
        here.wish()
    assert here.deliveries() == []


def test_a_person_who_moved_to_another_address_is_refused_by_the_old_one(stage: StageMaker) -> None:
    moved = Person(slug="jane-roe", first_name="Jane", last_name="Roe", former_slugs=("jane-d",))
    here = stage(people=(*PEOPLE, moved))
    with pytest.raises(WrongPersonError):
        here.open("jane-d")


def test_a_closed_account_is_refused(stage: StageMaker) -> None:
    gone = Person(slug=THIERRY, first_name="Thierry", last_name="Hier", gone=True)
    with pytest.raises(PageUnreadableError):
        stage(people=(PEOPLE[0], gone)).open(THIERRY)


def test_a_composer_that_sends_by_enter_alone_is_refused_after_writing(stage: StageMaker) -> None:
    here = stage({"enter_sends": "without_button"})
    composer = here.open()
    assert composer.write(TEXT) == TEXT
    with pytest.raises(PageUnreadableError, match="send button"):
        composer.click_send()
    composer.close()
    assert here.deliveries() == []


def test_a_conversation_that_did_not_load_is_not_empty(stage: StageMaker) -> None:
    here = stage()
    here.fault("fragment_fails", times=None, skip=1)
    with pytest.raises(SiteError):
        here.open().events()
    assert here.deliveries() == []
