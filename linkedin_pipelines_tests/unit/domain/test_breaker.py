"""The breaker's steps: three failures open it, waits double, one probe, stop signs wait for a human."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain import breaker as rules
from linkedin_pipelines.domain.breaker import Breaker
from linkedin_pipelines.domain.states import BreakerState

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


def failed(breaker: Breaker, now: datetime = NOW, jitter: float = 0.0) -> Breaker:
    return rules.after_failure(breaker, now, "It failed.", lambda: jitter)


def opened(openings: int = 1) -> Breaker:
    breaker = failed(failed(Breaker()))
    now = NOW
    for _ in range(openings):
        breaker = failed(breaker, now)
        if breaker.openings < openings:
            assert breaker.retry_at is not None
            now = breaker.retry_at
            breaker = rules.admit(breaker, now)
    return breaker


def test_two_failures_are_forgiven_and_the_third_opens() -> None:
    twice = failed(failed(Breaker()))
    assert rules.admits(twice, NOW)
    assert rules.after_success(twice) == Breaker()
    breaker = failed(twice)
    assert (breaker.state, breaker.opened_at, breaker.retry_at) == (
        BreakerState.OPEN,
        NOW,
        NOW + timedelta(minutes=15),
    )
    assert not rules.admits(breaker, NOW + timedelta(minutes=14, seconds=59))
    assert rules.admits(breaker, NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("openings", "minutes"), [(0, 15), (1, 30), (2, 60), (3, 120), (4, 240), (5, 360), (6, 360), (9999, 360)]
)
def test_waits_double_up_to_six_hours_and_jitter_only_shortens(openings: int, minutes: int) -> None:
    assert rules.wait_before_probe(openings, lambda: 0.0) == timedelta(minutes=minutes)
    assert rules.wait_before_probe(openings, lambda: 1.0) == timedelta(minutes=minutes) * 0.8


def test_one_probe_at_a_time_and_a_lost_one_is_replaced() -> None:
    breaker = opened()
    assert breaker.retry_at is not None
    probing = rules.admit(breaker, breaker.retry_at)
    assert probing.state is BreakerState.HALF_OPEN
    assert not rules.admits(probing, breaker.retry_at)
    assert rules.admits(probing, breaker.retry_at + rules.PROBE_PATIENCE)
    assert rules.admits(rules.after_lost_probe(probing, breaker.retry_at), breaker.retry_at)


def test_a_probe_that_fails_doubles_the_wait_and_one_that_succeeds_forgets_everything() -> None:
    breaker = opened(2)
    assert breaker.opened_at is not None
    assert breaker.retry_at == breaker.opened_at + timedelta(minutes=30)
    assert rules.after_success(rules.admit(breaker, breaker.retry_at)) == Breaker()


def test_what_ends_while_the_breaker_is_open_had_started_before() -> None:
    assert rules.after_success(opened()) == opened()
    assert failed(opened(), NOW + timedelta(hours=1)) == opened()


def test_a_stop_sign_stands_until_a_human_comes() -> None:
    for breaker in (Breaker(), failed(Breaker()), opened(), rules.admit(opened(), NOW)):
        stopped = rules.after_stop_sign(breaker, NOW, "challenge", "A PIN is asked for.")
        assert stopped.retry_at is None
        for years in (0, 1, 100):
            assert not rules.admits(stopped, NOW + timedelta(days=365 * years))
        assert rules.after_success(stopped) == failed(stopped) == rules.after_lost_probe(stopped, NOW) == stopped


def test_a_wait_set_under_a_clock_that_was_set_back_binds_nobody() -> None:
    assert rules.admits(opened(), NOW - timedelta(days=300))


@given(st.lists(st.sampled_from(["success", "failure", "probe", "lost", "wait"]), max_size=40), st.floats(0, 0.999))
def test_without_stop_signs_a_breaker_always_opens_again_by_itself(steps: list[str], jitter: float) -> None:
    breaker, now = Breaker(), NOW
    for step in steps:
        match step:
            case "success":
                breaker = rules.after_success(breaker)
            case "failure":
                breaker = failed(breaker, now, jitter)
            case "probe" if rules.admits(breaker, now):
                breaker = rules.admit(breaker, now)
            case "lost":
                breaker = rules.after_lost_probe(breaker, now)
            case "wait":
                now += timedelta(minutes=7)
        assert (breaker.state is BreakerState.CLOSED) == (breaker.opened_at is None) == (breaker.retry_at is None)
    assert rules.admits(breaker, now + rules.LONGEST_WAIT)
