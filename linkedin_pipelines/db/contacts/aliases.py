"""Former profile addresses of contacts: whoever is named by one is the contact that bore it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import ContactAlias

BATCH = 500
"""Values in one statement: SQLite admits a limited number of parameters."""


def contacts_of(session: Session, account_id: int, slugs: Iterable[str]) -> dict[str, int]:
    """The contact of each former address among `slugs`."""
    found: dict[str, int] = {}
    if session.scalar(select(ContactAlias.id).where(ContactAlias.account_id == account_id).limit(1)) is None:
        return found  # nobody here moved: an import asks this of every row
    wanted = list(slugs)
    for start in range(0, len(wanted), BATCH):
        query = select(ContactAlias.profile_slug, ContactAlias.contact_id).where(
            ContactAlias.account_id == account_id, ContactAlias.profile_slug.in_(wanted[start : start + BATCH])
        )
        found.update((slug, contact_id) for slug, contact_id in session.execute(query))
    return found


def of_contacts(session: Session, contact_ids: Iterable[int]) -> set[str]:
    """The former addresses of up to `BATCH` contacts."""
    return set(session.scalars(select(ContactAlias.profile_slug).where(ContactAlias.contact_id.in_(list(contact_ids)))))


def add_alias(session: Session, account_id: int, contact_id: int, slug: str, now: datetime) -> None:
    """Keep a former address; one that was another contact's is theirs no more."""
    row = session.scalars(
        select(ContactAlias).where(ContactAlias.account_id == account_id, ContactAlias.profile_slug == slug)
    ).one_or_none()
    if row is None:
        row = ContactAlias(account_id=account_id, profile_slug=slug)
        session.add(row)
    row.contact_id, row.since = contact_id, now
    session.flush()
