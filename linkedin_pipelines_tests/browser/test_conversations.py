"""What a conversation tells: sides, days, and that it is empty. What proves a delivery is played by the matrix."""

from __future__ import annotations

from datetime import date

from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import TODAY, said


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
