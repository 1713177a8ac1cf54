"""What came in from files: one row a file, and every row of a file that was refused, with the reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import AccountRef, Base, Id, Name, Sentence
from linkedin_pipelines.db.types import enumerated
from linkedin_pipelines.domain.states import FileKind


class FileImport(Base):
    """One imported file. The same content imported again by the same version of the importers is the same row."""

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("account_id", "sha256", "importer_version"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    importer_version: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(enumerated(FileKind, "kind"))
    imported_at: Mapped[datetime]
    rows_read: Mapped[int]
    rows_new: Mapped[int]
    rows_changed: Mapped[int]
    rows_unchanged: Mapped[int]
    rows_refused: Mapped[int]


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
