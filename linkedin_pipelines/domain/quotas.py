"""How much an account may still do: from what it did, and its caps, to what is left and the next date.

What belongs here: the rule. What does not: where the counts come from (`db.spending`) and the caps (`domain.account`).

A day counts by the calendar the account had when it acted *and* by the one it has now, and neither day nor week has an
upper end. So neither an edited time zone nor a clock that is set back gives anything twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ActionKind
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.domain.windows import day_start, local_day, next_opening

WEEK = timedelta(days=7)
"""A week is the 168 hours before now, not a calendar week."""


@dataclass(frozen=True)
class QuotaUsage:
    """One interaction that counts: it is being sent, was sent, or may have been."""

    claimed_at: datetime
    local_day: date
    """Local day of `claimed_at` by the zone that the account had then."""


@dataclass(frozen=True)
class QuotaLeft:
    """What one kind of interaction has left."""

    quota: Quota
    run: int
    day: int
    week: int
    next_day: date | None
    """First local date on which day and week admit one more and the account's hours open; None if the caps are zero."""

    @property
    def left(self) -> int:
        """How many more this run may do now."""
        return min(self.run, self.day, self.week)

    @property
    def reason(self) -> Reason | None:
        """What is used up, the one that lasts longest first; None while something is left."""
        if self.week == 0:
            return Reason.WEEK_QUOTA
        if self.day == 0:
            return Reason.DAY_QUOTA
        return Reason.RUN_QUOTA if self.run == 0 else None


def quota_left(
    account: AccountConfig, kind: ActionKind, used: Sequence[QuotaUsage], used_by_run: int, now: datetime
) -> QuotaLeft:
    """Apply the caps of `kind` to all that was spent in the week before `now` (and after it, if clocks moved)."""
    quota = kind.quota_of(account.quotas)
    return QuotaLeft(
        quota=quota,
        run=max(0, quota.per_run - used_by_run),
        day=max(0, quota.per_day - _on_day_of(account, used, now)),
        week=max(0, quota.per_week - _in_week_before(used, now)),
        next_day=_next_day(account, quota, used, now),
    )


def usage_of_unknown_time(
    account: AccountConfig, quota: Quota, known: Sequence[QuotaUsage], since: datetime, until: datetime
) -> list[QuotaUsage]:
    """What may have been spent from `since` to `until`, of which the ledger knows nothing: as much as was allowed.

    For what leaves no trace that could be read afterwards. A day counts as used up, whatever is known of it included.
    """
    day, last = local_day(since, account.zone), local_day(until, account.zone)
    day = max(day, last - WEEK)
    assumed: list[QuotaUsage] = []
    while day <= last:
        counted = sum(one.local_day == day for one in known)
        moment = max(day_start(day, account.zone), min(since, until))
        assumed += [QuotaUsage(moment, day)] * max(0, quota.per_day - counted)
        day += timedelta(days=1)
    return assumed


def _on_day_of(account: AccountConfig, used: Sequence[QuotaUsage], moment: datetime) -> int:
    today = local_day(moment, account.zone)
    midnight = day_start(today, account.zone)
    return sum(one.local_day == today or one.claimed_at >= midnight for one in used)


def _in_week_before(used: Sequence[QuotaUsage], moment: datetime) -> int:
    return sum(one.claimed_at > moment - WEEK for one in used)


def _next_day(account: AccountConfig, quota: Quota, used: Sequence[QuotaUsage], now: datetime) -> date | None:
    if quota.per_day == 0 or quota.per_week == 0:
        return None
    newest_first = sorted((one.claimed_at for one in used), reverse=True)
    moment = next_opening(account, now)
    while True:
        if _in_week_before(used, moment) >= quota.per_week:
            # Free again when the oldest of the newest `per_week` is a week old.
            moment = next_opening(account, newest_first[quota.per_week - 1] + WEEK)
        elif _on_day_of(account, used, moment) >= quota.per_day:
            tomorrow = local_day(moment, account.zone) + timedelta(days=1)
            moment = next_opening(account, day_start(tomorrow, account.zone))
        else:
            return local_day(moment, account.zone)
