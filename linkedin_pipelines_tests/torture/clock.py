"""A clock that can be moved on from outside, so that nobody waits for a lease, a pause or a breaker to end."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORMAT = struct.Struct("<d")


class SkewedClock:
    """The machine's clock plus an offset in seconds, which all processes that name the same file share.

    Sleeping adds to the offset instead of taking time. The offset never shrinks by itself: time goes forward.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_FORMAT.pack(0.0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FORMAT.size)

    @property
    def offset(self) -> timedelta:
        seconds: float = _FORMAT.unpack(self._memory[: _FORMAT.size])[0]
        return timedelta(seconds=seconds)

    def set_offset(self, offset: timedelta) -> None:
        self._memory[: _FORMAT.size] = _FORMAT.pack(offset.total_seconds())

    def advance(self, delta: timedelta) -> None:
        self.set_offset(self.offset + delta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))
