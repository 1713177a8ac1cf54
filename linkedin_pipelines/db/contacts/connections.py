"""Rows of connections: what exports say of people, and which of two rows is the same person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import String, Table, bindparam, select, type_coerce, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import aliases
from linkedin_pipelines.db.contacts.people import BATCH, Counts
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.bulk import insert_rows
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.contact_facts import ContactFacts
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.records import ConnectionRow
from linkedin_pipelines.domain.states import ContactStatus

_CONTACTS = cast("Table", Contact.__table__)
_NEW = (
    "identity_key",
    "profile_slug",
    "first_name",
    "full_name",
    "name_key",
    "email",
    "company",
    "position",
    "connected_on",
)


def identity_key(row: ConnectionRow) -> str:
    """The slug, or the name where the file gave no address."""
    return row.slug if row.slug is not None else f"name:{name_key(row.full_name)}"


def put_connections(
    session: Session, account_id: int, rows: Sequence[ConnectionRow], as_of: date, now: datetime
) -> Counts:
    """Store up to `BATCH` connections of one export. A repeated person counts as unchanged the second time."""
    forgotten = known_to(session, account_id)
    kept = rows
    if forgotten:
        kept = [row for row in rows if not forgotten.connection(row.slug, row.email, row.full_name, row.connected_on)]
    moved = _moved(session, account_id, kept)
    best: dict[str, ConnectionRow] = {}
    for row in kept:
        key = moved.get(row.slug or "") or row.slug or identity_key(row)
        if key not in best or _facts(row, as_of).rank > _facts(best[key], as_of).rank:
            best[key] = row
    stored = _stored(session, account_id, list(best))
    new: list[tuple[object, ...]] = []
    written: list[dict[str, Any]] = []
    counts = Counts()
    for key, row in best.items():
        known = stored.get(key)
        if known is None:
            new.append((key, row.slug, row.first_name, row.full_name, name_key(row.full_name), *row[4:]))
        elif known[2:] != (as_of, *row[2:]):  # the very same needs no look at which of the two stands
            facts, before = _facts(row, as_of), ContactFacts(*known[2:])
            if facts.rank > before.rank:
                written.append({"contact": known[0]} | _values(facts, now))
                counts.changed += known[1] != ContactStatus.CONNECTED or not facts.says_the_same(before)
    shared = {
        "account_id": account_id,
        "facts_as_of": as_of,
        "status": ContactStatus.CONNECTED,
        "birthday_disputed": False,
        "created_at": now,
        "updated_at": now,
    }
    insert_rows(session, Contact, shared, _NEW, new)
    if written:
        session.connection().execute(update(_CONTACTS).where(_CONTACTS.c.id == bindparam("contact")), written)
    counts.new = len(new)
    counts.unchanged = len(kept) - counts.new - counts.changed
    counts.forgotten = len(rows) - len(kept)
    return counts


def _moved(session: Session, account_id: int, rows: Sequence[ConnectionRow]) -> dict[str, str]:
    """The identity of whoever bore an address before, by that address; another name there is another person."""
    former = aliases.contacts_of(session, account_id, [row.slug for row in rows if row.slug is not None])
    if not former:
        return {}
    names = {row.slug: name_key(row.full_name) for row in rows if row.slug in former}
    query = select(Contact.id, Contact.identity_key, Contact.name_key).where(Contact.id.in_(set(former.values())))
    people = {contact_id: (key, name) for contact_id, key, name in session.execute(query)}
    return {slug: people[one][0] for slug, one in former.items() if people[one][1] == names[slug]}


def _facts(row: ConnectionRow, as_of: date) -> ContactFacts:
    return ContactFacts(as_of, row.first_name, row.full_name, row.email, row.company, row.position, row.connected_on)


def _stored(session: Session, account_id: int, keys: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Id, status and facts of the rows of these keys."""
    columns = _CONTACTS.c
    query = select(
        columns.identity_key,
        columns.id,
        type_coerce(columns.status, String),
        columns.facts_as_of,
        columns.first_name,
        columns.full_name,
        columns.email,
        columns.company,
        columns.position,
        columns.connected_on,
    ).where(columns.account_id == account_id, columns.identity_key.in_(keys))
    return {row[0]: tuple(row[1:]) for row in session.connection().execute(query)}


def _values(facts: ContactFacts, now: datetime) -> dict[str, Any]:
    return {
        "first_name": facts.first_name,
        "full_name": facts.full_name,
        "name_key": name_key(facts.full_name),
        "email": facts.email,
        "company": facts.company,
        "position": facts.position,
        "connected_on": facts.connected_on,
        "facts_as_of": facts.as_of,
        "status": ContactStatus.CONNECTED,
        "updated_at": now,
    }


def settle_people_without_address(session: Session, account_id: int, now: datetime, after: int) -> int | None:
    """Let people without a profile address count only while no other row is the same person.

    Exports before mid-2023 had no addresses. A row with the same name and the same day of connection, and an address,
    is the same person; counting both would make every such name ambiguous. The row itself stays, as `known`, so that
    the outcome is the same whichever of the two files came first.

    Settles up to `BATCH` of them, whose ids follow on `after`.

    Returns:
        The last of them; None if there were none.
    """
    # By key ranges and whole names alone, so that no planner without statistics walks all connections per person.
    query = select(Contact.id, Contact.name_key, Contact.connected_on, Contact.status).where(
        Contact.account_id == account_id,
        Contact.profile_slug.is_(None),
        Contact.facts_as_of.is_not(None),  # no export ever showed the others
        Contact.id > after,
    )
    people = session.execute(query.order_by(Contact.id).limit(BATCH)).all()
    if not people:
        return None
    named = select(Contact.name_key, Contact.connected_on, Contact.profile_slug, Contact.status).where(
        Contact.account_id == account_id, Contact.name_key.in_({person.name_key for person in people})
    )
    same = {
        (key, day)
        for key, day, slug, status in session.execute(named)
        if slug is not None and day is not None and status is ContactStatus.CONNECTED
    }
    for before, wanted in (
        (ContactStatus.CONNECTED, ContactStatus.KNOWN),
        (ContactStatus.KNOWN, ContactStatus.CONNECTED),
    ):
        ids = [
            person.id
            for person in people
            if person.status is before
            and ((person.name_key, person.connected_on) in same) is (wanted is ContactStatus.KNOWN)
        ]
        if ids:
            session.execute(
                update(Contact)
                .where(Contact.id.in_(ids))
                .values(status=wanted, updated_at=now)
                .execution_options(synchronize_session=False)
            )
    return int(people[-1].id)
