"""Terminating a run finishes the current person, never half of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def deferred_interrupts() -> Iterator[Sequence[signal.Signals]]:
    """Hold back SIGINT and SIGTERM until the block is through, then let them act as they would have.

    Gives what is being held back, for a block that can end early.

    Dagster ends a step by raising out of a signal handler, wherever the code happens to be. Between a claim and its
    settlement that would leave a person half done, and Playwright's greenlet in the middle of a call. Outside the main
    thread no signal arrives, so there the block simply runs.
    """
    held: list[signal.Signals] = []
    if threading.current_thread() is not threading.main_thread():
        yield held
        return

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(signal.Signals(number))

    handlers = {number: signal.signal(number, hold) for number in _SIGNALS}
    try:
        yield held
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(held):
            signal.raise_signal(number)
