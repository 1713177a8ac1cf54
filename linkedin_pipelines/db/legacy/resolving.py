"""Whom each stated row is about, as far as contacts are known now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts.people import BATCH, connected_by
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.models import Contact, LegacyRow
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.legacy.facts import Fact

T = TypeVar("T")


@dataclass(frozen=True)
class Resolved:
    """One row with its fact and whom it is about."""

    row: LegacyRow
    fact: Fact
    identity_key: str | None
    """Of a contact that must exist for it; None where `contact_id` or `namesakes` tell."""
    contact_id: int | None
    """The one connection of that name."""
    namesakes: tuple[int, ...] = ()
    """All connections of a name that several bear."""

    @property
    def is_by_name(self) -> bool:
        """Whether a name alone tells the person."""
        return self.fact.slug is None


def resolve(session: Session, account_id: int) -> list[Resolved]:
    """Every row that states something, the earliest import first. Rows of forgotten people are emptied here."""
    query = select(LegacyRow).where(LegacyRow.account_id == account_id, LegacyRow.fact.is_not(None))
    rows = [(row, Fact.from_json(row.fact)) for row in session.scalars(query.order_by(LegacyRow.id)) if row.fact]
    keys = sorted({name_key(fact.name) for _, fact in rows if fact.slug is None and fact.name})
    connected: dict[str, list[int]] = {}
    for some in chunks(keys):
        connected |= connected_by(session, account_id, "name_key", some)
    forgotten = known_to(session, account_id)
    found = []
    for row, fact in rows:
        key = name_key(fact.name or "")
        namesakes = tuple(connected.get(key, ())) if fact.slug is None else ()
        if forgotten.profile(fact.slug) or (fact.slug is None and not namesakes and forgotten.name(key)):
            row.fact, row.outcome, row.why, row.contact_id = None, "refused", "forgotten", None
            continue
        if fact.slug is not None:
            found.append(Resolved(row, fact, fact.slug, None))
        elif len(namesakes) == 1 and not forgotten.shares_name(key):
            found.append(Resolved(row, fact, None, namesakes[0]))
        else:
            needless = bool(namesakes) and fact.blocked is not None
            found.append(Resolved(row, fact, None if needless else f"name:{key}"[:410], None, namesakes))
    session.flush()
    return found


def contacts_by_key(session: Session, account_id: int, keys: Iterable[str]) -> dict[str, Contact]:
    """Contacts by identity key."""
    found: dict[str, Contact] = {}
    for some in chunks(sorted(set(keys))):
        query = select(Contact).where(Contact.account_id == account_id, Contact.identity_key.in_(some))
        found.update({contact.identity_key: contact for contact in session.scalars(query)})
    return found


def contacts_by_id(session: Session, ids: Iterable[int]) -> dict[int, Contact]:
    """Contacts by id, as the database has them now."""
    found: dict[int, Contact] = {}
    for some in chunks(sorted(set(ids))):
        query = select(Contact).where(Contact.id.in_(some)).execution_options(populate_existing=True)
        found.update({contact.id: contact for contact in session.scalars(query)})
    return found


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Runs of at most `BATCH`."""
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
