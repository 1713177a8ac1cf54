"""The declarative base: naming convention of constraints, and columns that many tables share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from linkedin_pipelines.db.core.types import UtcDateTime


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can name it on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "idx_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}


Id = Annotated[int, mapped_column(primary_key=True)]
AccountRef = Annotated[int, mapped_column(ForeignKey("accounts.id"))]
ContactRef = Annotated[int, mapped_column(ForeignKey("contacts.id"))]
RunId = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(400))]
Slug = Annotated[str, mapped_column(String(400))]
Sentence = Annotated[str, mapped_column(String(1000))]
"""A sentence for the member: a reason, an excerpt."""


NEVER_REUSED = {"sqlite_autoincrement": True}
"""Table option: SQLite would give the id of an erased newest row to the next one; to us an id is an identity."""


def contact_of_account() -> ForeignKeyConstraint:
    """A reference to a contact that must belong to the row's own account."""
    return ForeignKeyConstraint(["account_id", "contact_id"], ["contacts.account_id", "contacts.id"])
