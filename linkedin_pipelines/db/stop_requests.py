"""Replies that may ask to be left alone, and what the member decided about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, StopRequest

_EXCERPT_LIMIT = 1000


def propose(session: Session, account_id: int, contact_id: int, said_at: datetime, excerpt: str) -> bool:
    """Note a reply for the member to decide about; False if that very reply is known."""
    known = select(StopRequest.id).where(StopRequest.contact_id == contact_id, StopRequest.said_at == said_at)
    if session.scalar(known) is not None:
        return False
    session.add(
        StopRequest(account_id=account_id, contact_id=contact_id, said_at=said_at, excerpt=excerpt[:_EXCERPT_LIMIT])
    )
    session.flush()
    return True


def undecided(session: Session, account_id: int) -> list[tuple[StopRequest, Contact]]:
    """Replies that wait for the member, oldest first, with the people who wrote them."""
    query = (
        select(StopRequest, Contact)
        .join(Contact, Contact.id == StopRequest.contact_id)
        .where(StopRequest.account_id == account_id, StopRequest.decided_at.is_(None))
        .order_by(StopRequest.said_at, StopRequest.id)
    )
    return [(request, contact) for request, contact in session.execute(query)]


def decide(session: Session, contact_id: int, now: datetime, *, accepted: bool) -> int:
    """Decide all replies of a person that wait; how many there were. Accepting does not yet mark the contact."""
    waiting = (
        update(StopRequest)
        .where(StopRequest.contact_id == contact_id, StopRequest.decided_at.is_(None))
        .values(decided_at=now, accepted=accepted)
        .returning(StopRequest.id)
    )
    return len(session.scalars(waiting).all())


def last_declined(session: Session, contact_id: int) -> datetime | None:
    """When the newest reply was written that the member read as no request; older ones are read so too."""
    return session.scalar(
        select(func.max(StopRequest.said_at)).where(
            StopRequest.contact_id == contact_id, StopRequest.accepted.is_(False)
        )
    )


def find_contact(session: Session, account_id: int, slug: str) -> Contact | None:
    """The contact with this profile slug, or this identity where no address is known."""
    query = select(Contact).where(
        Contact.account_id == account_id, or_(Contact.profile_slug == slug, Contact.identity_key == slug)
    )
    return session.scalars(query.order_by(Contact.id)).first()
