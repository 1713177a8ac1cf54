"""Imported databases of the reference product: put in, counted, and undone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.legacy import events, ledger_rows
from linkedin_pipelines.db.legacy.resolving import chunks
from linkedin_pipelines.db.models import Account, Contact, Interaction, LegacyImport, LegacyRow, OccasionHold
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.legacy.facts import Fact
from linkedin_pipelines.domain.states import InteractionStatus

_COUNTED_TABLES = {"contacts": Contact.id, "interactions": Interaction.id}
SETTLE_FIRST = "the product used before noted failed greetings, which may have gone out"


@dataclass(frozen=True)
class ImportedDatabase:
    """A database that was imported before."""

    id: int
    file_name: str
    schema: str
    zone: str
    imported_at: datetime
    counts: dict[str, Any]
    checksum: str


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row."""

    table: str
    row_id: str
    outcome: str
    why: str | None
    into: str | None
    notes: tuple[str, ...]
    contact: str | None
    """Identity key."""
    status: str | None
    """Of the ledger's row that stands for it, else as stated."""
    year: int | None
    in_ledger: bool
    fact: Fact | None
    do_not_contact: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hold:
    """A birthday that waits for the member."""

    id: int
    contact_id: int
    full_name: str
    slug: str | None
    occurrence_year: int
    explanation: str
    decision: str | None


def find(session: Session, account_id: int, sha256: str) -> ImportedDatabase | None:
    """The same content imported before, under whatever zone."""
    query = select(LegacyImport).where(LegacyImport.account_id == account_id, LegacyImport.sha256 == sha256)
    row = session.scalars(query.limit(1)).one_or_none()
    return None if row is None else _imported(row)


def all_imports(session: Session, account_id: int) -> list[ImportedDatabase]:
    """Every imported database of the account, oldest first."""
    query = select(LegacyImport).where(LegacyImport.account_id == account_id).order_by(LegacyImport.id)
    return [_imported(row) for row in session.scalars(query)]


def _imported(row: LegacyImport) -> ImportedDatabase:
    return ImportedDatabase(row.id, row.file_name, row.schema, row.zone, row.imported_at, row.counts, row.checksum)


def add(
    session: Session, account_id: int, *, file_name: str, sha256: str, schema: str, zone: str, now: datetime
) -> int:
    """A new import, together with what the database looks like before it; its id."""
    before: dict[str, Any] = {
        "updated_at": {
            str(contact_id): moment.isoformat()
            for contact_id, moment in session.execute(
                select(Contact.id, Contact.updated_at).where(Contact.account_id == account_id)
            )
        },
        "sequences": _sequences(session),
        "settle_first": False,
    }
    row = LegacyImport(
        account_id=account_id,
        file_name=file_name,
        sha256=sha256,
        schema=schema,
        zone=zone,
        imported_at=now,
        counts={},
        checksum="",
        before=before,
    )
    session.add(row)
    session.flush()
    return row.id


def add_rows(
    session: Session,
    account_id: int,
    import_id: int,
    facts: Sequence[Fact],
    refused: Sequence[tuple[str, str, str, str]],
) -> None:
    """Keep what every row stated; of refused ones (table, id, outcome, class of reason) nothing but that."""
    shared = {"account_id": account_id, "import_id": import_id}
    new = [
        shared
        | {"table_name": fact.table, "row_id": fact.row_id[:64], "digest": fact.digest, "fact": fact.to_json()}
        | {"outcome": "imported", "why": None, "notes": list(fact.notes)}
        for fact in facts
    ] + [
        shared
        | {"table_name": table, "row_id": row_id[:64], "digest": "", "fact": None}
        | {"outcome": outcome, "why": why, "notes": []}
        for table, row_id, outcome, why in refused
    ]
    for some in chunks(new):
        session.execute(insert(LegacyRow), some)


def checksum(session: Session, import_id: int) -> tuple[int, str]:
    """How many rows of an import the database holds, and the SHA-256 over what they stated."""
    query = select(LegacyRow.table_name, LegacyRow.row_id, LegacyRow.digest).where(LegacyRow.import_id == import_id)
    return checksum_of([(table, row_id, digest) for table, row_id, digest in session.execute(query)])


def checksum_of(rows: Sequence[tuple[str, str, str]]) -> tuple[int, str]:
    """The same over rows (table, id, digest) in any order."""
    lines = "\n".join("|".join(row) for row in sorted(rows))
    return len(rows), hashlib.sha256(lines.encode()).hexdigest()


def finish(session: Session, account_id: int, import_id: int, counts: dict[str, Any], digest: str) -> None:
    """Note counts and checksum, and keep of the earlier state only what the import changed."""
    row = session.get_one(LegacyImport, import_id)
    row.counts, row.checksum = counts, digest
    now = {
        str(contact_id): moment.isoformat()
        for contact_id, moment in session.execute(
            select(Contact.id, Contact.updated_at).where(Contact.account_id == account_id)
        )
    }
    changed = {key: value for key, value in row.before["updated_at"].items() if now.get(key) != value}
    row.before = row.before | {"updated_at": changed, "settle_first": _settle_first(session, account_id, row)}
    session.flush()


def _settle_first(session: Session, account_id: int, row: LegacyImport) -> bool:
    """Put the account into "settle first" where the import brought failures that prove nothing."""
    failed = session.scalar(
        select(func.count())
        .select_from(LegacyRow)
        .join(Interaction, Interaction.id == LegacyRow.interaction_id)
        .where(
            LegacyRow.import_id == row.id,
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.status == InteractionStatus.FAILED,
        )
    )
    account = session.get_one(Account, account_id, populate_existing=True)
    if not failed or account.settle_first_reason is not None:
        return False
    account.settle_first_since, account.settle_first_reason = row.imported_at, SETTLE_FIRST
    return True


def outcomes(session: Session, import_id: int) -> list[RowOutcome]:
    """What became of every row of an import."""
    query = (
        select(LegacyRow, Contact.identity_key, Interaction.status)
        .outerjoin(Contact, Contact.id == LegacyRow.contact_id)
        .outerjoin(Interaction, Interaction.id == LegacyRow.interaction_id)
        .where(LegacyRow.import_id == import_id)
        .order_by(LegacyRow.id)
    )
    found = []
    for row, key, status in session.execute(query):
        fact = Fact.from_json(row.fact) if row.fact else None
        stated = fact.event.status.value if fact is not None and fact.event is not None else None
        found.append(
            RowOutcome(
                row.table_name,
                row.row_id,
                row.outcome,
                row.why,
                row.into_row,
                tuple(row.notes),
                key,
                status.value if status is not None else stated,
                row.occurrence_year,
                status is not None,
                fact,
            )
        )
    return found


def restore(session: Session, account_id: int, import_id: int) -> dict[str, Any] | None:
    """Take an import's rows and their ledger rows back; what it changed elsewhere, or None without such an import."""
    row = session.get(LegacyImport, import_id)
    if row is None or row.account_id != account_id:
        return None
    before = dict(row.before) | {"imported_at": row.imported_at}
    ledger_rows.remove(session, events.links_of(session, import_id))
    session.execute(delete(LegacyRow).where(LegacyRow.import_id == import_id))
    session.delete(row)
    session.flush()
    session.expire_all()
    before["stamped"] = {
        contact_id
        for contact_id, moment in session.execute(
            select(Contact.id, Contact.updated_at).where(Contact.account_id == account_id)
        )
        if moment == row_moment(before)
    }
    return before


def row_moment(before: dict[str, Any]) -> datetime:
    """The moment of the import that was undone."""
    moment = before["imported_at"]
    assert isinstance(moment, datetime)
    return moment


def give_back(session: Session, account_id: int, before: dict[str, Any]) -> None:
    """After contacts were derived again: the stamps and numbers that the import had changed."""
    session.flush()
    for key, moment in before["updated_at"].items():
        if int(key) in before["stamped"]:
            session.execute(
                update(Contact)
                .where(Contact.id == int(key), Contact.account_id == account_id)
                .values(updated_at=datetime.fromisoformat(moment))
                .execution_options(synchronize_session=False)
            )
    account = session.get_one(Account, account_id, populate_existing=True)
    if before["settle_first"] and account.settle_first_reason == SETTLE_FIRST:
        account.settle_first_since = account.settle_first_reason = None
    session.flush()
    _reset_sequences(session, before["sequences"])


def _sequences(session: Session) -> dict[str, int | None]:
    """The highest number that SQLite ever gave out, by table; Postgres' sequences take no part in transactions."""
    if session.get_bind().dialect.name != "sqlite":
        return {}
    rows: dict[str, int] = {row[0]: row[1] for row in session.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    return {name: rows.get(name) for name in _COUNTED_TABLES}


def _reset_sequences(session: Session, sequences: dict[str, int | None]) -> None:
    """Set numbers back where all rows that were numbered since are gone again."""
    for name, seq in sequences.items():
        highest = session.scalar(select(func.max(_COUNTED_TABLES[name]))) or 0
        if highest > (seq or 0):
            continue
        if seq is None:
            session.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        else:
            session.execute(
                text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name"), {"name": name, "seq": seq}
            )


def blocked_by(session: Session, account_id: int) -> dict[str, list[str]]:
    """Identity keys of contacts on do-not-contact, by name key and by identity key."""
    query = select(Contact.name_key, Contact.identity_key).where(
        Contact.account_id == account_id, Contact.do_not_contact_since.is_not(None)
    )
    found: dict[str, list[str]] = {}
    for name, key in session.execute(query.order_by(Contact.id)):
        found.setdefault(f"name={name}", []).append(key)
        found.setdefault(f"key={key}", []).append(key)
    return found


def holds(session: Session, account_id: int) -> list[Hold]:
    """Every held birthday, decided ones too."""
    query = (
        select(OccasionHold, Contact.full_name, Contact.profile_slug)
        .join(Contact, Contact.id == OccasionHold.contact_id)
        .where(OccasionHold.account_id == account_id)
        .order_by(OccasionHold.id)
    )
    return [
        Hold(row.id, row.contact_id, name, slug, row.occurrence_year, row.explanation, row.decision)
        for row, name, slug in session.execute(query)
    ]


def decide(session: Session, account_id: int, hold_id: int, decision: str, now: datetime) -> bool:
    """Note the member's word on a hold; False if the account has no such hold."""
    row = session.get(OccasionHold, hold_id)
    if row is None or row.account_id != account_id:
        return False
    row.decision, row.decided_at = decision, now
    return True
