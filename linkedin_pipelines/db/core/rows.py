"""Conditional updates: the number of rows that were still as expected."""

from __future__ import annotations

from sqlalchemy import CursorResult, Update
from sqlalchemy.orm import Session


def changed_rows(session: Session, statement: Update) -> int:
    """Carry out an update and count the rows that it met; objects already loaded are not refreshed."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
