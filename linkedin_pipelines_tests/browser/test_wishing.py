"""The whole way from a profile to the proof, in every generation of markup, every language, every kind of composer."""

from __future__ import annotations

from typing import Any

import pytest

from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, TEXT, THIERRY


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
@pytest.mark.parametrize("generation", ["sdui", "data_view", "ember"])
def test_a_wish_is_delivered_and_proven(stage: StageMaker, generation: str, language: str) -> None:
    here = stage({"generation": generation, "language": language})
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]
    assert here.told("conduct") == []


@pytest.mark.parametrize(
    "interface",
    [
        {"message_opens": "page"},
        {"message_opens": "page", "generation": "ember", "language": "fr"},
        {"message_opens": "page", "composer_links": "urn"},
        {"composer_links": "urn"},
        {"outlet": "shadow"},
        {"controls": "div", "label_on": "inner"},
        {"controls": "a"},
        {"controls": "button", "generation": "ember"},
        {"controls": "div", "label_on": "inner", "generation": "ember", "language": "fr", "typographic": True},
        {"doubled_text": True},
        {"doubled_text": True, "generation": "ember", "outlet": "shadow"},
        {"name_heading": "h1", "title_count": 3},
        {"name_heading": "h2", "generation": "ember", "title_count": 12},
        {"enter_sends": "with_button"},
        {"language": "pt"},
        {"latency_ms": (600, 900), "event_delay_ms": (2000, 3000)},
    ],
    ids=str,
)
def test_the_sites_inconsistencies_make_no_difference(stage: StageMaker, interface: dict[str, Any]) -> None:
    here = stage(interface)
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]
    assert here.told("conduct") == []


@pytest.mark.parametrize(
    "text", ["Bon anniversaire\u202f! À bientôt", "Jane,\n\nhappy birthday!\nYours 🎂", "Two  blanks "]
)
def test_the_text_arrives_as_it_was_written(stage: StageMaker, text: str) -> None:
    here = stage()
    composer = here.open()
    before = composer.events()
    assert composer.write(text) == text
    composer.click_send()
    assert composer.proof(text, before) is not None
    composer.close()
    assert [sent for _, sent in here.deliveries()] == [text.strip()]


def test_a_prefilled_or_stale_draft_is_replaced(stage: StageMaker) -> None:
    here = stage(jane={"draft": "Dear Bob, congratulations", "compose_link": "body"})
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]


def test_open_conversations_of_others_are_closed_first(stage: StageMaker) -> None:
    here = stage(open_bubbles=(THIERRY, "jane-doe-2"))
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]


def test_two_people_one_after_the_other(stage: StageMaker) -> None:
    here = stage(jane={"share_prompt": True, "reply": "Thank you!"})
    assert here.wish() == TEXT
    assert here.wish("Bon anniversaire, Thierry !", THIERRY) == "Bon anniversaire, Thierry !"
    assert here.deliveries() == [(JANE, TEXT), (THIERRY, "Bon anniversaire, Thierry !")]


def test_a_rehearsal_leaves_no_draft(stage: StageMaker) -> None:
    here = stage()
    composer = here.open()
    composer.write(TEXT)
    composer.close()
    again = here.open()
    assert here.browser.page.get_by_role("textbox").last.inner_text().strip() == ""
    again.close()
    assert here.deliveries() == []


def test_a_name_in_another_script_is_an_address_like_any_other(stage: StageMaker) -> None:
    person = Person(slug="zoë-müller-王", first_name="Zoë", last_name="Müller 王", birthday="03-18")
    here = stage(people=(person,))
    assert here.wish(TEXT, "zoë-müller-王") == TEXT
    assert [each.slug for each in here.browser.birthdays().people] == ["zoë-müller-王"]
