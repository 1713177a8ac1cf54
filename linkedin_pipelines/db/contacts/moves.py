"""People whose profile address changed: one person stays one contact, and what the member decided about them stays.

An export names a person by address. Where one address is new in it and another is missing, and both have the same name
and day of connection, it is one person who moved: the contact keeps its row and takes the new address, and the old one
stays as an alias. Where it may be so, and the one who is missing is not to be written to, the mark is carried over to
the new contact, and the member is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import stop_requests
from linkedin_pipelines.db.contacts.aliases import add_alias
from linkedin_pipelines.db.models import Contact, HandSentWish, StopRequest
from linkedin_pipelines.domain.states import ContactStatus

CARRIED = "Carried over from "
"""How the reason of a mark begins that another contact's mark is behind."""

_FACTS = ("full_name", "first_name", "name_key", "email", "company", "position", "connected_on", "facts_as_of")


def follow(session: Session, account_id: int, stored: Collection[str], shown: Container[str], now: datetime) -> int:
    """Join people who moved, among the up to `BATCH` addresses that were `stored` in this very transaction.

    `shown` are all addresses of the export; who is among them has not moved. How many moved for certain.
    """
    query = select(Contact).where(
        Contact.account_id == account_id,
        Contact.profile_slug.in_(list(stored)),
        Contact.created_at == now,
        Contact.status == ContactStatus.CONNECTED,
    )
    fresh = session.scalars(query.order_by(Contact.id)).all()
    if not fresh:
        return 0
    moved = 0
    earlier = _missing(session, account_id, {one.name_key for one in fresh}, shown, now)
    rivals = Counter((one.name_key, one.connected_on) for one in fresh)
    for one in fresh:
        namesakes = earlier.get(one.name_key, [])
        same = [other for other in namesakes if other.connected_on == one.connected_on is not None]
        if len(same) == 1 and rivals[one.name_key, one.connected_on] == 1:
            _join(session, same[0], one, now)
            moved += 1
        else:
            _carry_marks(session, namesakes, one, now)
    return moved


def _missing(
    session: Session, account_id: int, name_keys: Collection[str], shown: Container[str], now: datetime
) -> dict[str, list[Contact]]:
    """Connections known before, by name, that the export does not show under their address."""
    found: dict[str, list[Contact]] = defaultdict(list)
    query = select(Contact).where(
        Contact.account_id == account_id, Contact.name_key.in_(list(name_keys)), Contact.profile_slug.is_not(None)
    )
    for one in session.scalars(query.order_by(Contact.id)):
        known = one.created_at < now and one.profile_slug is not None and one.status is ContactStatus.CONNECTED
        if known and one.profile_slug not in shown:
            found[one.name_key].append(one)
    return found


def _join(session: Session, known: Contact, fresh: Contact, now: datetime) -> None:
    """Let `fresh`, stored a moment ago, be the contact that was known before."""
    for table, moment in ((HandSentWish, HandSentWish.sent_at), (StopRequest, StopRequest.said_at)):
        theirs = select(moment).where(table.contact_id == known.id)
        session.execute(delete(table).where(table.contact_id == fresh.id, moment.in_(theirs.scalar_subquery())))
        session.execute(update(table).where(table.contact_id == fresh.id).values(contact_id=known.id))
    old, new = known.profile_slug, fresh.profile_slug
    assert old is not None
    assert new is not None
    newer = known.facts_as_of is None or (fresh.facts_as_of is not None and fresh.facts_as_of >= known.facts_as_of)
    facts = {name: getattr(fresh, name) for name in _FACTS}
    session.delete(fresh)
    session.flush()
    if newer:
        for name, value in facts.items():
            setattr(known, name, value)
        known.profile_slug = known.identity_key = new
    known.updated_at = now
    session.flush()
    add_alias(session, known.account_id, known.id, old if newer else new, now)


def _carry_marks(session: Session, namesakes: Sequence[Contact], fresh: Contact, now: datetime) -> None:
    """Hold back who may be somebody that is not to be written to, and ask the member."""
    for other in namesakes:
        asked = session.scalars(
            select(StopRequest.excerpt).where(StopRequest.contact_id == other.id, StopRequest.accepted.is_not(False))
        ).first()
        reason = other.do_not_contact_reason or asked
        if reason is None:
            continue
        where = f"{CARRIED}/in/{other.profile_slug}, which this export no longer shows: {reason}"[:1000]
        if other.do_not_contact_since is not None:
            fresh.do_not_contact_since, fresh.do_not_contact_reason = now, where
        stop_requests.propose(session, fresh.account_id, fresh.id, now, where)
        return
