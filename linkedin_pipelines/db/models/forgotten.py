"""People who asked to be forgotten: marks that know them again, and what of the erasing is left to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import enumerated
from linkedin_pipelines.db.models.base import AccountRef, Base, Id
from linkedin_pipelines.domain.forgetting import MarkKind


class ForgottenMark(Base):
    """One thing that identifies a forgotten person, as an HMAC whose key is not in the database.

    Rows are never deleted: without them the next import would bring the person back.
    """

    __tablename__ = "forgotten_marks"
    __table_args__ = (UniqueConstraint("account_id", "kind", "mark"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    kind: Mapped[MarkKind] = mapped_column(enumerated(MarkKind, "kind"))
    mark: Mapped[str] = mapped_column(String(64))
    words: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(16))
    """Tells which key it was made with; another key would find nobody, silently."""
    forgotten_at: Mapped[datetime]


class Forgetting(Base):
    """One erasure: what lies outside the database is erased after it, and a crash between is made good later."""

    __tablename__ = "forgettings"

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    forgotten_at: Mapped[datetime]
    evidence: Mapped[list[str]] = mapped_column(JSON)
    """Pictures to remove, as paths below the evidence folder."""
    finished_at: Mapped[datetime | None]
