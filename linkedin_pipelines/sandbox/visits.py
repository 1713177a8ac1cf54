"""The sandbox's clock of sessions: which browser visited for which account, from when to when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass
class Visit:
    """One browser context as the site sees it, by a cookie it got with its first request."""

    account: str
    visit: str
    first_seen: str
    last_seen: str
    requests: int = 0


class Visits:
    """All visits since the start. One browser that signs in as somebody else counts as another visit."""

    def __init__(self) -> None:
        self._visits: dict[tuple[str, str], Visit] = {}

    def note(self, visit: str, account: str, now: datetime) -> None:
        """A request of that browser, signed in as `account` (empty: nobody)."""
        moment = now.isoformat()
        one = self._visits.setdefault((visit, account), Visit(account, visit, moment, moment))
        one.last_seen = moment
        one.requests += 1

    def all(self) -> list[dict[str, object]]:
        return [asdict(visit) for visit in self._visits.values()]
