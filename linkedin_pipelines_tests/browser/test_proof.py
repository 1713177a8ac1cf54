"""What counts as a delivery: a new own event with exactly the text, nothing else that looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, TEXT, TODAY, said


def test_last_years_identical_wish_is_no_proof(stage: StageMaker) -> None:
    here = stage(jane={"thread": (said("me", TEXT, date(2025, 3, 18)), said("them", TEXT, date(2025, 3, 19)))})
    here.fault("silent_drop", person=JANE)
    assert here.wish() is None
    assert here.deliveries() == []


@pytest.mark.parametrize("fault", ["fail_after_click", "failed_bubble", "silent_drop", "echo_instead"])
def test_what_was_not_delivered_is_not_proven(stage: StageMaker, fault: str) -> None:
    here = stage()
    here.fault(fault, person=JANE)
    assert here.wish() is None
    assert here.deliveries() == []


@pytest.mark.parametrize("fault", ["slow_event", "deliver_then_error", "text_stays", "hang_send"])
def test_a_delivery_is_proven_or_left_in_doubt_but_never_lost(stage: StageMaker, fault: str) -> None:
    """Whatever the page made of the send, the thread tells on the next visit."""
    here = stage()
    here.fault(fault, person=JANE, seconds=3)
    proven = here.wish()
    delivered = here.deliveries()
    assert proven is None or delivered == [(JANE, TEXT)]
    composer = here.open()
    found = [event for event in composer.events() if event.own and event.text == TEXT]
    composer.close()
    assert len(found) == len(delivered)
    assert all(event.sent_on == TODAY for event in found)


def test_events_tell_sides_and_days(stage: StageMaker) -> None:
    thread = (
        said("me", "Happy birthday!", date(2025, 3, 18)),
        said("them", "Thank you, <b>Demo</b>\nsee you", date(2025, 3, 18), 10),
        said("them", "By the way", date(2026, 3, 16)),
        said("me", "Yes?", date(2026, 3, 17)),
        said("them", "Nothing", TODAY, 7),
    )
    for interface in ({}, {"generation": "ember", "language": "fr"}, {"composer_links": "urn", "language": "es"}):
        here = stage(interface, jane={"thread": thread})
        composer = here.open()
        events = composer.events()
        assert [event.own for event in events] == [True, False, False, True, False]
        assert [event.text for event in events] == [each.text for each in thread]
        assert [event.sent_on for event in events] == [each.at.date() for each in thread]
        assert len({event.event_id for event in events}) == len(events)
        composer.close()


def test_an_empty_conversation_is_empty(stage: StageMaker) -> None:
    assert stage().open().events() == []
