"""Contacts and birthdays that legacy rows state: made where nobody has them yet, and renamed while nobody else does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.birthdays.birthdays import put_birthdays, record_key
from linkedin_pipelines.db.legacy.resolving import Resolved, chunks, contacts_by_id, contacts_by_key, resolve
from linkedin_pipelines.db.models import BirthdayRecord, Contact, LegacyContact
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.records import StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource, ContactStatus


def place(session: Session, account_id: int, now: datetime) -> None:
    """Let everyone exist whom a legacy row is about, and every birthday that one states be a record."""
    found = resolve(session, account_id)
    names = _names(found)
    existing = contacts_by_key(session, account_id, names)
    for key in names:
        if key not in existing:
            contact = Contact(
                account_id=account_id,
                identity_key=key,
                profile_slug=None if key.startswith("name:") else key,
                full_name=names[key],
                first_name=names[key].split()[0],
                name_key=name_key(names[key]),
                status=ContactStatus.KNOWN,
                birthday_disputed=False,
                created_at=now,
                updated_at=now,
            )
            session.add(contact)
            session.flush()
            session.add(LegacyContact(account_id=account_id, contact_id=contact.id, made=True))
    _rename(session, account_id, names)
    _birthdays(session, account_id, found, now)
    session.flush()


def _names(found: list[Resolved]) -> dict[str, str]:
    """The best name for each contact that must exist, by identity key."""
    names: dict[str, str] = {}
    for one in found:
        if one.identity_key is not None and one.fact.name:
            names.setdefault(one.identity_key, one.fact.name)
    for one in found:
        if (key := one.identity_key) is not None:
            names.setdefault(key, " ".join(part.title() for part in key.split("-") if part) or key)
    return names


def _rename(session: Session, account_id: int, names: dict[str, str]) -> None:
    made = session.scalars(
        select(LegacyContact.contact_id).where(LegacyContact.account_id == account_id, LegacyContact.made)
    ).all()
    for contact in contacts_by_id(session, made).values():
        name = names.get(contact.identity_key)
        ours = contact.status is ContactStatus.KNOWN and contact.facts_as_of is None
        if name and ours and contact.full_name != name:
            contact.full_name, contact.first_name, contact.name_key = name, name.split()[0], name_key(name)


def _birthdays(session: Session, account_id: int, found: list[Resolved], now: datetime) -> None:
    """What the latest import states of each person; an earlier statement of the same file is outdated."""
    latest: dict[str, int] = {}
    for one in found:
        if one.fact.birthday and one.fact.slug:
            latest[one.fact.slug] = max(latest.get(one.fact.slug, 0), one.row.import_id)
    stated: dict[str, StatedBirthday] = {}
    for one in found:
        fact = one.fact
        if fact.birthday and fact.slug and one.row.import_id == latest[fact.slug]:
            month, day, year = fact.birthday
            written = f"{year or 0:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"
            birthday = StatedBirthday(
                line=0,
                source=BirthdaySource.LEGACY,
                name="",
                slugs=(fact.slug,),
                emails=(),
                raw=written,
                month=month,
                day=day,
                year=year,
                refusal=None,
            )
            stated[record_key(birthday)] = birthday
    query = select(BirthdayRecord.record_key, BirthdayRecord.id).where(
        BirthdayRecord.account_id == account_id, BirthdayRecord.source == BirthdaySource.LEGACY
    )
    known = {row[0]: row[1] for row in session.execute(query)}
    for some in chunks([record_id for key, record_id in known.items() if key not in stated]):
        session.execute(
            delete(BirthdayRecord).where(BirthdayRecord.id.in_(some)).execution_options(synchronize_session=False)
        )
    for new in chunks([row for key, row in stated.items() if key not in known]):
        put_birthdays(session, account_id, None, new, now)
