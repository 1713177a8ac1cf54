"""What else holds on the way from a profile to the proof; the matrix plays the way itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.errors import SiteError
from linkedin_pipelines.sandbox.addresses import compose_href
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, PEOPLE, TEXT, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock


def test_a_slow_site_is_waited_for_as_long_as_the_real_one(
    chromium: Browser, settings: Settings, clock: ManualClock
) -> None:
    slow = world({"latency_ms": (600, 900), "event_delay_ms": (2000, 3000)})
    with stage_of(chromium, settings, clock, slow, Timeouts()) as here:
        assert here.wish() == TEXT
        assert here.deliveries() == [(JANE, TEXT)]


def test_blanks_around_the_text_are_not_sent(stage: StageMaker) -> None:
    here = stage()
    assert here.wish("Two  blanks ") == "Two  blanks"
    assert here.deliveries() == [(JANE, "Two  blanks")]


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


BESIDE_THE_NAME = """
new MutationObserver(() => {
  const name = document.querySelector("main section :is(h1, h2)");
  if (!name || document.querySelector(".beside")) return;
  name.insertAdjacentHTML("afterend", `PIECE`);
}).observe(document, {childList: true, subtree: true});
"""


def test_a_control_of_somebody_else_beside_the_name_hides_no_message_control(stage: StageMaker) -> None:
    follow = '<button class="beside" aria-label="Follow Thierry Hier">+</button>'
    here = stage({"generation": "ember"})
    here.browser.page.add_init_script(BESIDE_THE_NAME.replace("PIECE", follow))
    assert here.wish() == TEXT
    namesake = f'<a class="beside" href="{compose_href(PEOPLE[1], "PYMK")}">Message</a>'
    for links in ("slug", "urn"):
        here = stage({"generation": "ember", "composer_links": links})
        here.browser.page.add_init_script(BESIDE_THE_NAME.replace("PIECE", namesake))
        with pytest.raises(SiteError):
            here.wish()
        assert here.deliveries() == []
