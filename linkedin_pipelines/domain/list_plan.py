"""In which order people are wished, who gets the slots that are left, and what exactly an approval covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from linkedin_pipelines.domain.account import AccountConfig, InteractionKind
from linkedin_pipelines.domain.eligibility import Verdict
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.quotas import QuotaLeft, Spent, quota_left
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.windows import day_start, local_day, next_opening

ORDER_RULE = (
    "Today's birthdays come first; then the late ones, those that would expire soonest first; within a day in an order "
    "drawn anew for each birthday, so that nobody is always last."
)
_KIND = InteractionKind.BIRTHDAY_MESSAGE


def turn(occurrence: Occurrence, sending_day: date, seed: str) -> tuple[bool, date, str]:
    """Sort key that puts people in the order of `ORDER_RULE`; `seed` names account, person and occasion."""
    return occurrence.on != sending_day, occurrence.on, hashlib.sha256(f"turn|{seed}".encode()).hexdigest()


def waiting_days(account: AccountConfig, spent: Sequence[Spent], taken: int, now: datetime) -> Iterator[date | None]:
    """For everybody who gets no slot now, in order, the first local day with one: a backlog is spread, not crammed.

    `spent` is what counts already, `taken` how many slots this list takes now. People whose birthday is still to come
    will go before a late wish, so a day is the earliest one. None for ever if the account's caps are zero.
    """
    used = [*spent, *[Spent(now, local_day(now, account.zone))] * taken]
    while (day := quota_left(account, _KIND, used, 0, now).next_day) is not None:
        opening = next_opening(account, max(now, day_start(day, account.zone)))
        then = quota_left(account, _KIND, used, 0, opening)
        room = max(1, min(then.day, then.week))
        yield from [day] * room
        used += [Spent(opening, day)] * room
    while True:
        yield None


def quota_verdict(place: int, left: QuotaLeft, again: date | None, deadline: date) -> Verdict:
    """What the person at `place` (from 0), for whom there is no slot now, waits for.

    The limit that lasts longest is named, since the others are over before it. Who would be too late by then is told.
    """
    if place >= left.week:
        reason, limit = Reason.WEEK_QUOTA, f"{left.quota.per_week} in 7 days, of which {left.week} are left"
    elif place >= left.day:
        reason, limit = Reason.DAY_QUOTA, f"{left.quota.per_day} a day, of which {left.day} are left"
    else:
        reason, limit = Reason.RUN_QUOTA, f"{left.quota.per_run} a run, of which {left.run} are left"
    text = f"The account's limit is {limit}, and this person is number {place + 1} in turn."
    if again is None or again > deadline:
        text += f" The wish expires on {deadline} before there is room: write by hand if it matters."
    return Verdict(EntryOutcome.DEFERRED, reason, text, again)


def content_hash(content: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 over (contact identity, occurrence year, text) of a list, whatever the order."""
    canonical = json.dumps(sorted(content), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
