"""How many profile visits of today the messages need that the member has approved and that are still to go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, and_, cast, exists, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.models import Account, BirthdayList, Interaction, ListApproval, ListEntry
from linkedin_pipelines.db.models.interactions import COUNTS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.windows import day_start, local_day

KIND = InteractionKind.BIRTHDAY_MESSAGE


def kept_visits(session: Session, account: Account, now: datetime) -> int:
    """Visits that the approved messages of the day need; 0 for an account that sends nothing now.

    An account that rehearses sends nothing, and one that has to settle first sends nothing before it has read.
    """
    if not account.config.mode.sends or account.settle_first_reason is not None:
        return 0
    today = local_day(now, account.config.zone)
    approved = and_(
        ListApproval.account_id == BirthdayList.account_id,
        ListApproval.list_date == BirthdayList.list_date,
        ListApproval.content_hash == BirthdayList.content_hash,
    )
    occupied = exists().where(
        Interaction.account_id == account.id,
        Interaction.contact_id == ListEntry.contact_id,
        Interaction.kind == KIND,
        Interaction.occasion_key == cast(ListEntry.occurrence_year, String),
        COUNTS,
    )
    waiting = (
        select(ListEntry.contact_id, ListEntry.occurrence_year)
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .join(ListApproval, approved)
        .where(
            BirthdayList.account_id == account.id,
            BirthdayList.list_date >= today - timedelta(days=account.config.late.max_days),
            # A list of another day is sent today only if it was approved today.
            or_(
                BirthdayList.list_date == today,
                ListApproval.approved_at >= day_start(today, account.config.zone),
            ),
            ListEntry.body.is_not(None),
            ListEntry.outcome != EntryOutcome.SKIPPED,
            ~occupied,
        )
        .distinct()
    )
    people = len(session.execute(waiting).all())
    if not people:
        return 0
    left = quota_left(session, account.config, account.id, KIND, None, now)
    return min(people, left.day, left.week)
