"""Everything by which the database knows one person, gathered before it is erased."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import aliases
from linkedin_pipelines.db.models import BirthdayRecord, Contact, Interaction, LegacyRow
from linkedin_pipelines.domain.forgetting import Traces
from linkedin_pipelines.domain.identity import name_key


def traces_of(session: Session, contact: Contact) -> Traces:
    """Addresses and names of a contact, those included that address books and imported databases state.

    What another contact of the account has as well tells nobody, and is no trace; a shared name is kept as such.
    """
    own = [contact, *_same_without_address(session, contact)]
    ids = [row.id for row in own]
    records = session.scalars(select(BirthdayRecord).where(BirthdayRecord.contact_id.in_(ids))).all()
    slugs = {row.profile_slug for row in own if row.profile_slug} | {slug for r in records for slug in r.profile_slugs}
    slugs |= aliases.of_contacts(session, ids)
    emails = {row.email for row in own if row.email} | {email for record in records for email in record.emails}
    names = {row.full_name for row in own} | {record.name for record in records if record.name}
    stated = select(LegacyRow.fact).where(LegacyRow.contact_id.in_(ids), LegacyRow.fact.is_not(None))
    names |= {fact["name"] for fact in session.scalars(stated) if fact and fact["slug"] and fact["name"]}
    names = {name for name in names if name_key(name)}
    keys = {name_key(name) for name in names}
    others = session.execute(
        select(Contact.profile_slug, Contact.email, Contact.name_key, Contact.connected_on).where(
            Contact.account_id == contact.account_id,
            Contact.id.not_in(ids),
            or_(
                Contact.profile_slug.in_(slugs),
                Contact.email.in_(emails),
                Contact.name_key.in_(keys),
            ),
        )
    ).all()
    shared = {row.name_key for row in others}
    connections: set[tuple[str, date]] = {(row.name_key, row.connected_on) for row in own if row.connected_on}
    return Traces(
        slugs=frozenset(slugs - {row.profile_slug for row in others}),
        emails=frozenset(emails - {row.email for row in others}),
        names=frozenset(name for name in names if name_key(name) not in shared),
        shared_names=frozenset(name for name in names if name_key(name) in shared),
        connections=frozenset(connections - {(row.name_key, row.connected_on) for row in others}),
    )


def _same_without_address(session: Session, contact: Contact) -> list[Contact]:
    """Rows of an export that gave no addresses, and that name and day of connection show to be this person's."""
    if contact.connected_on is None:
        return []
    query = select(Contact).where(
        Contact.account_id == contact.account_id,
        Contact.id != contact.id,
        Contact.profile_slug.is_(None),
        Contact.name_key == contact.name_key,
        Contact.connected_on == contact.connected_on,
    )
    return list(session.scalars(query))


def evidence_in_use(session: Session, account_id: int) -> set[str]:
    """Pictures that rows of the ledger point at; paths below the evidence folder."""
    query = select(Interaction.evidence).where(Interaction.account_id == account_id, Interaction.evidence.is_not(None))
    return {
        path
        for evidence in session.scalars(query.execution_options(yield_per=500))
        if evidence is not None
        for path in evidence.screenshots
    }
