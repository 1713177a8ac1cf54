"""Programs that read from the status server all the time, as dashboards do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle

import httpx

ANSWER_SECONDS = 60.0


class Readers:
    """So many threads, each with a connection of its own, which ask for one page after the other."""

    def __init__(self, url: str, key: str, accounts: Sequence[str], number: int, rest_seconds: float) -> None:
        """Take where to ask, and with which key; a reader rests `rest_seconds` before its next request."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._accounts = accounts
        self._number = number
        self._rest = rest_seconds
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        """By status, or by the name of the failure."""
        self.seconds: list[float] = []
        """How long each answer took."""

    @contextmanager
    def reading(self) -> Iterator[Readers]:
        """Read until the block ends."""
        threads = [threading.Thread(target=self._read, args=(number,), daemon=True) for number in range(self._number)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            for thread in threads:
                thread.join(ANSWER_SECONDS)

    def _read(self, number: int) -> None:
        account = self._accounts[number % len(self._accounts)]
        pages = (
            f"/api/contacts?account={account}&limit=100",
            f"/api/interactions?account={account}",
            f"/api/lists?account={account}",
            "/api/campaigns",
            "/health",
        )
        with httpx.Client(base_url=self._url, headers=self._headers, timeout=ANSWER_SECONDS) as client:
            for page in cycle(pages[number % len(pages) :] + pages[: number % len(pages)]):
                begun = time.perf_counter()
                try:
                    told = str(client.get(page).status_code)
                except httpx.HTTPError as error:
                    told = type(error).__name__
                with self._lock:
                    self.answers[told] += 1
                    self.seconds.append(time.perf_counter() - begun)
                if self._ended.wait(self._rest):
                    return

    def within(self, part: float) -> float:
        """The seconds within which that part of the answers came."""
        with self._lock:
            sorted_seconds = sorted(self.seconds) or [0.0]
        return sorted_seconds[min(len(sorted_seconds) - 1, int(part * len(sorted_seconds)))]
