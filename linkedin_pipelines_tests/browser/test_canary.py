"""The look at the pages in Chromium: each element is seen or not, and nothing on the site is another way afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part, ProbeOutcome, ProbeResult
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, StopSignError
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, SECOND, Stage, said, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.site_control import disarm

BRISK = Timeouts(element=4_000, closing=4_000, rest=200, empty_rest=600)
"""Most of these tests wait for what never comes."""
THREAD = {"thread": [said("them", "Good to see you.", date(2026, 1, 9))]}


@pytest.fixture
def stage(chromium: Browser, settings: Settings, clock: ManualClock) -> Iterator[StageMaker]:
    """Makes a stage whose browser does not wait long; the arguments are those of `world`."""
    with ExitStack() as stack:
        yield lambda *of, **more: stack.enter_context(stage_of(chromium, settings, clock, world(*of, **more), BRISK))


def probe(here: Stage, part: Part = Part.COMPOSER, slug: str = JANE) -> dict[CanaryElement, ProbeResult]:
    recipient = Recipient(7, slug, "whoever") if part is Part.COMPOSER else None
    seen = here.browser.messenger().probe(part, recipient)
    assert [probed.element for probed in seen] == list(PARTS[part])
    return {probed.element: probed for probed in seen}


def failed(seen: dict[CanaryElement, ProbeResult]) -> set[CanaryElement]:
    return {element for element, probed in seen.items() if probed.outcome is ProbeOutcome.FAILED}


@pytest.mark.parametrize(
    "interface",
    [
        {"generation": "sdui"},
        {"generation": "ember", "language": "fr", "outlet": "shadow"},
        {"generation": "data_view", "language": "de", "controls": "div", "message_opens": "page"},
    ],
    ids=str,
)
def test_pages_as_they_are_can_be_read_and_stay_as_they_were(stage: StageMaker, interface: dict[str, Any]) -> None:
    here = stage(interface, jane={**THREAD, "draft": "Dear Jane, about"})
    for part in Part:
        assert {probed.outcome for probed in probe(here, part).values()} == {ProbeOutcome.OK}
    assert here.told("deliveries") == here.told("conduct") == here.told("follows") == []
    composer = here.open()
    assert here.browser.page.locator("[role='textbox'][contenteditable='true']").inner_text().strip() == (
        "Dear Jane, about"
    )
    composer.close()


@pytest.mark.parametrize("generation", ["sdui", "ember"])
@pytest.mark.parametrize("element", [each for part in (Part.FEED, Part.CATCH_UP) for each in PARTS[part]])
def test_an_unreadable_list_or_navigation_is_seen_to_be_so(
    stage: StageMaker, generation: str, element: CanaryElement
) -> None:
    here = stage({"generation": generation, "unreadable": (element.value,)})
    part = next(part for part in Part if element in PARTS[part])
    seen = probe(here, part)
    assert failed(seen) == {element}
    assert seen[element].reason
    assert seen[element].evidence


@pytest.mark.parametrize(
    "element",
    [element for element in PARTS[Part.COMPOSER] if element is not CanaryElement.MESSAGE_CONTROL],
)
def test_an_unreadable_element_of_the_composer_fails_alone(stage: StageMaker, element: CanaryElement) -> None:
    here = stage({"unreadable": (element.value,)}, jane=THREAD)
    seen = probe(here)
    assert failed(seen) == {element}
    if element is not CanaryElement.CLOSE_CONTROL:
        assert here.browser.page.locator(".msg-overlay-conversation-bubble").count() == 0
    reached = [probed.outcome for probed in seen.values()]
    assert ProbeOutcome.OK in reached or element is CanaryElement.TOP_CARD
    assert here.told("deliveries") == here.told("conduct") == []


def test_a_profile_without_a_message_control_is_unreadable(stage: StageMaker) -> None:
    seen = probe(stage(jane={"message_control": False}))
    assert failed(seen) <= {CanaryElement.TOP_CARD, CanaryElement.MESSAGE_CONTROL} != set()
    assert failed(seen)


def test_a_person_who_is_no_connection_is_not_held_against_the_page(stage: StageMaker) -> None:
    here = stage()
    with pytest.raises(NotConnectedError):
        probe(here, slug=SECOND)
    with pytest.raises(NotConnectedError):
        probe(stage(jane={"composer": "inmail"}))


def test_a_stop_sign_is_told_as_one(stage: StageMaker) -> None:
    here = stage()
    here.fault("checkpoint_captcha", path="/in/")
    with pytest.raises(StopSignError):
        probe(here)
    disarm(here.server.url)
    here.fault("weekly_limit_dialog", path="/mynetwork/", times=None)
    with pytest.raises(StopSignError):
        probe(here, Part.CATCH_UP)


def test_a_site_that_is_away_is_not_an_unreadable_page(stage: StageMaker) -> None:
    here = stage()
    for fault, part in (("http_503", Part.FEED), ("fragment_fails", Part.CATCH_UP), ("http_500", Part.COMPOSER)):
        here.fault(fault, times=None)
        with pytest.raises(PageUnreadableError):
            probe(here, part)
        disarm(here.server.url)
