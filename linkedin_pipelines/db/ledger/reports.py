"""Queries of the reports: pages of the ledger, and the counts that say how an account stands."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import (
    AccountLease,
    BirthdayRecord,
    BrowserSession,
    Contact,
    FileImport,
    Interaction,
    StopRequest,
)
from linkedin_pipelines.db.models.interactions import IS_UNSETTLED, UNSETTLED, unindexed
from linkedin_pipelines.domain.states import ContactStatus, InteractionStatus


def interactions(
    session: Session,
    account_id: int,
    *,
    list_date: date | None = None,
    run_id: str | None = None,
    contact_id: int | None = None,
    statuses: tuple[InteractionStatus, ...] = (),
    kind: str | None = None,
    after_id: int = 0,
    limit: int | None = None,
) -> list[tuple[Interaction, Contact]]:
    """Rows of the ledger with their people, by ascending id from `after_id` on, so that pages never shift."""
    query = select(Interaction, Contact).join(Contact, Contact.id == Interaction.contact_id)
    query = query.where(Interaction.account_id == account_id)
    # Where something else narrows the rows down, the order of ids must not tempt the planner to read all of them.
    narrow = list_date or run_id or contact_id or (statuses and set(statuses) <= set(UNSETTLED))
    number = unindexed(Interaction.id) if narrow else Interaction.id
    query = query.where(number > after_id).order_by(number)
    if list_date is not None:
        query = query.where(Interaction.list_date == list_date)
    if run_id is not None:
        query = query.where(Interaction.run_id == run_id)
    if contact_id is not None:
        query = query.where(Interaction.contact_id == contact_id)
    if statuses and set(statuses) <= set(UNSETTLED):
        query = query.where(IS_UNSETTLED)
    if statuses:
        query = query.where(Interaction.status.in_(statuses))
    if kind is not None:
        query = query.where(Interaction.kind == kind)
    if limit is not None:
        query = query.limit(limit)
    return [(interaction, contact) for interaction, contact in session.execute(query)]


def lease_of(session: Session, account_id: int) -> AccountLease | None:
    """The account's lease as it stands, without waiting for whoever is changing it."""
    return session.get(AccountLease, account_id)


def browser_session_of(session: Session, account_id: int) -> tuple[str | None, datetime, datetime | None] | None:
    """Who is signed in, since when and until when; never the session itself."""
    row = session.execute(
        select(BrowserSession.member_slug, BrowserSession.stored_at, BrowserSession.expires_at).where(
            BrowserSession.account_id == account_id
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def last_import(session: Session, account_id: int) -> FileImport | None:
    """The file imported last."""
    query = select(FileImport).where(FileImport.account_id == account_id, FileImport.complete)
    return session.scalars(query.order_by(FileImport.imported_at.desc(), FileImport.id.desc()).limit(1)).one_or_none()


def contacts_by_status(session: Session, account_id: int) -> Counter[ContactStatus]:
    """How many contacts there are of each status."""
    query = select(Contact.status, func.count()).where(Contact.account_id == account_id).group_by(Contact.status)
    return Counter({row[0]: row[1] for row in session.execute(query)})


def connected_with_birthday(session: Session, account_id: int) -> int:
    """How many connections have a birthday."""
    return _count(
        session,
        Contact.account_id == account_id,
        Contact.status == ContactStatus.CONNECTED,
        Contact.birth_month.is_not(None),
    )


def do_not_contact(session: Session, account_id: int) -> int:
    """How many people are on the do-not-contact list."""
    return _count(session, Contact.account_id == account_id, Contact.do_not_contact_since.is_not(None))


def disputed_birthdays(session: Session, account_id: int) -> int:
    """How many people have a birthday that two sources date differently."""
    return _count(session, Contact.account_id == account_id, Contact.birthday_disputed.is_(True))


def unmatched_birthdays(session: Session, account_id: int) -> int:
    """How many stated birthdays found no contact."""
    return _count(
        session,
        BirthdayRecord.account_id == account_id,
        BirthdayRecord.contact_id.is_(None),
        BirthdayRecord.refusal.is_(None),
    )


def refused_birthdays(session: Session, account_id: int) -> int:
    """How many stated birthdays are no date."""
    return _count(session, BirthdayRecord.account_id == account_id, BirthdayRecord.refusal.is_not(None))


def undecided_stop_requests(session: Session, account_id: int) -> list[tuple[StopRequest, Contact]]:
    """Requests to stop that the member has not decided on, oldest first, with their people."""
    query = (
        select(StopRequest, Contact)
        .join(Contact, Contact.id == StopRequest.contact_id)
        .where(StopRequest.account_id == account_id, StopRequest.decided_at.is_(None))
        .order_by(StopRequest.said_at, StopRequest.id)
    )
    return [(request, contact) for request, contact in session.execute(query)]


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).where(*conditions)).one()
