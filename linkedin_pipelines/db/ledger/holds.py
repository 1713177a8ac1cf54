"""Occasions that wait for the member: nobody can tell whether a wish of the product used before was for this person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, ScalarSelect, or_, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import OccasionHold
from linkedin_pipelines.domain.ceilings import InteractionKind

FREE = "free"
WISHED = "wished"
_CHUNK = 500


def may_be_held(kind: str) -> bool:
    """Whether occasions of that kind may wait for the member: birthdays may."""
    return kind == InteractionKind.BIRTHDAY_MESSAGE


def held(contact_id: ColumnElement[int], occurrence_year: ColumnElement[int]) -> ScalarSelect[str]:
    """Why a birthday must not be wished yet, as a part of a query; null if nothing holds it."""
    return (
        select(OccasionHold.explanation)
        .where(
            OccasionHold.contact_id == contact_id,
            OccasionHold.occurrence_year == occurrence_year,
            or_(OccasionHold.decision.is_(None), OccasionHold.decision != FREE),
        )
        .scalar_subquery()
    )


def held_occasions(session: Session, contact_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """Occasions (contact, year) that the member has not freed, with the reason."""
    found: dict[tuple[int, int], str] = {}
    for start in range(0, len(contact_ids), _CHUNK):
        query = select(OccasionHold).where(OccasionHold.contact_id.in_(contact_ids[start : start + _CHUNK]))
        for row in session.scalars(query):
            if row.decision != FREE:
                found[row.contact_id, row.occurrence_year] = row.explanation
    return found
