"""How many questions a page is asked, and by which function: messages from Playwright's client to its driver.

Counts depend on neither the machine nor what else it does, so a test may hold them, which it may not hold seconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from playwright._impl.connection import Connection

_NO_QUESTION = frozenset({"__waitInfo__", "waitForTimeout", "dispose"})
"""A rest, and what the driver is told without an answer from the page."""


@dataclass
class Questions:
    """What was asked within one block."""

    asked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By the functions of the browser package that were at work, outermost first."""
    rests: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Milliseconds rested, by the same."""

    @property
    def total(self) -> int:
        """All questions."""
        return self.asked.total()

    @property
    def rested(self) -> int:
        """All milliseconds rested."""
        return self.rests.total()

    def by(self, depth: int) -> Counter[str]:
        """The questions by the outermost `depth` functions."""
        told: Counter[str] = Counter()
        for where, number in self.asked.items():
            told[" > ".join(where[:depth])] += number
        return told


@contextmanager
def counting() -> Iterator[Questions]:
    """Count the questions asked within the block, by whatever browser of this process."""
    questions, send = Questions(), Connection.send_message_to_server

    def counted(self: Connection, asked: Any, method: str, params: Any, options: Any) -> Any:
        where = _functions(getattr(asyncio.current_task(), "__pw_caller_frame__", None))
        if method == "waitForTimeout":
            questions.rests[where] += int(params.get("waitTimeout", params.get("timeout", 0)))
        elif method not in _NO_QUESTION:
            questions.asked[(*where, method)] += 1
        return send(self, asked, method, params, options)

    replaced: Any = counted
    Connection.send_message_to_server = replaced  # type: ignore[method-assign]
    try:
        yield questions
    finally:
        Connection.send_message_to_server = send  # type: ignore[method-assign]


def _functions(frame: FrameType | None) -> tuple[str, ...]:
    """The functions of our browser package on the way to a call, outermost first."""
    found: list[str] = []
    while frame is not None:
        if "/linkedin_pipelines/browser/" in frame.f_code.co_filename:
            found.append(frame.f_code.co_qualname)
        frame = frame.f_back
    return tuple(reversed(found))
