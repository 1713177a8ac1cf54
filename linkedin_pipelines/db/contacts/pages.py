"""Pages of people and of what happened with them, for lists that a person reads.

A page begins after the last row of the one before, never at a count of rows: new rows do not shift it, and the last
page costs what the first does.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import ContactStatus

LONGEST_PAGE = 500


def contacts_by_status(
    session: Session, account_id: int, status: ContactStatus, *, after_id: int = 0, limit: int = 100
) -> list[Contact]:
    """Contacts of an account with that status, oldest row first, from the one after `after_id` on."""
    query = (
        select(Contact)
        .where(Contact.account_id == account_id, Contact.status == status, Contact.id > after_id)
        .order_by(Contact.id)
        .limit(min(limit, LONGEST_PAGE))
    )
    return list(session.scalars(query))


def newest_contacts(
    session: Session, account_id: int, *, before: tuple[datetime, int] | None = None, limit: int = 100
) -> list[Contact]:
    """Contacts of an account, the latest first, from the one after `before` (its `created_at` and id) on."""
    query = select(Contact).where(Contact.account_id == account_id)
    if before is not None:
        query = query.where(tuple_(Contact.created_at, Contact.id) < tuple_(*before))
    query = query.order_by(Contact.created_at.desc(), Contact.id.desc())
    return list(session.scalars(query.limit(min(limit, LONGEST_PAGE))))


def interactions_with(
    session: Session, contact_id: int, kind: InteractionKind | None = None, *, limit: int = 100
) -> list[Interaction]:
    """What happened with one person, the latest first."""
    query = select(Interaction).where(Interaction.contact_id == contact_id)
    if kind is not None:
        query = query.where(Interaction.kind == kind)
    return list(session.scalars(query.order_by(Interaction.id.desc()).limit(min(limit, LONGEST_PAGE))))
