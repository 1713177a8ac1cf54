"""What an account has spent of its quotas, counted from the ledger itself; the rule is in `domain.quotas`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain import quotas
from linkedin_pipelines.domain.account import AccountConfig, InteractionKind
from linkedin_pipelines.domain.quotas import WEEK, QuotaLeft, Spent
from linkedin_pipelines.domain.states import OCCUPYING


def week_of_spending(account_id: int, kind: InteractionKind, now: datetime) -> Select[datetime, date]:
    """The query for everything that may count against day or week.

    A day under another zone began at most 26 hours before this zone's, well within the week.
    """
    return select(Interaction.claimed_at, Interaction.local_day).where(
        Interaction.account_id == account_id,
        Interaction.kind == kind,
        Interaction.claimed_at > now - WEEK,
        Interaction.status.in_(OCCUPYING),
    )


def quota_left(
    session: Session, account: AccountConfig, account_id: int, kind: InteractionKind, run_id: str | None, now: datetime
) -> QuotaLeft:
    """What the account has left of `kind`; `run_id` None counts no run.

    Binding only inside a transaction that holds the account's lease row, as a claim does.
    """
    spent = [Spent(row.claimed_at, row.local_day) for row in session.execute(week_of_spending(account_id, kind, now))]
    by_run = 0
    if run_id is not None:
        by_run = (
            session.scalar(
                select(func.count()).where(
                    Interaction.run_id == run_id,
                    Interaction.account_id == account_id,
                    Interaction.kind == kind,
                    Interaction.status.in_(OCCUPYING),
                )
            )
            or 0
        )
    return quotas.quota_left(account, kind, spent, by_run, now)
