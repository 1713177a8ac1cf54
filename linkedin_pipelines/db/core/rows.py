"""Statements that are made once, and conditional updates: the number of rows that were still as expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable, Update
from sqlalchemy.orm import Session


def executed(
    session: Session, statement: Executable, values: Mapping[str, Any] | None
) -> CursorResult[*tuple[Any, ...]]:
    """Carry out a statement that was made once, with its parameters: rows, not objects, and no work of the ORM's.

    As with `Session.execute`, what was changed in objects is written first. Objects already loaded are not refreshed.
    """
    session.flush()
    return session.connection().execute(statement, values)


def changed_rows(session: Session, statement: Update, values: Mapping[str, Any] | None = None) -> int:
    """Carry out an update and count the rows that it met; objects already loaded are not refreshed."""
    return executed(session, statement, values).rowcount
