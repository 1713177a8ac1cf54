"""Rows of people: known from messages, found for a birthday, counted. What exports say: `connections`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import aliases
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.identity import name_key
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


def ensure_people(session: Session, account_id: int, names: Mapping[str, str], now: datetime) -> dict[str, int]:
    """The ids of people by slug; those that no export showed yet are made, as `known`, under `names`.

    Who asked to be forgotten is not made again, and has no id.
    """
    forgotten = known_to(session, account_id)
    wanted = [(slug, name) for slug, name in names.items() if not forgotten.profile(slug)]
    ids: dict[str, int] = {}
    for start in range(0, len(wanted), BATCH):
        ids |= _ensured(session, account_id, dict(wanted[start : start + BATCH]), now)
    return ids


def _ensured(session: Session, account_id: int, names: Mapping[str, str], now: datetime) -> dict[str, int]:
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


def _ids_by_slug(session: Session, account_id: int, slugs: Collection[str]) -> dict[str, int]:
    query = select(Contact.identity_key, Contact.id)
    rows = session.execute(query.where(Contact.account_id == account_id, Contact.identity_key.in_(list(slugs))))
    found = {key: contact_id for key, contact_id in rows if not key.startswith("name:")}
    return aliases.contacts_of(session, account_id, slugs) | found


def connected_by(session: Session, account_id: int, what: str, values: Iterable[str]) -> dict[str, list[int]]:
    """Ids of connected people by `profile_slug`, `email` or `name_key`, for up to `BATCH` values."""
    found = people_by(session, account_id, what, values)
    return {value: [person.id for person in people] for value, people in found.items()}


@dataclass(frozen=True, slots=True)
class ConnectedPerson:
    """What matching needs to know of a connection."""

    id: int
    name_key: str
    full_name: str
    profile_slug: str | None


def people_by(session: Session, account_id: int, what: str, values: Iterable[str]) -> dict[str, list[ConnectedPerson]]:
    """Connected people by `profile_slug`, `email` or `name_key`."""
    column = {"profile_slug": Contact.profile_slug, "email": Contact.email, "name_key": Contact.name_key}[what]
    found: dict[str, list[ConnectedPerson]] = {}
    wanted = list(values)
    for start in range(0, len(wanted), BATCH):
        # The status is compared here: a planner without statistics would walk the index of it instead of the names'.
        query = select(
            column, Contact.status, Contact.id, Contact.name_key, Contact.full_name, Contact.profile_slug
        ).where(Contact.account_id == account_id, column.in_(wanted[start : start + BATCH]))
        for value, status, contact_id, key, name, slug in session.execute(query.order_by(Contact.id)):
            if status is ContactStatus.CONNECTED:
                found.setdefault(str(value), []).append(ConnectedPerson(contact_id, key, name, slug))
    if what == "profile_slug":
        _add_by_former_address(session, account_id, wanted, found)
    return found


def _add_by_former_address(
    session: Session, account_id: int, slugs: Sequence[str], found: dict[str, list[ConnectedPerson]]
) -> None:
    former = {s: one for s, one in aliases.contacts_of(session, account_id, slugs).items() if s not in found}
    if not former:
        return
    query = select(Contact.id, Contact.name_key, Contact.full_name, Contact.profile_slug).where(
        Contact.id.in_(set(former.values())), Contact.status == ContactStatus.CONNECTED
    )
    people = {row[0]: ConnectedPerson(*row) for row in session.execute(query)}
    found.update({slug: [people[one]] for slug, one in former.items() if one in people})


def people_with_initials(session: Session, account_id: int) -> Iterator[ConnectedPerson]:
    """Connected people whose name has an initial in its middle."""
    query = select(Contact.id, Contact.name_key, Contact.full_name, Contact.profile_slug).where(
        Contact.account_id == account_id,
        Contact.status == ContactStatus.CONNECTED,
        or_(Contact.name_key.like("% _ %"), Contact.name_key.like("% _. %")),
    )
    for person in session.execute(query.execution_options(yield_per=BATCH)):
        yield ConnectedPerson(*person)


def everyone_connected(session: Session, account_id: int) -> Iterator[ConnectedPerson]:
    """All connected people."""
    query = select(Contact.id, Contact.name_key, Contact.full_name, Contact.profile_slug).where(
        Contact.account_id == account_id, Contact.status == ContactStatus.CONNECTED
    )
    for person in session.execute(query.execution_options(yield_per=BATCH)):
        yield ConnectedPerson(*person)


def ids_by_key(session: Session, account_id: int, keys: Iterable[str]) -> dict[str, int]:
    """The ids of connected people by their identity key: the slug, or `name:<name key>`."""
    query = select(Contact.identity_key, Contact.id, Contact.status).where(
        Contact.account_id == account_id, Contact.identity_key.in_(list(keys))
    )
    return {key: contact_id for key, contact_id, status in session.execute(query) if status is ContactStatus.CONNECTED}


def other_contacts_of(
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
