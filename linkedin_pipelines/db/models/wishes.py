"""Birthday wishes that the member sent without us, as the member's own files prove them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, contact_of_account


class HandSentWish(Base):
    """One wish found among the member's own messages: what was said, and when.

    Which occasion it occupies depends on the birthday, which may become known, or change, long after the message was
    read. So the message is kept here, as it is, and the ledger's `by_hand` rows are derived from it again after every
    import; two wishes that fall on one occasion today may be of two occasions tomorrow.
    """

    __tablename__ = "hand_sent_wishes"
    __table_args__ = (UniqueConstraint("contact_id", "sent_at"), contact_of_account(), NEVER_REUSED)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    sent_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
