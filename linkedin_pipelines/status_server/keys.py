"""Who may read: the API key, compared by digest, and wrong keys held up."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from linkedin_pipelines.clock import Clock

FAILURES = 10
WINDOW_SECONDS = 60.0
"""So many wrong keys within so long, from one address, and the address is told to wait."""
_ADDRESSES = 1024
"""Addresses that are remembered; the one longest unseen is dropped."""

BEARER = HTTPBearer(auto_error=False, scheme_name="apiKey", description="A key of `api.key` in the home.")


class Gate:
    """Lets requests with a right key pass; a right key passes even from an address that tried wrong ones."""

    def __init__(self, keys: Callable[[], tuple[bytes, ...]], clock: Clock) -> None:
        """Take what tells the keys, asked anew each time, so that a changed file needs no restart."""
        self._keys = keys
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
    ) -> None:
        """Refuse the request unless it bears a key."""
        if given is not None and self._is_right(given.credentials):
            return
        address = request.client.host if request.client else ""
        if (wait := self._held_up(address, failed=given is not None)) > 0:
            raise HTTPException(429, "too many wrong keys", {"Retry-After": str(wait)})
        raise HTTPException(
            401, "this needs a key of api.key, as `Authorization: Bearer …`", {"WWW-Authenticate": "Bearer"}
        )

    def _is_right(self, credentials: str) -> bool:
        digest = hashlib.sha256(credentials.encode()).digest()
        matches = [hmac.compare_digest(digest, hashlib.sha256(key).digest()) for key in self._keys()]
        return any(matches)

    def _held_up(self, address: str, *, failed: bool) -> int:
        """Seconds that the address has to wait, rounded up; 0 if it need not."""
        now = self._clock.now().timestamp()
        with self._lock:
            recent = self._failures.setdefault(address, deque(maxlen=FAILURES))
            self._failures.move_to_end(address)
            while len(self._failures) > _ADDRESSES:
                self._failures.popitem(last=False)
            while recent and recent[0] <= now - WINDOW_SECONDS:
                recent.popleft()
            if len(recent) == FAILURES:
                return int(recent[0] + WINDOW_SECONDS - now) + 1
            if failed:
                recent.append(now)
        return 0
