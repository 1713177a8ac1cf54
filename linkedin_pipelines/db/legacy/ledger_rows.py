"""Rows of the ledger that stand for what the product used before did. All writing of them is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.legacy.resolving import chunks
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.action_kinds import birthday_key
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus, Reason

_EXPLANATIONS = {
    InteractionStatus.FAILED: "The product used before noted a failure, which proves nothing: it may have gone out.",
    InteractionStatus.IN_DOUBT: "The product used before left no word on whether this went out or was rehearsed.",
}


@dataclass(frozen=True)
class WantedRow:
    """What the ledger shall hold."""

    contact_id: int
    kind: InteractionKind
    status: InteractionStatus
    at: datetime
    day: date
    year: int
    body: str | None


def stored(session: Session, ids: Sequence[int]) -> dict[int, Interaction]:
    """Legacy rows of the ledger, by id."""
    found: dict[int, Interaction] = {}
    for some in chunks(sorted(set(ids))):
        query = select(Interaction).where(Interaction.id.in_(some), Interaction.origin == InteractionOrigin.LEGACY)
        found.update({row.id: row for row in session.scalars(query)})
    return found


def occupied_by_others(session: Session, contact_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Birthdays (contact, year) that a campaign or the member's own hand occupies, with the row that does."""
    found: dict[tuple[int, int], int] = {}
    for some in chunks(sorted(set(contact_ids))):
        query = select(Interaction.contact_id, Interaction.occurrence_year, Interaction.id).where(
            Interaction.contact_id.in_(some),
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.origin != InteractionOrigin.LEGACY,
            Interaction.status.in_(OCCUPYING),
        )
        rows = session.execute(query)
        found.update({(contact_id, year): row_id for contact_id, year, row_id in rows if year is not None})
    return found


def says(row: Interaction, wanted: WantedRow) -> bool:
    """Whether a row is where it belongs; a visit's year is no occasion of its own."""
    birthday = wanted.kind is InteractionKind.BIRTHDAY_MESSAGE
    return (
        row.contact_id == wanted.contact_id
        and row.claimed_at == wanted.at
        and row.local_day == wanted.day
        and (not birthday or row.occurrence_year == wanted.year)
    )


def remove(session: Session, ids: Sequence[int]) -> None:
    """Take legacy rows back."""
    for some in chunks(ids):
        session.execute(
            delete(Interaction)
            .where(Interaction.id.in_(some), Interaction.origin == InteractionOrigin.LEGACY)
            .execution_options(synchronize_session="fetch")
        )


def add(
    session: Session, account_id: int, wanted: Mapping[int, WantedRow], decided: Mapping[int, Interaction]
) -> dict[int, int]:
    """Put rows in, by the caller's number; what the member decided on the row before goes with it. The new ids."""
    rows: dict[int, Interaction] = {}
    for number, one in wanted.items():
        before = decided.get(number)
        status = before.status if before is not None else one.status
        row = Interaction(
            account_id=account_id,
            contact_id=one.contact_id,
            kind=one.kind,
            occasion_key=_occasion_key(one),
            occurrence_year=one.year if one.kind is InteractionKind.BIRTHDAY_MESSAGE else None,
            status=status,
            origin=InteractionOrigin.LEGACY,
            body=one.body,
            claimed_at=one.at,
            local_day=one.day,
            settled_at=before.settled_at if before is not None else one.at,
            sent_at=one.at if status is InteractionStatus.SENT else None,
            # A thread is no help: there is no text to look for. The member decides, and the account is not held up.
            doubt_readings=READINGS_BEFORE_MEMBER_DECIDES if status is InteractionStatus.IN_DOUBT else 0,
        )
        if status in _EXPLANATIONS:
            row.reason = Reason.CLICK_UNPROVEN
            row.explanation = _EXPLANATIONS[status]
        if before is not None:
            row.reason, row.explanation = before.reason, before.explanation
        rows[number] = row
    session.add_all(rows.values())
    session.flush()
    return {number: row.id for number, row in rows.items()}


def _occasion_key(wanted: WantedRow) -> str:
    """A birthday by its year; anything else by its own moment, since visits of one person in a year are many."""
    if wanted.kind is InteractionKind.BIRTHDAY_MESSAGE:
        return birthday_key(wanted.year)
    return f"legacy:{wanted.at.isoformat()}"
