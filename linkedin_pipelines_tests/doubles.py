"""In-memory versions of the product's own interfaces, for tests that would otherwise wait or talk."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class ManualClock:
    """A clock that stands still until it is told to move; sleeping moves it."""

    def __init__(self, now: datetime = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)) -> None:
        self._lock = threading.Lock()
        self._now = now.astimezone(UTC)
        self.slept: list[float] = []
        """Every pause that was asked for, in seconds."""

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def set(self, moment: datetime) -> None:
        """Jump to `moment`, forwards or backwards."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        with self._lock:
            self._now = moment.astimezone(UTC)

    def advance(self, delta: timedelta | None = None, **parts: float) -> datetime:
        """Move on by `delta`, or by `hours=1, minutes=2`; the new moment."""
        with self._lock:
            self._now += delta if delta is not None else timedelta(**parts)
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=seconds)
