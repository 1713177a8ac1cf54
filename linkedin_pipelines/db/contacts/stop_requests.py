"""Replies that may ask to be left alone, and what the member decided about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import aliases
from linkedin_pipelines.db.models import Contact, StopRequest

_EXCERPT_LIMIT = 1000


def propose(session: Session, account_id: int, contact_id: int, said_at: datetime, excerpt: str) -> bool:
    """Note a reply for the member to decide about; False if that very reply is known."""
    excerpt = excerpt[:_EXCERPT_LIMIT]
    known = select(StopRequest.id).where(
        StopRequest.contact_id == contact_id, StopRequest.said_at == said_at, StopRequest.excerpt == excerpt
    )
    if session.scalar(known.limit(1)) is not None:
        return False
    session.add(StopRequest(account_id=account_id, contact_id=contact_id, said_at=said_at, excerpt=excerpt))
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


def declined(session: Session, contact_id: int) -> list[tuple[datetime, str]]:
    """When each reply was written that the member read as no request, and its words."""
    query = select(StopRequest.said_at, StopRequest.excerpt).where(
        StopRequest.contact_id == contact_id, StopRequest.accepted.is_(False)
    )
    return [(said_at, excerpt) for said_at, excerpt in session.execute(query)]


def find_contact(session: Session, account_id: int, slug: str) -> Contact | None:
    """The contact with this profile slug, or this identity where no address is known."""
    query = select(Contact).where(
        Contact.account_id == account_id, or_(Contact.profile_slug == slug, Contact.identity_key == slug)
    )
    found = session.scalars(query.order_by(Contact.id)).first()
    if found is None and (former := aliases.contacts_of(session, account_id, [slug])):
        found = session.get(Contact, former[slug])
    return found
