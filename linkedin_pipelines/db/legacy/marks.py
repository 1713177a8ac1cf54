"""What legacy rows leave on contacts: do-not-contact, occasions held, and contacts that exist for them alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.legacy.resolving import contacts_by_id
from linkedin_pipelines.db.models import Base, Contact, LegacyContact, OccasionHold
from linkedin_pipelines.domain.states import ContactStatus


def block(session: Session, account_id: int, wanted: Mapping[int, str], now: datetime) -> None:
    """Put contacts on do-not-contact once, and take back what is no longer stated; others' words stand."""
    links = _links(session, account_id)
    contacts = contacts_by_id(session, [*wanted, *links])
    for contact_id, reason in wanted.items():
        link = links.get(contact_id)
        if link is None:
            link = LegacyContact(account_id=account_id, contact_id=contact_id, made=False)
            session.add(link)
        if link.blocked is not None:
            continue  # done before: if the member lifted it since, so be it
        contact = contacts[contact_id]
        link.blocked = ""
        if contact.do_not_contact_since is None:
            contact.do_not_contact_since, contact.do_not_contact_reason = now, reason
            link.blocked = reason
    for contact_id, link in links.items():
        if link.blocked is not None and contact_id not in wanted:
            contact = contacts[contact_id]
            if link.blocked and contact.do_not_contact_reason == link.blocked:
                contact.do_not_contact_since = contact.do_not_contact_reason = None
            link.blocked = None


def hold(session: Session, account_id: int, wanted: Mapping[tuple[int, int], str]) -> None:
    """Hold these occasions and no others; what the member decided on one stands."""
    query = select(OccasionHold).where(OccasionHold.account_id == account_id)
    there = {(row.contact_id, row.occurrence_year): row for row in session.scalars(query)}
    for key, row in there.items():
        if key not in wanted:
            session.delete(row)
    for (contact_id, year), text in wanted.items():
        if (contact_id, year) in there:
            there[contact_id, year].explanation = text
        else:
            session.add(
                OccasionHold(account_id=account_id, contact_id=contact_id, occurrence_year=year, explanation=text)
            )


def clean(session: Session, account_id: int, wanted: set[int]) -> None:
    """Let go of contacts that no legacy row is about any more, unless something else has come to refer to them."""
    links = _links(session, account_id)
    contacts = contacts_by_id(session, links)
    for contact_id, link in links.items():
        if contact_id in wanted:
            continue
        contact, made = contacts[contact_id], link.made
        if link.blocked is not None:
            continue
        session.delete(link)
        session.flush()
        ours = made and contact.status is ContactStatus.KNOWN and contact.facts_as_of is None
        if ours and not _is_referred_to(session, contact_id):
            session.execute(
                delete(Contact).where(Contact.id == contact_id).execution_options(synchronize_session="fetch")
            )


def _links(session: Session, account_id: int) -> dict[int, LegacyContact]:
    query = select(LegacyContact).where(LegacyContact.account_id == account_id)
    return {row.contact_id: row for row in session.scalars(query)}


def _is_referred_to(session: Session, contact_id: int) -> bool:
    tables = [table for table in Base.metadata.sorted_tables if "contact_id" in table.c]
    return any(
        session.execute(select(table.c.contact_id).where(table.c.contact_id == contact_id).limit(1)).first()
        for table in tables
    )
