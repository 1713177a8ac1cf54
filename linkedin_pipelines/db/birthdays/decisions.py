"""What the member decided about people on lists: left out this time, or to get the member's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import ListDecision

_CHUNK = 500
"""Ids in one statement: SQLite admits a limited number of parameters."""

Key = tuple[int, int]
"""Contact and year of the birthday."""


class Decisions(NamedTuple):
    """What was decided of some people."""

    left_out: dict[Key, str]
    """Birthdays that the member left out, with the reason told."""
    own_text: dict[Key, str]
    """The words that the member wrote for people of the list."""


def about(session: Session, account_id: int, list_date: date, contact_ids: Sequence[int]) -> Decisions:
    """The member's decisions of these people for the list of the date, all read at once."""
    found = Decisions({}, {})
    for row in _of(session, account_id, contact_ids):
        key = (row.contact_id, row.occurrence_year)
        if row.left_out is not None:
            found.left_out[key] = row.left_out
        if row.words is not None and row.text_for == list_date:
            found.own_text[key] = row.words
    return found


def leave_out(session: Session, account_id: int, contact_id: int, year: int, why: str, now: datetime) -> None:
    """Keep that a person is left out for this birthday."""
    row = _row(session, account_id, contact_id, year)
    row.left_out, row.decided_at = why, now
    session.add(row)
    session.flush()


def write(
    session: Session, account_id: int, contact_id: int, year: int, words: str, list_date: date, now: datetime
) -> None:
    """Keep the member's own words for one person of one list."""
    row = _row(session, account_id, contact_id, year)
    row.words, row.text_for, row.decided_at = words, list_date, now
    session.add(row)
    session.flush()


def take_back_in(session: Session, account_id: int, contact_id: int) -> bool:
    """Forget that a contact was left out, of whichever birthday; whether it was."""
    here = (ListDecision.account_id == account_id, ListDecision.contact_id == contact_id)
    found = session.scalars(select(ListDecision.id).where(*here, ListDecision.left_out.is_not(None))).all()
    session.execute(delete(ListDecision).where(*here, ListDecision.words.is_(None)))
    session.execute(update(ListDecision).where(*here).values(left_out=None))
    session.expire_all()
    return bool(found)


def _of(session: Session, account_id: int, contact_ids: Sequence[int]) -> list[ListDecision]:
    found: list[ListDecision] = []
    for start in range(0, len(contact_ids), _CHUNK):
        query = select(ListDecision).where(
            ListDecision.account_id == account_id,
            ListDecision.contact_id.in_(contact_ids[start : start + _CHUNK]),
        )
        found += session.scalars(query)
    return found


def _row(session: Session, account_id: int, contact_id: int, year: int) -> ListDecision:
    query = select(ListDecision).where(
        ListDecision.account_id == account_id,
        ListDecision.contact_id == contact_id,
        ListDecision.occurrence_year == year,
    )
    found = session.scalars(query).one_or_none()
    return found or ListDecision(account_id=account_id, contact_id=contact_id, occurrence_year=year)
