"""What databases of the reference product stated, row by row, and what hangs on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import AccountRef, Base, Id, Name, Sentence, contact_of_account

_JSON = JSON(none_as_null=True)


class LegacyImport(Base):
    """One imported database, with all that its undoing needs."""

    __tablename__ = "legacy_imports"
    __table_args__ = (UniqueConstraint("account_id", "sha256", "zone"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file and its log."""
    schema: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(64))
    """Zone that times without one were read in."""
    imported_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By table: rows, and what became of them."""
    checksum: Mapped[str] = mapped_column(String(64))
    """SHA-256 over table, id and digest of all rows that were kept."""
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the import changed on rows that others made, as it was."""


class LegacyRow(Base):
    """What one row stated. Contacts and ledger are derived from it, again after every import of any kind."""

    __tablename__ = "legacy_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "table_name", "row_id"),
        contact_of_account(),
        Index("idx_legacy_row_account", "account_id"),
        Index("idx_legacy_row_contact", "contact_id"),
        Index(
            "idx_legacy_row_repeat",
            *("account_id", "repeat_at"),
            sqlite_where=text("repeat_at IS NOT NULL"),
            postgresql_where=text("repeat_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    import_id: Mapped[int] = mapped_column(ForeignKey("legacy_imports.id"))
    table_name: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    fact: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    """None where the row was refused."""
    outcome: Mapped[str] = mapped_column(String(20))
    """imported, merged, refused, kept_out or covered."""
    why: Mapped[str | None] = mapped_column(String(40))
    into_row: Mapped[str | None] = mapped_column(String(140))
    notes: Mapped[list[str]] = mapped_column(JSON)
    contact_id: Mapped[int | None]
    interaction_id: Mapped[int | None]
    """The row of the ledger that stands for it."""
    derived_status: Mapped[str | None] = mapped_column(String(32))
    """Status it was given; where the ledger has another, the member decided."""
    occurrence_year: Mapped[int | None]
    repeat_at: Mapped[datetime | None]
    """Moment of a repeated greeting: it occupies nothing, and was sent all the same."""
    repeat_day: Mapped[date | None]


class LegacyContact(Base):
    """What was derived for a contact: that it exists at all, or that it is to be left alone."""

    __tablename__ = "legacy_contacts"
    __table_args__ = (UniqueConstraint("account_id", "contact_id"), contact_of_account())

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    made: Mapped[bool]
    blocked: Mapped[Sentence | None]
    """Reason that was given for do-not-contact; what the member changes afterwards stands."""


class OccasionHold(Base):
    """One birthday of one contact that nobody is wished for until the member decides."""

    __tablename__ = "occasion_holds"
    __table_args__ = (UniqueConstraint("contact_id", "occurrence_year"), contact_of_account())

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    occurrence_year: Mapped[int]
    explanation: Mapped[Sentence]
    decision: Mapped[str | None] = mapped_column(String(20))
    """`wished` keeps the hold, `free` lifts it; None waits for the member."""
    decided_at: Mapped[datetime | None]
