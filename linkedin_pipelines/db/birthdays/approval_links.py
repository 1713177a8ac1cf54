"""Rows of approval links, and when somebody was last written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.rows import changed_rows
from linkedin_pipelines.db.models import ApprovalLink, HandSentWish, Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import InteractionStatus


def add(session: Session, row: ApprovalLink) -> ApprovalLink:
    """Keep a new link; it has its id then."""
    session.add(row)
    session.flush()
    return row


def find(session: Session, link_id: int) -> ApprovalLink | None:
    """The link with that id."""
    return session.get(ApprovalLink, link_id)


def use(session: Session, link_id: int, now: datetime) -> bool:
    """Mark a link as used. False if it was used before, or its time is over."""
    statement = update(ApprovalLink).where(
        ApprovalLink.id == link_id, ApprovalLink.used_at.is_(None), ApprovalLink.expires_at > now
    )
    return bool(changed_rows(session, statement.values(used_at=now)))


def last_written(session: Session, contact_ids: Sequence[int]) -> dict[int, datetime]:
    """When each contact was last sent a message that we know of: by us, or a wish by the member's own hand."""
    found: dict[int, datetime] = {}
    ours = select(Interaction.contact_id, func.max(Interaction.sent_at)).where(
        Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE, Interaction.status == InteractionStatus.SENT
    )
    by_hand = select(HandSentWish.contact_id, func.max(HandSentWish.sent_at))
    for query, contact in ((ours, Interaction.contact_id), (by_hand, HandSentWish.contact_id)):
        for start in range(0, len(contact_ids), 500):
            some = query.where(contact.in_(contact_ids[start : start + 500])).group_by(contact)
            for contact_id, moment in session.execute(some):
                if moment is not None and moment > found.get(contact_id, moment.min.replace(tzinfo=moment.tzinfo)):
                    found[contact_id] = moment
    return found
