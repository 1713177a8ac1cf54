"""Ctrl-C and SIGTERM as something to look at, instead of something that strikes anywhere."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_by_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set within the block."""
    ended = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, lambda _number, _frame: ended.set()) for number in numbers}
    try:
        yield ended
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
