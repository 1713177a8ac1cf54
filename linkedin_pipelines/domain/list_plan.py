"""In which order people are wished, who gets the slots that are left, and what exactly an approval covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.quotas import WEEK, QuotaLeft, QuotaUsage, quota_left
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.domain.windows import day_start, local_day, next_opening

ORDER_RULE = (
    "Today's birthdays come first; then the late ones, those that would expire soonest first; within a day in an order "
    "drawn anew for each birthday, so that nobody is always last."
)
_KIND = ACTION_KINDS[InteractionKind.BIRTHDAY_MESSAGE]


def sort_key(occurrence: Occurrence, sending_day: date, seed: str) -> tuple[bool, date, str]:
    """Sort key that puts people in the order of `ORDER_RULE`; `seed` names account, person and occasion."""
    return occurrence.on != sending_day, occurrence.on, hashlib.sha256(f"turn|{seed}".encode()).hexdigest()


def waiting_days(
    account: AccountConfig, used: Sequence[QuotaUsage], taken: int, now: datetime, last: date
) -> Iterator[date | None]:
    """For everybody who gets no slot now, in order, the first local day with one: a backlog is spread, not crammed.

    `used` is what counts already, `taken` how many slots this list takes now. People whose birthday is still to come
    will go before a late wish, so a day is the earliest one. None for ever after `last`, when all their wishes have
    expired, and if the account's caps are zero.
    """
    used = [*used, *[QuotaUsage(now, local_day(now, account.zone))] * taken]
    moment = now
    while (day := quota_left(account, _KIND, used, 0, moment).next_day) is not None and day <= last:
        # Nothing before this opening has room, and what is given away frees none: the search goes on from here, and
        # drops what no later moment counts. So its cost follows the number of days, not its square.
        moment = next_opening(account, max(moment, day_start(day, account.zone)))
        today = local_day(moment, account.zone)
        used = [one for one in used if one.claimed_at > moment - WEEK or one.local_day >= today]
        then = quota_left(account, _KIND, used, 0, moment)
        room = max(1, min(then.day, then.week))
        yield from [day] * room
        used += [QuotaUsage(moment, day)] * room
    while True:
        yield None


def quota_verdict(place: int, left: QuotaLeft, again: date | None, deadline: date) -> Outcome:
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
        again = None
    return deferred(reason, text, again)


def content_hash(content: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 over (contact identity, occurrence year, text) of a list, whatever the order."""
    canonical = json.dumps(sorted(content), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
