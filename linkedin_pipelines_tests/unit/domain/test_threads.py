"""What a thread says, before a wish and after a click nobody saw the end of."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.domain.threads import (
    ClickFate,
    ThreadState,
    fate_of_click,
    new_messages,
    own_events,
    reworded,
    same_text,
    thread_state,
)

BODY = "Happy birthday, Jane!"
KEPT = date(2026, 3, 4)


def own(text: str, on: date | None, name: str = "e1") -> ThreadEvent:
    return ThreadEvent(name, own=True, text=text, sent_on=on)


def theirs(text: str, on: date | None = None) -> ThreadEvent:
    return ThreadEvent("t1", own=False, text=text, sent_on=on)


def judge(*events: ThreadEvent) -> ThreadState:
    return thread_state(
        events,
        BODY,
        KEPT,
        is_wish=lambda text: "birthday" in text.lower(),
        asks_to_stop=lambda text: text == "Please stop.",
    )[0]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), ThreadState.CLEAR),
        ((own("Lunch on Tuesday?", KEPT),), ThreadState.CLEAR),
        ((own(BODY, date(2025, 3, 4)),), ThreadState.CLEAR),  # last year's identical wish
        ((own("Happy birthday!", date(2026, 3, 2)),), ThreadState.ALREADY_WISHED),  # by hand, two days early
        ((own(BODY, date(2026, 3, 9)),), ThreadState.ALREADY_WISHED),
        ((own(BODY, None),), ThreadState.UNCLEAR),
        ((theirs("Happy birthday to you!"),), ThreadState.CLEAR),  # an event of the other side is no wish of ours
        ((theirs("Please stop."),), ThreadState.ASKED_TO_STOP),
        ((own(BODY, date(2025, 3, 4)), theirs("Please stop.")), ThreadState.ASKED_TO_STOP),
    ],
)
def test_a_thread_is_judged_by_own_events_and_their_dates(
    events: tuple[ThreadEvent, ...], expected: ThreadState
) -> None:
    assert judge(*events) is expected


def test_a_wish_of_30_december_belongs_to_last_years_birthday_and_leaves_the_next_one_free() -> None:
    late = own(BODY, date(2026, 1, 3))
    for kept, expected in ((date(2025, 12, 30), ThreadState.ALREADY_WISHED), (date(2026, 12, 30), ThreadState.CLEAR)):
        verdict, _ = thread_state([late], BODY, kept, is_wish=lambda _: True, asks_to_stop=lambda _: False)
        assert verdict is expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), ClickFate.ABSENT),
        ((own(BODY, KEPT),), ClickFate.DELIVERED),
        ((own(BODY, date(2026, 3, 3)),), ClickFate.DELIVERED),  # the page counts days in another zone
        ((own(BODY, date(2025, 3, 4)),), ClickFate.ABSENT),
        ((own(BODY, None),), ClickFate.UNCLEAR),
        ((own(BODY, None), own(BODY, KEPT, "e2")), ClickFate.DELIVERED),
        ((own("Happy birthday!", KEPT),), ClickFate.UNCLEAR),  # it may be ours, shown in another way
        ((theirs(BODY, KEPT),), ClickFate.ABSENT),
    ],
)
def test_only_an_own_event_with_the_text_and_a_date_settles_a_click(
    events: tuple[ThreadEvent, ...], expected: ClickFate
) -> None:
    assert fate_of_click(events, BODY, KEPT, None)[0] is expected


def test_the_editors_own_blanks_do_not_make_another_text() -> None:
    assert same_text("Happy\u00a0birthday!\r\nSee you \n", "Happy birthday!\nSee you")
    assert not same_text("Happy birthday!", "Happy birthday")


def wordless(on: date | None) -> ThreadEvent:
    return ThreadEvent("picture", True, "", on, wordless=True)


def test_a_message_without_words_is_neither_a_wish_nor_a_text() -> None:
    assert judge(wordless(KEPT)) is ThreadState.CLEAR
    verdict, _ = thread_state([wordless(KEPT)], "", KEPT, is_wish=lambda _: True, asks_to_stop=lambda _: True)
    assert verdict is ThreadState.CLEAR
    assert not same_text("", "")
    assert not same_text(" \n", "")


@pytest.mark.parametrize(
    "shown", [f"{BODY} (edited)", BODY.replace("!", " \N{PARTY POPPER}"), f"{BODY}\nA link's preview", BODY.upper()]
)
def test_a_new_message_that_the_page_shows_otherwise_is_delivered(shown: str) -> None:
    assert fate_of_click([own(shown, KEPT)], BODY, KEPT, own_events([]))[0] is ClickFate.DELIVERED


@pytest.mark.parametrize("shown", [own("Something else", KEPT), own("Something else", None), wordless(KEPT)])
def test_a_new_message_of_other_words_is_unclear_never_absent(shown: ThreadEvent) -> None:
    assert fate_of_click([shown], BODY, KEPT, own_events([]))[0] is ClickFate.UNCLEAR


def test_what_was_there_before_the_click_is_not_new_whatever_its_identity() -> None:
    before = own_events([own("See you at lunch", KEPT, "a"), wordless(KEPT)])
    after = [own("See you at lunch", KEPT, "b"), wordless(KEPT)]
    assert fate_of_click(after, BODY, KEPT, before)[0] is ClickFate.ABSENT
    twice = [*after, own("See you at lunch", KEPT, "c")]
    assert fate_of_click(twice, BODY, KEPT, before)[0] is ClickFate.UNCLEAR
    assert fate_of_click([*after, own(BODY, KEPT, "d")], BODY, KEPT, before)[0] is ClickFate.DELIVERED


def test_a_press_is_a_new_message_of_the_member_with_words_and_a_day() -> None:
    before = own_events([own("Lunch?", KEPT)])
    old = own("Older, shown by scrolling", date(2026, 1, 4), "e0")
    wordless = ThreadEvent("e3", own=True, text="", sent_on=KEPT, wordless=True)
    undated, new = own("When?", None, "e4"), own(BODY, KEPT, "e5")
    shown = [old, own("Lunch?", KEPT), wordless, undated, theirs("Thanks", KEPT), new]
    assert new_messages(shown, before, KEPT) == [new]


@pytest.mark.parametrize(
    ("shown", "changed"),
    [
        (BODY, False),
        ("Happy birthday,\u00a0Jane! ", False),
        ("Happy birthday, Jane! See you on Sunday.", True),
        ("Happy birthday!", True),
        ("Call me back", True),
    ],
)
def test_other_words_are_told_from_another_way_of_drawing_them(shown: str, changed: bool) -> None:
    assert reworded(shown, BODY) is changed
