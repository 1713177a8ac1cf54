"""Questions that an auditor asks of the ledger: rows that should not exist, counts that should not be passed.

They look at what is stored, not at what the code means to store; a constraint that a restored or hand-edited database
lost is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from linkedin_pipelines.db.models import BirthdayList, Contact, Interaction, ListEntry, StopRequest
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.states import OCCUPYING, EntryOutcome, InteractionOrigin, InteractionStatus


def doubled_occasions(session: Session, account_id: int) -> list[tuple[int, int]]:
    """(contact, occurrence year) of birthdays that more than one row occupies."""
    query = (
        select(Interaction.contact_id, Interaction.occurrence_year)
        .where(
            Interaction.account_id == account_id,
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.status.in_(OCCUPYING),
        )
        .group_by(Interaction.contact_id, Interaction.occurrence_year)
        .having(func.count() > 1)
    )
    return [(contact_id, year) for contact_id, year in session.execute(query)]


def orphans(session: Session, account_id: int) -> list[int]:
    """Rows whose contact is missing, or another account's."""
    owner = aliased(Contact)
    query = (
        select(Interaction.id)
        .outerjoin(owner, owner.id == Interaction.contact_id)
        .where(Interaction.account_id == account_id, or_(owner.id.is_(None), owner.account_id != account_id))
    )
    return list(session.scalars(query.order_by(Interaction.id)))


def raw_evidence(session: Session, account_id: int, list_date: date) -> Iterator[tuple[int, str]]:
    """The stored text of each row's evidence, as it is, without our reading of it."""
    query = select(Interaction.id, cast(Interaction.evidence, String)).where(
        Interaction.account_id == account_id, Interaction.list_date == list_date, Interaction.evidence.is_not(None)
    )
    return ((row_id, text) for row_id, text in session.execute(query) if text not in (None, "null"))


def old_doubts(session: Session, account_id: int, before: datetime) -> list[int]:
    """Rows claimed before `before` that nobody has settled."""
    query = select(Interaction.id).where(
        Interaction.account_id == account_id,
        Interaction.status.in_((InteractionStatus.SENDING, InteractionStatus.IN_DOUBT)),
        Interaction.claimed_at < before,
    )
    return list(session.scalars(query.order_by(Interaction.id)))


def spent(session: Session, account_id: int, since: datetime) -> list[tuple[datetime, date, str | None]]:
    """Claim time, local day and run of every birthday message that campaigns spent quota on since then."""
    query = select(Interaction.claimed_at, Interaction.local_day, Interaction.run_id).where(
        Interaction.account_id == account_id,
        Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
        Interaction.origin == InteractionOrigin.CAMPAIGN,
        Interaction.status.in_(OCCUPYING),
        Interaction.claimed_at >= since,
    )
    return [(claimed_at, local_day, run_id) for claimed_at, local_day, run_id in session.execute(query)]


def planned_against_their_will(session: Session, account_id: int, list_date: date) -> list[int]:
    """Contacts planned on that list who are not to be contacted, or whose wish to be left alone is undecided."""
    asked_to_stop = select(StopRequest.contact_id).where(
        StopRequest.account_id == account_id, or_(StopRequest.accepted.is_(None), StopRequest.accepted.is_(True))
    )
    query = (
        select(Contact.id)
        .join(ListEntry, ListEntry.contact_id == Contact.id)
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .where(
            BirthdayList.account_id == account_id,
            BirthdayList.list_date == list_date,
            ListEntry.outcome == EntryOutcome.PLANNED,
            or_(Contact.do_not_contact_since.is_not(None), Contact.id.in_(asked_to_stop)),
        )
    )
    return sorted(set(session.scalars(query)))
