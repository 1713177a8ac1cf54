"""What a look at the site's elements means: which actions it holds, and when it is taken again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linkedin_pipelines.domain.account import Canary
from linkedin_pipelines.domain.canary import (
    MEANINGS,
    NEEDS,
    PARTS,
    Action,
    CanaryElement,
    KeptSight,
    Part,
    SightOutcome,
    is_due,
    look_again_at,
    unreadable,
)

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
RULE = Canary(valid_hours=12, recheck_minutes=60)


def seen(element: CanaryElement, outcome: SightOutcome = SightOutcome.OK, ago: timedelta = timedelta(0)) -> KeptSight:
    reason = None if outcome is SightOutcome.OK else "there is none."
    return KeptSight(element, outcome, reason, checked_at=NOW - ago, run_id="run")


def whole(outcome: SightOutcome = SightOutcome.OK, ago: timedelta = timedelta(0)) -> list[KeptSight]:
    return [seen(element, outcome, ago) for element in CanaryElement]


def test_every_element_is_looked_at_once_named_and_needed() -> None:
    assert [element for part in Part for element in PARTS[part]] == list(CanaryElement)
    assert set(MEANINGS) == set(CanaryElement) == set().union(*NEEDS.values())


@pytest.mark.parametrize(
    ("element", "held"),
    [
        (CanaryElement.NAVIGATION, set(Action)),
        (CanaryElement.BIRTHDAY_CARDS, {Action.READ_BIRTHDAYS}),
        *((element, {Action.SEND_MESSAGES}) for element in PARTS[Part.COMPOSER]),
    ],
)
def test_an_element_that_failed_holds_the_actions_that_need_it_and_no_others(
    element: CanaryElement, held: set[Action]
) -> None:
    kept = [seen(each, SightOutcome.FAILED if each is element else SightOutcome.OK) for each in CanaryElement]
    assert {action for action in Action if unreadable(kept, action)} == held


@pytest.mark.parametrize("outcome", [outcome for outcome in SightOutcome if outcome is not SightOutcome.FAILED])
def test_nothing_but_a_failure_holds_anything(outcome: SightOutcome) -> None:
    assert not any(unreadable(whole(outcome), action) for action in Action)


def test_time_alone_does_not_lift_a_hold() -> None:
    assert unreadable(whole(SightOutcome.FAILED, timedelta(days=30)), Action.SEND_MESSAGES)


@pytest.mark.parametrize(
    ("outcome", "ago", "due"),
    [
        (SightOutcome.OK, timedelta(hours=11, minutes=59), False),
        (SightOutcome.OK, timedelta(hours=12), True),
        (SightOutcome.OK, timedelta(minutes=-1), True),  # the clock was set back
        (SightOutcome.UNCHECKED, timedelta(minutes=59), False),
        (SightOutcome.UNCHECKED, timedelta(minutes=60), True),
        (SightOutcome.FAILED, timedelta(minutes=59), False),
        (SightOutcome.FAILED, timedelta(minutes=60), True),
        (SightOutcome.STOP_SIGN, timedelta(0), True),
        (SightOutcome.AWAY, timedelta(0), True),
    ],
)
def test_when_a_part_is_looked_at_again(outcome: SightOutcome, ago: timedelta, due: bool) -> None:
    assert [is_due(whole(outcome, ago), part, RULE, NOW) for part in Part] == [due] * len(Part)


def test_what_was_never_seen_is_due() -> None:
    assert is_due([], Part.FEED, RULE, NOW)
    assert is_due(whole()[:-1], Part.COMPOSER, RULE, NOW)
    assert not is_due(whole()[:-1], Part.CATCH_UP, RULE, NOW)


def test_the_earliest_failure_says_when_to_look_again() -> None:
    kept = [
        seen(CanaryElement.EDITOR, SightOutcome.FAILED, timedelta(minutes=5)),
        seen(CanaryElement.SEND_BUTTON, SightOutcome.FAILED, timedelta(minutes=9)),
        seen(CanaryElement.NAVIGATION),
    ]
    assert look_again_at(kept, RULE) == NOW + timedelta(minutes=51)
    assert look_again_at(kept[2:], RULE) is None
