"""What a conversation tells: sides, days, and that it is empty. What proves a delivery is played by the matrix."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkedin_pipelines.errors import PageUnreadableError, ProfileGoneError, StopSignError
from linkedin_pipelines.sandbox.world import Event
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, TEXT, TODAY, said


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
        events = composer.events(date(2026, 1, 1))
        assert [event.own for event in events] == [True, False, False, True, False]
        assert [event.text for event in events] == [each.text for each in thread]
        assert [event.sent_on for event in events] == [each.at.date() for each in thread]
        assert len({event.event_id for event in events}) == len(events)
        composer.close()


@pytest.mark.parametrize(
    "interface",
    [
        {},
        {"thread_card": "entry"},
        {"thread_card": "bare_entry", "language": "fr"},
        {"first_message": "form", "language": "de"},
        {"message_opens": "page", "thread_card": "bare_entry"},
        {"message_opens": "frame", "thread_card": "entry", "language": "es"},
        {"list_elements": "none", "thread_card": "entry"},
    ],
    ids=["empty list", "card in the list", "no classes", "no list", "pill and card", "in a frame", "no list elements"],
)
def test_a_first_message_is_sent_whatever_its_empty_conversation_looks_like(
    stage: StageMaker, interface: dict[str, str]
) -> None:
    here = stage(interface)
    assert here.open().events(date(2026, 1, 1)) == []
    assert here.wish() == TEXT


def test_a_conversation_is_read_upwards_until_it_reaches_back_far_enough(stage: StageMaker) -> None:
    long_ago = said("me", TEXT, date(2026, 1, 2))
    chat = tuple(said("them", f"line {n}", TODAY - timedelta(days=40 - n)) for n in range(40))
    here = stage({"thread_page": 10}, jane={"thread": (long_ago, *chat)})
    composer = here.open()
    newest = composer.events(date.max)
    assert len(newest) < 41
    assert newest[-1].text == "line 39"
    whole = composer.events(date(2026, 1, 1))
    assert [event.text for event in whole] == [TEXT, *(f"line {n}" for n in range(40))]
    composer.close()


def test_a_page_that_names_its_person_by_a_pill_is_scrolled_up_to_the_card(stage: StageMaker) -> None:
    chat = tuple(said("them", f"line {n}", TODAY - timedelta(days=9 - n)) for n in range(9))
    here = stage({"message_opens": "page", "thread_page": 3, "thread_card": "entry"}, jane={"thread": chat})
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]


def test_older_messages_that_do_not_come_leave_the_conversation_unread(stage: StageMaker) -> None:
    chat = tuple(said("them", f"line {n}", TODAY - timedelta(days=40 - n)) for n in range(40))
    here = stage({"thread_page": 10}, jane={"thread": chat})
    here.fault("fragment_fails", path="/voyager/api/messaging/older", times=None)
    with pytest.raises(PageUnreadableError):
        here.open().events(date(2026, 1, 1))


def test_altered_messages_are_read_as_they_were_written(stage: StageMaker) -> None:
    def event(text: str, hour: int, **more: object) -> Event:
        return said("me", text, TODAY, hour).model_copy(update=more)

    thread = (
        event("Bravo 🎂!", 6),
        event("Changed", 7, edited=True),
        event("See https://example.org/", 8, preview="Example Domain"),
        *(event("", 9 + n, kind=kind) for n, kind in enumerate(("picture", "voice", "reaction"))),
    )
    events = stage({"pictured_emoji": True}, jane={"thread": thread}).open().events(date(2026, 1, 1))
    assert [each.text for each in events] == ["Bravo 🎂!", "Changed", "See https://example.org/", "", "", ""]
    assert [each.wordless for each in events] == [False, False, False, True, True, True]


def test_a_visit_that_passes_the_sign_in_page_comes_back_signed_in(stage: StageMaker) -> None:
    here = stage()
    here.fault("sign_in_bounce", path="/feed/", seconds=1)
    here.browser.verify()


def test_a_public_profile_beside_a_sign_in_form_is_signed_out(stage: StageMaker) -> None:
    here = stage()
    here.fault("public_profile", path="/in/")
    with pytest.raises(StopSignError) as refused:
        here.open()
    assert refused.value.sign == "signed_out"


def test_a_profile_that_becomes_the_page_for_what_is_missing_is_one_persons_end(stage: StageMaker) -> None:
    here = stage(jane={"blocked": True})
    with pytest.raises(ProfileGoneError):
        here.open()
