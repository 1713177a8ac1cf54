"""Rows of notices: opened once a cause, closed when it is gone, and each message claimed before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.rows import changed_rows
from linkedin_pipelines.db.models import Notice, NoticeDelivery

CLAIM = timedelta(minutes=5)
"""So long one process alone may send a message; longer than all time limits on the way together."""
RETRY = timedelta(minutes=5)
"""After a failure; twice as long after each further one."""
LONGEST_RETRY = timedelta(hours=2)


def not_over(session: Session) -> Sequence[Notice]:
    """Every notice that is not over, oldest first."""
    return session.scalars(select(Notice).where(Notice.over_at.is_(None)).order_by(Notice.id)).all()


def latest(session: Session, limit: int) -> Sequence[Notice]:
    """The newest notices, those that are over included."""
    return session.scalars(select(Notice).order_by(Notice.id.desc()).limit(limit)).all()


def open_one(session: Session, row: Notice) -> bool:
    """Keep a new notice. False if another process was first with its fingerprint."""
    return _added(session, row)


def set_end(session: Session, notice_id: int, ended_at: datetime | None) -> None:
    """Note that the cause is gone, or, with None, that it came back."""
    statement = update(Notice).where(Notice.id == notice_id, Notice.over_at.is_(None))
    changed_rows(session, statement.values(ended_at=ended_at))


def close(session: Session, notice_id: int, quiet_since: datetime, now: datetime) -> bool:
    """Say that a notice is over whose cause has been gone since `quiet_since` or before; False if it came back."""
    statement = update(Notice).where(Notice.id == notice_id, Notice.over_at.is_(None), Notice.ended_at <= quiet_since)
    return bool(changed_rows(session, statement.values(over_at=now)))


def channels_told(session: Session, notice_id: int) -> set[str]:
    """Channels that a message of the notice went out by."""
    query = select(NoticeDelivery.channel).where(
        NoticeDelivery.notice_id == notice_id, NoticeDelivery.sent_at.is_not(None)
    )
    return set(session.scalars(query))


def over_untold(session: Session, since: datetime) -> Sequence[Notice]:
    """Notices that were over at `since` or later: their end may still have to be told."""
    return session.scalars(select(Notice).where(Notice.over_at >= since).order_by(Notice.id)).all()


def is_sent(session: Session, delivery_key: str) -> bool:
    """Whether that message went out."""
    query = select(NoticeDelivery.id).where(
        NoticeDelivery.delivery_key == delivery_key, NoticeDelivery.sent_at.is_not(None)
    )
    return session.scalars(query).first() is not None


def claim(session: Session, delivery_key: str, notice_id: int | None, channel: str, now: datetime) -> bool:
    """Claim one message. False if it went out, if another process is at it, or if its next try is not due.

    A claim whose process died is given to the next: that message may go out twice, under the same Message-ID.
    """
    row = NoticeDelivery(
        delivery_key=delivery_key,
        notice_id=notice_id,
        channel=channel,
        claimed_until=now + CLAIM,
        attempts=1,
    )
    found = session.scalars(select(NoticeDelivery.id).where(NoticeDelivery.delivery_key == delivery_key)).first()
    if found is None and _added(session, row):
        return True
    again = update(NoticeDelivery).where(
        NoticeDelivery.delivery_key == delivery_key,
        NoticeDelivery.sent_at.is_(None),
        NoticeDelivery.claimed_until <= now,
    )
    taken = again.values(claimed_until=now + CLAIM, attempts=NoticeDelivery.attempts + 1)
    return bool(changed_rows(session, taken))


def sent(session: Session, delivery_key: str, now: datetime) -> None:
    """Note that a claimed message went out."""
    row = session.scalars(select(NoticeDelivery).where(NoticeDelivery.delivery_key == delivery_key)).one()
    row.sent_at, row.failure = now, None


def failed(session: Session, delivery_key: str, why: str, now: datetime) -> None:
    """Note why a claimed message did not go out; it is tried again after a while."""
    row = session.scalars(select(NoticeDelivery).where(NoticeDelivery.delivery_key == delivery_key)).one()
    row.failure = why[:1000]
    row.claimed_until = now + min(LONGEST_RETRY, RETRY * 2 ** min(row.attempts - 1, 10))


def last_of_channel(session: Session, channel: str) -> NoticeDelivery | None:
    """The channel's newest message that went out or failed; None if there was none."""
    query = select(NoticeDelivery).where(
        NoticeDelivery.channel == channel, or_(NoticeDelivery.sent_at.is_not(None), NoticeDelivery.failure.is_not(None))
    )
    return session.scalars(query.order_by(NoticeDelivery.id.desc()).limit(1)).one_or_none()


def _added(session: Session, row: Notice | NoticeDelivery) -> bool:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True
