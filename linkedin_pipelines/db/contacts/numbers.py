"""Member numbers: what the site itself knows a person by. Addresses change and are taken over; numbers are not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, StopRequest

ASKED = "asked not to be written to"


def number_of(session: Session, contact_id: int) -> str | None:
    """The member number of a contact, where a page has shown it."""
    return session.scalar(select(Contact.member_number).where(Contact.id == contact_id))


def learn(session: Session, contact_id: int, number: str) -> None:
    """Keep the number that the person's own pages showed; a number that is known already stays."""
    contact = session.get(Contact, contact_id)
    if contact is not None and contact.member_number is None:
        contact.member_number = number
        session.flush()


def left_alone(session: Session, account_id: int, besides: int) -> dict[str, str]:
    """Why the members of these numbers are not to be written to: other contacts than `besides` that bear a mark.

    Somebody whose address changed may stand in the database a second time, without the mark.
    """
    asked = select(StopRequest.contact_id).where(
        StopRequest.account_id == account_id, or_(StopRequest.accepted.is_(None), StopRequest.accepted.is_(True))
    )
    query = select(Contact.member_number, Contact.profile_slug, Contact.do_not_contact_reason).where(
        Contact.account_id == account_id,
        Contact.id != besides,
        Contact.member_number.is_not(None),
        or_(Contact.do_not_contact_since.is_not(None), Contact.id.in_(asked)),
    )
    return {
        number: f"the same member as /in/{slug}: {reason or ASKED}"
        for number, slug, reason in session.execute(query)
        if number is not None
    }


def mark(session: Session, contact_id: int, reason: str, now: datetime) -> None:
    """Put a contact on do-not-contact, unless it is there already."""
    contact = session.get(Contact, contact_id)
    if contact is not None and contact.do_not_contact_since is None:
        contact.do_not_contact_since, contact.do_not_contact_reason = now, reason[:1000]
        session.flush()
