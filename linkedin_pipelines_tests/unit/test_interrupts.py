"""A signal between a claim and its settlement waits until the person is through."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from linkedin_pipelines.services.actions.interrupts import deferred_interrupts


@pytest.fixture
def told() -> Iterator[list[int]]:
    """Signals that reached the handlers that were there before."""
    reached: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        reached.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    yield reached
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_held_back_and_then_acts_as_it_would_have(told: list[int], number: signal.Signals) -> None:
    with deferred_interrupts() as held:
        signal.raise_signal(number)
        assert (list(held), told) == ([number], [])
    assert told == [number]


def test_in_another_thread_the_block_runs_and_handlers_stay(told: list[int]) -> None:
    """Python lets the main thread alone set handlers; a step in another one must not fail on that."""
    seen: list[object] = []

    def step() -> None:
        with deferred_interrupts() as held:
            seen.append(list(held))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
    assert seen == [[]]
    assert signal.getsignal(signal.SIGTERM) is before
    assert told == []
