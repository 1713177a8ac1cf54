"""The sandbox's own record against the ledger: what may never be, whatever was killed.

The record is the oracle: what it holds has reached a person. The ledger is what the product believes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind, Quota
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus

WEEK = timedelta(days=7)
Delivered = dict[str, Any]


@dataclass
class Books:
    """What both sides hold, and what is wrong with it."""

    deliveries: int = 0
    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    settled: int = 0
    """Rows that a later run settled by reading the conversation."""
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Books) -> None:
        for name in ("deliveries", "sent", "failed", "in_doubt", "settled", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def compare(
    database: Database, account_id: int, deliveries: Sequence[Delivered], quota: Quota, zone: ZoneInfo
) -> Books:
    """Compare ledger and record once everything has been settled."""
    books = Books(deliveries=len(deliveries))
    with database.reading() as session:
        found = session.execute(
            select(Interaction, Contact.profile_slug)
            .join(Contact, Contact.id == Interaction.contact_id)
            .where(Interaction.account_id == account_id)
            .order_by(Interaction.id)
        ).all()
        for row, _ in found:
            session.expunge(row)
    for row, slug in found:
        books.wrong.extend(f"row {row.id} of {slug}: {why}" for why in _wrong_with(row))
    # Profiles opened on the way have rows of their own; the site's record of deliveries knows messages alone.
    rows = [(row, slug) for row, slug in found if row.kind == InteractionKind.BIRTHDAY_MESSAGE]
    by_status = Counter(row.status for row, _ in rows)
    books.sent = by_status[InteractionStatus.SENT]
    books.failed = by_status[InteractionStatus.FAILED]
    books.in_doubt = by_status[InteractionStatus.IN_DOUBT]
    books.settled = sum(_was_settled_later(row) for row, _ in rows)
    books.wrong += _twice(deliveries)
    books.wrong += over_quota(deliveries, quota, zone)
    books.wrong += _unequal(rows, deliveries)
    return books


def _was_settled_later(row: Interaction) -> bool:
    screenshots = row.evidence.screenshots if row.evidence else ()
    return row.status is not InteractionStatus.IN_DOUBT and any("settled" in screenshot for screenshot in screenshots)


def _wrong_with(row: Interaction) -> list[str]:
    wrong = []
    if row.status is InteractionStatus.SENDING:
        wrong.append("is still sending, without an outcome")
    if row.status is InteractionStatus.IN_DOUBT and row.doubt_readings < READINGS_BEFORE_MEMBER_DECIDES:
        wrong.append(f"is in doubt after {row.doubt_readings} readings")
    if row.status in {InteractionStatus.FAILED, InteractionStatus.IN_DOUBT} and not (row.reason and row.explanation):
        wrong.append("has no reason")
    if row.origin is not InteractionOrigin.CAMPAIGN:
        wrong.append(f"is {row.origin}, but nobody wrote by hand here: one of our own messages was not known as ours")
    return wrong


def _twice(deliveries: Sequence[Delivered]) -> list[str]:
    """Everybody here has one birthday in the time of a round, so one message is all they may get."""
    counts = Counter(one["recipient"] for one in deliveries)
    return [f"{person} was written to {count} times" for person, count in counts.items() if count > 1]


def over_quota(deliveries: Sequence[Delivered], quota: Quota, zone: ZoneInfo) -> list[str]:
    """Days and weeks with more deliveries than allowed, by the site's own times."""
    moments = sorted(datetime.fromisoformat(one["delivered_at"]) for one in deliveries)
    days = Counter(moment.astimezone(zone).date() for moment in moments)
    wrong = [f"{count} messages on {day}" for day, count in days.items() if count > quota.per_day]
    for last in moments:
        week = sum(last - WEEK < moment <= last for moment in moments)
        if week > quota.per_week:
            wrong.append(f"{week} messages in the week before {last}")
    return wrong


def _unequal(rows: Sequence[Any], deliveries: Sequence[Delivered]) -> list[str]:
    sent = Counter((slug, row.body) for row, slug in rows if row.status is InteractionStatus.SENT)
    doubted = Counter((slug, row.body) for row, slug in rows if row.status is InteractionStatus.IN_DOUBT)
    delivered = Counter((one["recipient"], one["text"]) for one in deliveries)
    wrong = [f"the ledger says sent, the site says nothing: {slug}" for slug, _ in (sent - delivered).elements()]
    wrong += [f"delivered, but not in the ledger: {slug}" for slug, _ in (delivered - sent - doubted).elements()]
    return wrong


def left(
    database: Database, account_id: int, deliveries: Sequence[Delivered], quota: Quota, zone: ZoneInfo, now: datetime
) -> int:
    """How many messages the account may still send on the day of `now`, by the site's record and rows in doubt."""
    moments = [datetime.fromisoformat(one["delivered_at"]) for one in deliveries]
    delivered = {one["recipient"] for one in deliveries}
    with database.reading() as session:
        doubts = session.execute(
            select(Interaction.claimed_at, Contact.profile_slug)
            .join(Contact, Contact.id == Interaction.contact_id)
            .where(
                Interaction.account_id == account_id,
                Interaction.status == InteractionStatus.IN_DOUBT,
                Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            )
        ).all()
    moments += [claimed_at for claimed_at, slug in doubts if slug not in delivered]
    today: date = now.astimezone(zone).date()
    day = sum(moment.astimezone(zone).date() == today for moment in moments)
    week = sum(moment > now - WEEK for moment in moments)
    return max(0, min(quota.per_day - day, quota.per_week - week))
