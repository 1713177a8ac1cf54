"""What came in from files and sources: a row a file, and every row that was refused, with the reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Growing
from linkedin_pipelines.db.models.base import AccountRef, Base, Id, Name, Sentence
from linkedin_pipelines.domain.states import FileKind, SourceKind


class FileImport(Base):
    """One imported file. The same content imported again by the same version of the importers is the same row."""

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("account_id", "sha256", "importer_version"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    importer_version: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(Growing(FileKind))
    imported_at: Mapped[datetime]
    rows_read: Mapped[int]
    rows_new: Mapped[int]
    rows_changed: Mapped[int]
    rows_unchanged: Mapped[int]
    rows_refused: Mapped[int]
    complete: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Written to its end, with everything that follows from it; else it is being written, or was interrupted."""


class RefusedRow(Base):
    """A row that was not taken, kept so that nothing of a member's file is lost without a word."""

    __tablename__ = "refused_rows"
    __table_args__ = (Index("idx_refused_row_import", "import_id", "line"),)

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    member_file: Mapped[Name]
    """Name inside the archive, or of the file itself."""
    line: Mapped[int]
    """1-based line of the file on which the row starts."""
    reason: Mapped[Sentence]
    excerpt: Mapped[Sentence]


class Source(Base):
    """One of them. The password or token is sealed; it is never logged and in no payload."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    name: Mapped[str] = mapped_column(String(48))
    kind: Mapped[SourceKind] = mapped_column(Growing(SourceKind))
    url: Mapped[str] = mapped_column(String(1000))
    username: Mapped[str] = mapped_column(String(320))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    synced_at: Mapped[datetime | None]
    """When it was read to its end last."""
    failure: Mapped[Sentence | None]
    """Why it could not be read the last time; None where it could."""
