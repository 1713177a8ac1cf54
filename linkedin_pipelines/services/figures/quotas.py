"""The quotas of an account: what each kind has spent and has left, in a sentence and as bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.moments.heeding import own_quota_left
from linkedin_pipelines.domain.action_kinds import kind_of
from linkedin_pipelines.services.accounts.registry import AccountView

_CELLS = 10


@dataclass(frozen=True)
class QuotaView:
    """One kind of interaction: its limits, and what they have left."""

    kind: str
    per_run: int
    per_day: int
    per_week: int
    used_in_run: int
    """By the run that was asked for; 0 if none was."""
    used_today: int
    used_in_week: int
    left_today: int
    left_in_week: int
    next_eligible_on: date | None
    """First local day on which one more may go out; None if the limits are zero."""

    @property
    def text(self) -> str:
        """One sentence for the member."""
        return (
            f"{self.used_today} of {self.per_day} spent today and {self.used_in_week} of {self.per_week} in 7 days, "
            f"{self._left}."
        )

    @property
    def bars(self) -> str:
        """The same in one line with bars, without a full stop."""
        _, day, week = self.uses
        return f"{day.bar} today, {week.bar} in 7 days, {self._left}"

    @property
    def _left(self) -> str:
        now = min(self.left_today, self.left_in_week)
        return f"{now} left" + (f"; more from {self.next_eligible_on}" if not now and self.next_eligible_on else "")

    @property
    def uses(self) -> tuple[QuotaUse, ...]:
        """The three limits one by one, shortest period first."""
        return (
            QuotaUse(self.kind, "run", self.used_in_run, self.per_run, self.per_run - self.used_in_run),
            QuotaUse(self.kind, "day", self.used_today, self.per_day, self.left_today),
            QuotaUse(self.kind, "7 days", self.used_in_week, self.per_week, self.left_in_week),
        )


@dataclass(frozen=True)
class QuotaUse:
    """What one limit has spent and left. `left` may be less than the rest, where several kinds share the limit."""

    kind: str
    period: str
    used: int
    limit: int
    left: int

    @property
    def bar(self) -> str:
        """The use, drawn."""
        return quota_bar(self.used, self.limit)


def quota_view(
    session: Session, account: AccountView, kind: str, now: datetime, run_id: str | None = None
) -> QuotaView:
    """One kind's limits and what they have left; for a run that has not begun unless `run_id` names one."""
    total = left = quota_left(session, account.config, account.id, kind, run_id, now)
    if kind_of(kind).own_quota is not None:  # what it shares with others, its total, may be used up by them
        left = own_quota_left(session, account.config, account.id, kind_of(kind), run_id, now)
    days = [each.next_day for each in (total, left)]
    return QuotaView(
        kind=kind,
        per_run=left.quota.per_run,
        per_day=left.quota.per_day,
        per_week=left.quota.per_week,
        used_in_run=left.quota.per_run - left.run,
        used_today=left.quota.per_day - left.day,
        used_in_week=left.quota.per_week - left.week,
        left_today=min(left.day, total.day),
        left_in_week=min(left.week, total.week),
        next_eligible_on=max((day for day in days if day is not None), default=None) if None not in days else None,
    )


def quota_bar(used: int, limit: int) -> str:
    """`███████░░░ 7 of 10`: empty only if nothing is used, full only if nothing is left."""
    if limit <= 0:
        return "none allowed"
    share = used * _CELLS // limit
    full = min(_CELLS, max(share, 1 if used > 0 else 0))
    return f"{'█' * full}{'░' * (_CELLS - full)} {used} of {limit}"
