"""Rows of people: put in from exports, known from messages, found for a birthday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from linkedin_pipelines.db.forgotten import known_to
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.contact_facts import ContactFacts
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.records import ConnectionRow
from linkedin_pipelines.domain.states import BirthdaySource, ContactStatus

BATCH = 500
"""Rows looked up or written with one statement; well below SQLite's limit on parameters."""


@dataclass
class Counts:
    """What became of rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    forgotten: int = 0
    """Rows of people who asked to be forgotten; nothing of them is kept."""

    def add(self, other: Counts) -> None:
        """Count what became of more rows."""
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.forgotten += other.forgotten


def identity_key(row: ConnectionRow) -> str:
    """The slug, or the name where the file gave no address."""
    return row.slug if row.slug is not None else f"name:{name_key(row.full_name)}"


def put_connections(
    session: Session, account_id: int, rows: Sequence[ConnectionRow], as_of: date, now: datetime
) -> Counts:
    """Store up to `BATCH` connections of one export. A repeated person counts as unchanged the second time."""
    forgotten = known_to(session, account_id)
    kept = [row for row in rows if not forgotten.connection(row.slug, row.email, row.full_name, row.connected_on)]
    best: dict[str, tuple[ContactFacts, str | None]] = {}
    for row in kept:
        facts = ContactFacts(
            as_of, row.first_name, row.full_name, row.email, row.company, row.position, row.connected_on
        )
        key = identity_key(row)
        if key not in best or facts.rank > best[key][0].rank:
            best[key] = (facts, row.slug)
    stored = _stored(session, account_id, best)
    new: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    counts = Counts()
    for key, (facts, slug) in best.items():
        if key not in stored:
            new.append(
                {"account_id": account_id, "identity_key": key, "profile_slug": slug, "created_at": now}
                | {"birthday_disputed": False}
                | _values(facts, now)
            )
            continue
        contact_id, status, known = stored[key]
        if facts.rank > known.rank:
            written.append({"id": contact_id} | _values(facts, now))
            counts.changed += status is not ContactStatus.CONNECTED or not facts.says_the_same(known)
    if new:
        session.execute(insert(Contact), new)
    if written:
        session.execute(update(Contact), written)
    counts.new = len(new)
    counts.unchanged = len(kept) - counts.new - counts.changed
    counts.forgotten = len(rows) - len(kept)
    return counts


def _stored(
    session: Session, account_id: int, keys: Iterable[str]
) -> dict[str, tuple[int, ContactStatus, ContactFacts]]:
    query = select(
        Contact.identity_key,
        Contact.id,
        Contact.status,
        Contact.facts_as_of,
        Contact.first_name,
        Contact.full_name,
        Contact.email,
        Contact.company,
        Contact.position,
        Contact.connected_on,
    ).where(Contact.account_id == account_id, Contact.identity_key.in_(list(keys)))
    return {
        key: (contact_id, status, ContactFacts(*facts)) for key, contact_id, status, *facts in session.execute(query)
    }


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


def settle_people_without_address(session: Session, account_id: int, now: datetime) -> None:
    """Let people without a profile address count only while no other row is the same person.

    Exports before mid-2023 had no addresses. A row with the same name and the same day of connection, and an address,
    is the same person; counting both would make every such name ambiguous. The row itself stays, as `known`, so that
    the outcome is the same whichever of the two files came first.
    """
    other = aliased(Contact)
    same_person = (
        select(other.id)
        .where(
            other.account_id == Contact.account_id,
            other.name_key == Contact.name_key,
            other.connected_on == Contact.connected_on,
            other.profile_slug.is_not(None),
            other.status == ContactStatus.CONNECTED,
        )
        .exists()
    )
    wanted = case((same_person, ContactStatus.KNOWN.value), else_=ContactStatus.CONNECTED.value)
    session.execute(
        update(Contact)
        .where(
            Contact.account_id == account_id,
            Contact.profile_slug.is_(None),
            Contact.status.in_([ContactStatus.CONNECTED, ContactStatus.KNOWN]),
            case((Contact.status == ContactStatus.CONNECTED, same_person), else_=~same_person),
        )
        .values(status=wanted, updated_at=now)
        .execution_options(synchronize_session=False)
    )


def ensure_people(session: Session, account_id: int, names: Mapping[str, str], now: datetime) -> dict[str, int]:
    """The ids of up to `BATCH` people by slug; those that no export showed yet are made, as `known`, under `names`.

    Who asked to be forgotten is not made again, and has no id.
    """
    forgotten = known_to(session, account_id)
    names = {slug: name for slug, name in names.items() if not forgotten.profile(slug)}
    ids = _ids_by_slug(session, account_id, names)
    new = [
        {
            "account_id": account_id,
            "identity_key": slug,
            "profile_slug": slug,
            "full_name": name,
            "first_name": name.split()[0],
            "name_key": name_key(name),
            "status": ContactStatus.KNOWN,
            "birthday_disputed": False,
            "created_at": now,
            "updated_at": now,
        }
        for slug, name in names.items()
        if slug not in ids
    ]
    if not new:
        return ids
    session.execute(insert(Contact), new)
    return ids | _ids_by_slug(session, account_id, [str(row["profile_slug"]) for row in new])


def _ids_by_slug(session: Session, account_id: int, slugs: Iterable[str]) -> dict[str, int]:
    query = select(Contact.identity_key, Contact.id)
    rows = session.execute(query.where(Contact.account_id == account_id, Contact.identity_key.in_(list(slugs))))
    return {key: contact_id for key, contact_id in rows if not key.startswith("name:")}


def connected_by(session: Session, account_id: int, what: str, values: Iterable[str]) -> dict[str, list[int]]:
    """Ids of connected people by `profile_slug`, `email` or `name_key`, for up to `BATCH` values."""
    column = {"profile_slug": Contact.profile_slug, "email": Contact.email, "name_key": Contact.name_key}[what]
    query = select(column, Contact.id).where(
        Contact.account_id == account_id, Contact.status == ContactStatus.CONNECTED, column.in_(list(values))
    )
    found: dict[str, list[int]] = {}
    for value, contact_id in session.execute(query.order_by(Contact.id)):
        found.setdefault(str(value), []).append(contact_id)
    return found


def somebody_elses(
    session: Session, account_id: int, known_by: Sequence[tuple[Iterable[str], Iterable[str]]]
) -> list[bool]:
    """Whether profile slugs or e-mail addresses that came with a forgotten name are those of another connection."""
    slugs = {slug for some, _ in known_by for slug in some}
    emails = {email for _, some in known_by for email in some}
    by_slug = connected_by(session, account_id, "profile_slug", slugs) if slugs else {}
    by_email = connected_by(session, account_id, "email", emails) if emails else {}
    return [any(slug in by_slug for slug in own) or any(mail in by_email for mail in mails) for own, mails in known_by]


def count_connected(
    session: Session, account_id: int, *, older_than: date | None = None, without_address: bool = False
) -> int:
    """How many people are connected; with `older_than`, those that no export of that day or later shows."""
    query = select(func.count()).where(Contact.account_id == account_id, Contact.status == ContactStatus.CONNECTED)
    if older_than is not None:
        query = query.where(Contact.facts_as_of < older_than)
    if without_address:
        query = query.where(Contact.profile_slug.is_(None))
    return session.scalar(query) or 0


def count_birthdays(session: Session, account_id: int, *, disputed: bool = False) -> int:
    """How many connected people have a birthday; with `disputed`, one that two sources do not agree on."""
    query = select(func.count()).where(
        Contact.account_id == account_id,
        Contact.status == ContactStatus.CONNECTED,
        Contact.birth_month.is_not(None),
    )
    if disputed:
        query = query.where(Contact.birthday_disputed)
    return session.scalar(query) or 0


def newest_facts(session: Session, account_id: int) -> date | None:
    """Day of the newest export whose connections were imported."""
    return session.scalar(select(func.max(Contact.facts_as_of)).where(Contact.account_id == account_id))


@dataclass(frozen=True)
class PersonWithBirthday:
    """A connected person whose birthday is known."""

    contact_id: int
    identity_key: str
    profile_slug: str | None
    full_name: str
    month: int
    day: int
    year: int | None
    source: BirthdaySource
    disputed: bool


def people_with_birthday(session: Session, account_id: int) -> list[PersonWithBirthday]:
    """Every connected person whose birthday is known, in the order of the year, then by name."""
    query = (
        select(
            Contact.id,
            Contact.identity_key,
            Contact.profile_slug,
            Contact.full_name,
            Contact.birth_month,
            Contact.birth_day,
            Contact.birth_year,
            Contact.birthday_source,
            Contact.birthday_disputed,
        )
        .where(
            and_(
                Contact.account_id == account_id,
                Contact.status == ContactStatus.CONNECTED,
                Contact.birth_month.is_not(None),
            )
        )
        .order_by(Contact.birth_month, Contact.birth_day, Contact.name_key, Contact.id)
    )
    return [PersonWithBirthday(*row) for row in session.execute(query)]  # type: ignore[arg-type]
    # the query asks for rows whose birthday is not null, which their column types cannot say
