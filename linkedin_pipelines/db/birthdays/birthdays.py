"""Rows of stated birthdays, and the birthday that a contact gets out of them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts import aliases
from linkedin_pipelines.db.contacts.people import BATCH, Counts, other_contacts_of
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.models import BirthdayRecord, Contact
from linkedin_pipelines.domain.birthday_sources import OF_THE_SITE, Statement
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.records import StatedBirthday, entry_key
from linkedin_pipelines.domain.states import BirthdaySource, MatchRule


def record_key(row: StatedBirthday) -> str:
    """SHA-256 of who and when, as the source states it."""
    who_and_when: list[object] = [row.name, row.slugs, row.emails, row.raw, row.month, row.day, row.year]
    if row.refusal is not None and row.raw:
        who_and_when.append("refused")  # an earlier version may have read it, and statements do not change
    return hashlib.sha256(json.dumps(who_and_when, ensure_ascii=False).encode()).hexdigest()


def put_birthdays(
    session: Session,
    account_id: int,
    import_id: int | None,
    rows: Sequence[StatedBirthday],
    now: datetime,
    *,
    seen_at: datetime | None = None,
) -> Counts:
    """Store up to `BATCH` stated birthdays. One that was stated before is the same record, stated again.

    They come from the file `import_id`, or from a page that was read at `seen_at`. Refused dates are stored too, so
    that the person is still matched and shown, but counted as refused by the caller.
    """
    kept = without_forgotten(session, account_id, rows)
    by_key = {(row.source, record_key(row)): row for row in kept}
    known = {
        (source, key): record_id
        for record_id, source, key in session.execute(
            select(BirthdayRecord.id, BirthdayRecord.source, BirthdayRecord.record_key).where(
                BirthdayRecord.account_id == account_id, BirthdayRecord.record_key.in_([key for _, key in by_key])
            )
        )
        if (source, key) in by_key  # another source may state the very same
    }
    new = [
        {
            "account_id": account_id,
            "source": row.source,
            "record_key": key,
            "name": row.name,
            "name_key": name_key(row.name),
            "profile_slugs": list(row.slugs),
            "emails": list(row.emails),
            "month": row.month,
            "day": row.day,
            "year": row.year,
            "raw_date": row.raw,
            "refusal": row.refusal,
            "unmatched_reason": None,
            "first_seen_at": now,
            "seen_at": seen_at,
            "import_id": import_id,
            "entry_key": entry_key(name_key(row.name), row.slugs, row.emails),
            "other_name_keys": [name_key(other) for other in row.other_names] or None,
            "short_name_key": name_key(row.short_name) or None,
            "died": row.died or None,
        }
        for (source, key), row in by_key.items()
        if (source, key) not in known
    ]
    if new:
        session.execute(insert(BirthdayRecord), new)
    for died in (True, False):
        again = [record_id for key, record_id in known.items() if by_key[key].died is died]
        if again:
            session.execute(
                update(BirthdayRecord)
                .where(BirthdayRecord.id.in_(again))
                .values(import_id=import_id, seen_at=seen_at, died=died or None)
                .execution_options(synchronize_session=False)
            )
    readable = sum(row.refusal is None for row in kept)
    fresh = sum(row["refusal"] is None for row in new)
    forgotten = sum(row.refusal is None for row in rows) - readable
    return Counts(new=fresh, unchanged=readable - fresh, forgotten=forgotten)


def without_forgotten(session: Session, account_id: int, rows: Sequence[StatedBirthday]) -> list[StatedBirthday]:
    """The rows but for those of people who asked to be forgotten.

    A name that was theirs alone tells them too, unless what stands beside it belongs to another connection.
    """
    forgotten = known_to(session, account_id)
    if not forgotten:
        return list(rows)
    rest = [
        row for row in rows if not (any(map(forgotten.profile, row.slugs)) or any(map(forgotten.email, row.emails)))
    ]
    named = [row for row in rest if any(forgotten.name(name_key(name)) for name in (row.name, *row.other_names))]
    others = other_contacts_of(session, account_id, [(row.slugs, row.emails) for row in named])
    gone = {id(row) for row, other in zip(named, others, strict=True) if not other}
    return [row for row in rest if id(row) not in gone]


@dataclass(frozen=True, slots=True)
class RecordToMatch:
    """Who a stated birthday is of, and the contact found for it so far."""

    id: int
    source: BirthdaySource
    name: str
    name_key: str
    slugs: tuple[str, ...]
    emails: tuple[str, ...]
    contact_id: int | None
    rule: MatchRule | None
    unmatched_reason: str | None
    entry_key: str
    other_name_keys: tuple[str, ...]
    short_name_key: str | None


def records_to_match(session: Session, account_id: int, after: int) -> list[RecordToMatch]:
    """Up to `BATCH` stated birthdays of the account, refused dates too, by id, those that follow on `after`."""
    query = select(
        BirthdayRecord.id,
        BirthdayRecord.source,
        BirthdayRecord.name,
        BirthdayRecord.name_key,
        BirthdayRecord.profile_slugs,
        BirthdayRecord.emails,
        BirthdayRecord.contact_id,
        BirthdayRecord.match_rule,
        BirthdayRecord.unmatched_reason,
        func.coalesce(BirthdayRecord.entry_key, ""),
        BirthdayRecord.other_name_keys,
        BirthdayRecord.short_name_key,
    ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.id > after)
    rows = session.execute(query.order_by(BirthdayRecord.id).limit(BATCH)).all()
    return [
        RecordToMatch(*row[:4], tuple(row[4]), tuple(row[5]), *row[6:10], tuple(row[10] or ()), row[11]) for row in rows
    ]


def write_matches(session: Session, matches: Sequence[tuple[int, int | None, MatchRule | None, str | None]]) -> None:
    """Set contact, rule and reason of records, by id."""
    if matches:
        session.execute(
            update(BirthdayRecord),
            [
                {"id": record_id, "contact_id": contact_id, "match_rule": rule, "unmatched_reason": reason}
                for record_id, contact_id, rule, reason in matches
            ],
        )


@dataclass(frozen=True, slots=True)
class ContactBirthday:
    """The birthday that a contact has."""

    contact_id: int
    month: int | None
    day: int | None
    year: int | None
    source: BirthdaySource | None
    disputed: bool


def contacts_with_records(
    session: Session, account_id: int, after: int
) -> tuple[list[ContactBirthday], list[Statement], set[int]]:
    """Up to `BATCH` contacts, by id, that have a birthday or a record of one and follow on `after`.

    Returns:
        The contacts, the records of all of them, and who of them has died.
    """
    matched = select(BirthdayRecord.contact_id).where(
        BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.is_not(None)
    )
    query = select(
        Contact.id,
        Contact.birth_month,
        Contact.birth_day,
        Contact.birth_year,
        Contact.birthday_source,
        Contact.birthday_disputed,
    ).where(
        Contact.account_id == account_id,
        Contact.id > after,
        or_(Contact.birth_month.is_not(None), Contact.id.in_(matched)),
    )
    contacts = [ContactBirthday(*row) for row in session.execute(query.order_by(Contact.id).limit(BATCH))]
    ids = [contact.contact_id for contact in contacts]
    if not ids:
        return [], [], set()
    return contacts, _records_of(session, account_id, ids), died_among(session, account_id, ids)


def statements_about(session: Session, account_id: int, contact_ids: Sequence[int]) -> dict[int, list[Statement]]:
    """Every readable birthday that was stated of each of these contacts."""
    found: dict[int, list[Statement]] = defaultdict(list)
    for start in range(0, len(contact_ids), BATCH):
        for record in _records_of(session, account_id, contact_ids[start : start + BATCH]):
            found[record.contact_id].append(record)
    return dict(found)


def disputed_contacts(session: Session, account_id: int) -> list[tuple[int, str, str | None]]:
    """Number, name and slug of everybody whose sources name different days, by name."""
    query = select(Contact.id, Contact.full_name, Contact.profile_slug).where(
        Contact.account_id == account_id, Contact.birthday_disputed.is_(True)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Contact.name_key, Contact.id))]


def contacts_of_slugs(session: Session, account_id: int, slugs: Sequence[str]) -> dict[str, int]:
    """The contact of each profile slug that one has."""
    found: dict[str, int] = {}
    for start in range(0, len(slugs), BATCH):
        query = select(Contact.profile_slug, Contact.id).where(
            Contact.account_id == account_id, Contact.profile_slug.in_(slugs[start : start + BATCH])
        )
        found.update({slug: contact_id for slug, contact_id in session.execute(query) if slug is not None})
    return aliases.contacts_of(session, account_id, slugs) | found


def _records_of(session: Session, account_id: int, contact_ids: Sequence[int]) -> list[Statement]:
    """Readable statements that no later statement of the same entry took back, unreadable though it may be."""
    query = select(
        BirthdayRecord.id,
        BirthdayRecord.contact_id,
        BirthdayRecord.source,
        BirthdayRecord.name_key,
        BirthdayRecord.profile_slugs,
        BirthdayRecord.emails,
        BirthdayRecord.match_rule,
        BirthdayRecord.month,
        BirthdayRecord.day,
        BirthdayRecord.year,
        func.coalesce(BirthdayRecord.import_id, 0),
        BirthdayRecord.seen_at,
        BirthdayRecord.refusal,
    ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.in_(contact_ids))
    rows = session.execute(query.order_by(BirthdayRecord.id)).all()
    taken_back: dict[object, int] = {}
    for row in rows:
        if row[12] is not None and row[2] not in OF_THE_SITE:
            entry = (row[1], row[2], row[3], tuple(row[4]), tuple(row[5]))
            taken_back[entry] = max(taken_back.get(entry, 0), row[10])
    return [
        Statement(row[0], row[1], row[2], (row[3], tuple(row[4]), tuple(row[5])), *row[6:12])  # type: ignore[arg-type]
        for row in rows
        if row[12] is None and row[10] >= taken_back.get((row[1], row[2], row[3], tuple(row[4]), tuple(row[5])), 0)
    ]


def died_among(session: Session, account_id: int, contact_ids: Sequence[int]) -> set[int]:
    """Those contacts of whom a source says that they have died; an entry that no longer says so says nothing."""
    query = select(
        BirthdayRecord.contact_id,
        BirthdayRecord.source,
        BirthdayRecord.entry_key,
        func.coalesce(BirthdayRecord.import_id, 0),
        BirthdayRecord.died,
    ).where(BirthdayRecord.account_id == account_id, BirthdayRecord.contact_id.in_(contact_ids))
    newest: dict[object, tuple[int, bool, int | None]] = {}
    for contact_id, source, entry, import_id, died in session.execute(query):
        before = newest.get((contact_id, source, entry), (-1, False, None))
        newest[contact_id, source, entry] = max(before, (import_id, bool(died), contact_id), key=lambda each: each[:2])
    return {contact_id for _, died, contact_id in newest.values() if died and contact_id is not None}


def write_birthdays(session: Session, birthdays: Sequence[ContactBirthday], now: datetime) -> None:
    """Set the birthday of contacts, by id."""
    if birthdays:
        session.execute(
            update(Contact),
            [
                {
                    "id": born.contact_id,
                    "birth_month": born.month,
                    "birth_day": born.day,
                    "birth_year": born.year,
                    "birthday_source": born.source,
                    "birthday_disputed": born.disputed,
                    "updated_at": now,
                }
                for born in birthdays
            ],
        )
