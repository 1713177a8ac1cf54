"""What a look at the site's elements means: which actions it holds, and when it is taken again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linkedin_pipelines.domain.account import Canary
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.canary import (
    MEANINGS,
    PARTS,
    READING_BIRTHDAYS,
    CanaryElement,
    Part,
    ProbeOutcome,
    StoredProbe,
    is_due,
    next_probe_at,
    unreadable,
)

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
RULE = Canary(valid_hours=12, recheck_minutes=60)
MESSAGE, MOMENT, WITHDRAWAL, READING = "birthday_message", "moment_message", "invitation_withdrawal", "reading"
NEEDS = {READING: READING_BIRTHDAYS} | {name: kind.needs for name, kind in ACTION_KINDS.items()}


def seen(element: CanaryElement, outcome: ProbeOutcome = ProbeOutcome.OK, ago: timedelta = timedelta(0)) -> StoredProbe:
    reason = None if outcome is ProbeOutcome.OK else "there is none."
    return StoredProbe(element, outcome, reason, checked_at=NOW - ago, run_id="run")


def whole(outcome: ProbeOutcome = ProbeOutcome.OK, ago: timedelta = timedelta(0)) -> list[StoredProbe]:
    return [seen(element, outcome, ago) for element in CanaryElement]


def test_every_element_is_looked_at_once_named_and_needed() -> None:
    assert [element for part in Part for element in PARTS[part]] == list(CanaryElement)
    assert set(MEANINGS) == set(CanaryElement) == set().union(*NEEDS.values())


@pytest.mark.parametrize(
    ("element", "held"),
    [
        (CanaryElement.NAVIGATION, {READING, MESSAGE, MOMENT, WITHDRAWAL}),
        (CanaryElement.BIRTHDAY_CARDS, {READING}),
        *((element, {MESSAGE, MOMENT}) for element in PARTS[Part.COMPOSER]),
    ],
)
def test_an_element_that_failed_holds_the_actions_that_need_it_and_no_others(
    element: CanaryElement, held: set[str]
) -> None:
    kept = [seen(each, ProbeOutcome.FAILED if each is element else ProbeOutcome.OK) for each in CanaryElement]
    assert {name for name, needs in NEEDS.items() if unreadable(kept, needs)} == held


@pytest.mark.parametrize("outcome", [outcome for outcome in ProbeOutcome if outcome is not ProbeOutcome.FAILED])
def test_nothing_but_a_failure_holds_anything(outcome: ProbeOutcome) -> None:
    assert not any(unreadable(whole(outcome), needs) for needs in NEEDS.values())


def test_time_alone_does_not_lift_a_hold() -> None:
    assert unreadable(whole(ProbeOutcome.FAILED, timedelta(days=30)), NEEDS[MESSAGE])


@pytest.mark.parametrize(
    ("outcome", "ago", "due"),
    [
        (ProbeOutcome.OK, timedelta(hours=11, minutes=59), False),
        (ProbeOutcome.OK, timedelta(hours=12), True),
        (ProbeOutcome.OK, timedelta(minutes=-1), True),  # the clock was set back
        (ProbeOutcome.UNCHECKED, timedelta(minutes=59), False),
        (ProbeOutcome.UNCHECKED, timedelta(minutes=60), True),
        (ProbeOutcome.FAILED, timedelta(minutes=59), False),
        (ProbeOutcome.FAILED, timedelta(minutes=60), True),
        (ProbeOutcome.STOP_SIGN, timedelta(0), True),
        (ProbeOutcome.AWAY, timedelta(0), True),
    ],
)
def test_when_a_part_is_looked_at_again(outcome: ProbeOutcome, ago: timedelta, due: bool) -> None:
    assert [is_due(whole(outcome, ago), part, RULE, NOW) for part in Part] == [due] * len(Part)


def test_what_was_never_seen_is_due() -> None:
    assert is_due([], Part.FEED, RULE, NOW)
    assert is_due(whole()[:-1], Part.COMPOSER, RULE, NOW)
    assert not is_due(whole()[:-1], Part.CATCH_UP, RULE, NOW)


def test_the_earliest_failure_says_when_to_look_again() -> None:
    kept = [
        seen(CanaryElement.EDITOR, ProbeOutcome.FAILED, timedelta(minutes=5)),
        seen(CanaryElement.SEND_BUTTON, ProbeOutcome.FAILED, timedelta(minutes=9)),
        seen(CanaryElement.NAVIGATION),
    ]
    assert next_probe_at(kept, RULE) == NOW + timedelta(minutes=51)
    assert next_probe_at(kept[2:], RULE) is None
