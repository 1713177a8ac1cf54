"""Rows of imported files and of what was refused in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.models import FileImport, Interaction, RefusedRow, StopRequest
from linkedin_pipelines.domain import records
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import FileKind, InteractionOrigin

_IMPORT_LOCK = 0x4C504946
"""First key ("LPIF") of the advisory lock that lets one import of an account write at a time; then the account's id."""

INTERRUPTED_AFTER = timedelta(hours=1)
"""How long an import may take; one that began earlier and has not come to its end was interrupted."""


@dataclass(frozen=True)
class ImportedFile:
    """A file that was imported before."""

    id: int
    file_name: str
    kind: FileKind
    imported_at: datetime
    rows_read: int
    rows_refused: int


def lock_imports(session: Session, account_id: int) -> None:
    """Wait for any other step of an import of this account to end. SQLite's writing transaction is alone already.

    Claims of the same account are not held up: they take no part in this lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(:key, :account)"), {"key": _IMPORT_LOCK, "account": account_id}
        )


def find_import(session: Session, account_id: int, sha256: str, importer_version: int) -> ImportedFile | None:
    """The same content imported before, to its end, by the same version of the readers."""
    row = session.execute(
        select(
            FileImport.id,
            FileImport.file_name,
            FileImport.kind,
            FileImport.imported_at,
            FileImport.rows_read,
            FileImport.rows_refused,
        ).where(
            FileImport.account_id == account_id,
            FileImport.sha256 == sha256,
            FileImport.importer_version == importer_version,
            FileImport.complete,
        )
    ).one_or_none()
    return None if row is None else ImportedFile(*row)


def begin_import(
    session: Session,
    account_id: int,
    *,
    file_name: str,
    sha256: str,
    importer_version: int,
    kind: FileKind,
    now: datetime,
) -> int:
    """The row of a file that is about to be written, or of which an earlier attempt was interrupted; its id."""
    query = select(FileImport).where(
        FileImport.account_id == account_id,
        FileImport.sha256 == sha256,
        FileImport.importer_version == importer_version,
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        row = FileImport(account_id=account_id, sha256=sha256, importer_version=importer_version, complete=False)
        session.add(row)
    row.file_name, row.kind, row.imported_at = file_name, kind, now
    row.rows_read = row.rows_new = row.rows_changed = row.rows_unchanged = row.rows_refused = 0
    session.flush()
    return row.id


def others_unfinished(session: Session, account_id: int, import_id: int | None, now: datetime) -> bool:
    """Whether another import of the account is half written; one that began long ago was interrupted."""
    query = select(FileImport.id).where(
        FileImport.account_id == account_id,
        FileImport.complete.is_(False),
        FileImport.imported_at > now - INTERRUPTED_AFTER,
    )
    if import_id is not None:
        query = query.where(FileImport.id != import_id)
    return session.scalars(query.limit(1)).first() is not None


def finish_import(
    session: Session, import_id: int, *, read: int, new: int, changed: int, unchanged: int, refused: int
) -> None:
    """The import has come to its end; what became of the file's rows."""
    session.execute(
        update(FileImport)
        .where(FileImport.id == import_id)
        .values(
            rows_read=read,
            rows_new=new,
            rows_changed=changed,
            rows_unchanged=unchanged,
            rows_refused=refused,
            complete=True,
        )
        .execution_options(synchronize_session=False)
    )


def add_refused_rows(session: Session, account_id: int, import_id: int, rows: Sequence[records.RefusedRow]) -> None:
    """Keep the rows that were not taken; of people who asked to be forgotten, where and why, but no words."""
    if rows:
        forgotten = known_to(session, account_id)
        session.execute(
            insert(RefusedRow),
            [
                {
                    "import_id": import_id,
                    "member_file": forgotten.masked(row.member_file),
                    "line": row.line,
                    "reason": forgotten.masked(row.reason),
                    "excerpt": forgotten.masked(row.excerpt),
                }
                for row in rows
            ],
        )


def refused_rows(session: Session, import_id: int, limit: int) -> list[records.RefusedRow]:
    """The first refused rows of a file, by line."""
    query = select(RefusedRow.member_file, RefusedRow.line, RefusedRow.reason, RefusedRow.excerpt)
    query = query.where(RefusedRow.import_id == import_id).order_by(RefusedRow.line, RefusedRow.id).limit(limit)
    return [records.RefusedRow(*row) for row in session.execute(query)]


def count_by_hand(session: Session, account_id: int) -> int:
    """How many occasions are occupied by wishes that the member sent by hand."""
    return (
        session.scalar(
            select(func.count()).where(
                Interaction.account_id == account_id,
                Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
                Interaction.origin == InteractionOrigin.BY_HAND,
            )
        )
        or 0
    )


def count_stop_requests(session: Session, account_id: int) -> int:
    """How many people asked for no more messages, decided or not."""
    return (
        session.scalar(
            select(func.count(StopRequest.contact_id.distinct())).where(StopRequest.account_id == account_id)
        )
        or 0
    )
