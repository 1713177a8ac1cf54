"""What an account has spent of its quotas, counted from the ledger itself; the rule is in `domain.quotas`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.rows import executed
from linkedin_pipelines.db.core.types import UtcDateTime
from linkedin_pipelines.db.models import Account, Interaction, LegacyRow
from linkedin_pipelines.db.models.interactions import COUNTS, IS_CAMPAIGNS, IS_IN_FLIGHT, OF_CAMPAIGNS, unindexed
from linkedin_pipelines.domain import quotas
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ActionKind, Resolver, kind_of, sharing_quota
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.quotas import WEEK, QuotaLeft, QuotaUsage


def kinds_of(kind: str) -> tuple[str, ...]:
    """The kinds that spend from the same quota as `kind`."""
    return tuple(sorted(sharing_quota(kind_of(kind))))


def is_one_of(kinds: Iterable[str]) -> ColumnElement[bool]:
    """That a row of the ledger is of one of the kinds.

    Spelled out: SQLAlchemy puts the text of an `IN` together anew with every execution.
    """
    return or_(*(Interaction.kind == each for each in kinds))


def used_in_week(session: Session, account_id: int, kind: str, now: datetime) -> list[QuotaUsage]:
    """Everything that may count against day or week; kinds that share a quota spend it together.

    A day under another zone began at most 26 hours before this zone's, well within the week.
    """
    week = _week_of(kinds_of(kind), greets=kind == InteractionKind.BIRTHDAY_MESSAGE)
    rows = executed(session, week, {"account_id": account_id, "since": now - WEEK})
    return [QuotaUsage(claimed_at, day) for claimed_at, day in rows]


def quota_left(
    session: Session, account: AccountConfig, account_id: int, kind: str, run_id: str | None, now: datetime
) -> QuotaLeft:
    """What the account has left of `kind`; `run_id` None counts no run.

    Binding only inside a transaction that holds the account's lease row, as a claim does.
    """
    row = kind_of(kind)
    used = used_in_week(session, account_id, kind, now)
    since, until = session.execute(
        select(Account.unknown_from, Account.unknown_until).where(Account.id == account_id)
    ).one()
    used += of_unknown_time(account, row, used, since, until)
    by_run = 0
    if run_id is not None:
        by_run = (
            session.scalar(
                select(func.count()).where(
                    Interaction.run_id == run_id,
                    unindexed(Interaction.account_id) == account_id,
                    is_one_of(kinds_of(kind)),
                    COUNTS,
                )
            )
            or 0
        )
    return quotas.quota_left(account, row, used, by_run, now)


def last_activity(session: Session, account_id: int) -> datetime | None:
    """When a campaign of the account last touched the site, as far as the ledger knows; None if it never did."""
    ours = Interaction.account_id == account_id
    end = session.scalar(select(func.max(Interaction.settled_at)).where(ours, IS_CAMPAIGNS))
    under_way = select(Interaction.claimed_at, Interaction.clicked_at).where(ours, IS_IN_FLIGHT)
    moments = [end, *(session.execute(under_way).one_or_none() or ())]
    if end is not None:  # a claim is later than every end only if the clock was set back in between
        later = select(func.max(Interaction.claimed_at)).where(ours, Interaction.claimed_at > end, OF_CAMPAIGNS)
        moments.append(session.scalar(later))
    return max((moment for moment in moments if moment is not None), default=None)


def of_unknown_time(
    account: AccountConfig,
    kind: ActionKind,
    used: Sequence[QuotaUsage],
    since: datetime | None,
    until: datetime | None,
) -> list[QuotaUsage]:
    """What leaves no trace to read may all have been done in the time that a restored ledger knows nothing of.

    So may what a list tells of: it says who is gone from it, not since when, nor by whom.
    """
    if kind.resolver not in (Resolver.COUNTED, Resolver.REREAD) or since is None or until is None:
        return []
    return quotas.usage_of_unknown_time(account, kind.quota_of(account.quotas), used, since, until)


@cache
def _week_of(kinds: tuple[str, ...], *, greets: bool) -> Select[datetime, date] | CompoundSelect[datetime, date]:
    account_id, since = bindparam("account_id", type_=Integer()), bindparam("since", type_=UtcDateTime())
    used = select(Interaction.claimed_at, Interaction.local_day).where(
        Interaction.account_id == account_id,
        is_one_of(kinds),
        Interaction.claimed_at > since,
        COUNTS,
    )
    if not greets:
        return used
    # A second greeting of one birthday by the product used before occupies no occasion, and went out all the same.
    repeated = select(LegacyRow.repeat_at, LegacyRow.repeat_day).where(
        LegacyRow.account_id == account_id,
        LegacyRow.repeat_at > since,
    )
    return union_all(used, repeated)
