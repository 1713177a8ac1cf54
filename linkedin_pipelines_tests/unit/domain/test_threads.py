"""What a thread says, before a wish and after a click nobody saw the end of."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.domain.threads import Fate, Standing, fate_of_click, same_text, standing

BODY = "Happy birthday, Jane!"
KEPT = date(2026, 3, 4)


def own(text: str, on: date | None, name: str = "e1") -> ThreadEvent:
    return ThreadEvent(name, own=True, text=text, sent_on=on)


def theirs(text: str, on: date | None = None) -> ThreadEvent:
    return ThreadEvent("t1", own=False, text=text, sent_on=on)


def judge(*events: ThreadEvent) -> Standing:
    return standing(
        events,
        BODY,
        KEPT,
        is_wish=lambda text: "birthday" in text.lower(),
        asks_to_stop=lambda text: text == "Please stop.",
    )[0]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), Standing.CLEAR),
        ((own("Lunch on Tuesday?", KEPT),), Standing.CLEAR),
        ((own(BODY, date(2025, 3, 4)),), Standing.CLEAR),  # last year's identical wish
        ((own("Happy birthday!", date(2026, 3, 2)),), Standing.ALREADY_WISHED),  # by hand, two days early
        ((own(BODY, date(2026, 3, 9)),), Standing.ALREADY_WISHED),
        ((own(BODY, None),), Standing.UNCLEAR),
        ((theirs("Happy birthday to you!"),), Standing.CLEAR),  # an event of the other side is no wish of ours
        ((theirs("Please stop."),), Standing.ASKED_TO_STOP),
        ((own(BODY, date(2025, 3, 4)), theirs("Please stop.")), Standing.ASKED_TO_STOP),
    ],
)
def test_a_thread_is_judged_by_own_events_and_their_dates(events: tuple[ThreadEvent, ...], expected: Standing) -> None:
    assert judge(*events) is expected


def test_a_wish_of_30_december_belongs_to_last_years_birthday_and_leaves_the_next_one_free() -> None:
    late = own(BODY, date(2026, 1, 3))
    for kept, expected in ((date(2025, 12, 30), Standing.ALREADY_WISHED), (date(2026, 12, 30), Standing.CLEAR)):
        verdict, _ = standing([late], BODY, kept, is_wish=lambda _: True, asks_to_stop=lambda _: False)
        assert verdict is expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), Fate.ABSENT),
        ((own(BODY, KEPT),), Fate.DELIVERED),
        ((own(BODY, date(2026, 3, 3)),), Fate.DELIVERED),  # the page counts days in another zone
        ((own(BODY, date(2025, 3, 4)),), Fate.ABSENT),
        ((own(BODY, None),), Fate.UNCLEAR),
        ((own(BODY, None), own(BODY, KEPT, "e2")), Fate.DELIVERED),
        ((own("Happy birthday!", KEPT),), Fate.ABSENT),  # another text is not the one that was clicked
        ((theirs(BODY, KEPT),), Fate.ABSENT),
    ],
)
def test_only_an_own_event_with_exactly_the_text_and_a_date_settles_a_click(
    events: tuple[ThreadEvent, ...], expected: Fate
) -> None:
    assert fate_of_click(events, BODY, KEPT)[0] is expected


def test_the_editors_own_blanks_do_not_make_another_text() -> None:
    assert same_text("Happy\u00a0birthday!\r\nSee you \n", "Happy birthday!\nSee you")
    assert not same_text("Happy birthday!", "Happy birthday")
