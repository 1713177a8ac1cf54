"""What the member was told by e-mail or webhook, and the links by which a list may be approved."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, Sentence

_NOT_OVER = text("over_at IS NULL")


class Notice(Base):
    """One cause for a notice, from when it was first seen until it is over. Nothing in it names a contact."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("idx_notice_fingerprint", "fingerprint", unique=True, sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef | None]
    """None for what concerns the whole installation."""
    fingerprint: Mapped[str] = mapped_column(String(200))
    """Account and cause; at most one notice with it is not over."""
    cause: Mapped[str] = mapped_column(String(100))
    title: Mapped[Sentence]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Since when the cause is gone; it may come back until the notice is over."""
    over_at: Mapped[datetime | None]


class NoticeDelivery(Base):
    """One message of one channel, claimed before it is sent: two processes never send the same one."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (UniqueConstraint("delivery_key"), NEVER_REUSED)

    id: Mapped[Id]
    delivery_key: Mapped[str] = mapped_column(String(300))
    """What is told, on which occasion, by which channel."""
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    """None for the morning mail."""
    channel: Mapped[str] = mapped_column(String(20))
    claimed_until: Mapped[datetime]
    """Until then nobody else sends it; after a failure, when it is tried again."""
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    failure: Mapped[Sentence | None]


class ApprovalLink(Base):
    """One address by which the member may approve one content of one list, once."""

    __tablename__ = "approval_links"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    list_date: Mapped[date]
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
