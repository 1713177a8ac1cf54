"""Rows of moments: kept as they are seen, looked up by day, dropped after their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, ContactMoment, MomentReading
from linkedin_pipelines.domain.moments import Moment, MomentKind
from linkedin_pipelines.domain.states import ContactStatus

SAME_ANNIVERSARY = timedelta(days=60)
"""A page goes on telling of an anniversary for some weeks, and a year may end in them: that makes no other one."""


class SeenRow(NamedTuple):
    """A moment with what a list has to know of its contact."""

    contact_id: int
    kind: MomentKind
    occasion_key: str
    detail: str
    first_seen_on: date
    identity_key: str
    profile_slug: str | None
    full_name: str
    first_name: str
    language: str | None
    status: ContactStatus
    birth_month: int | None
    birth_day: int | None
    do_not_contact_reason: str | None


_OF_MOMENT = ("contact_id", "kind", "occasion_key", "detail", "first_seen_on")
_COLUMNS = [getattr(ContactMoment if name in _OF_MOMENT else Contact, name) for name in SeenRow._fields]


def keep_reading(
    session: Session, reading: MomentReading, moments: Sequence[Moment], contacts: Mapping[str, int]
) -> None:
    """Keep one reading and what it saw; a moment seen before only gets its new day."""
    session.add(reading)
    day = reading.local_day
    for moment in moments:
        contact_id = contacts[moment.slug]
        found = _known(session, reading.account_id, contact_id, moment, day)
        if found is None:
            session.add(
                ContactMoment(
                    account_id=reading.account_id,
                    contact_id=contact_id,
                    kind=moment.kind,
                    occasion_key=moment.occasion_key,
                    detail=moment.detail[:1000],
                    first_seen_on=day,
                    seen_on=day,
                )
            )
            session.flush()
        else:
            found.seen_on = max(found.seen_on, day)
            found.first_seen_on = min(found.first_seen_on, day)
    session.flush()


def _known(session: Session, account_id: int, contact_id: int, moment: Moment, day: date) -> ContactMoment | None:
    query = select(ContactMoment).where(
        ContactMoment.account_id == account_id,
        ContactMoment.contact_id == contact_id,
        ContactMoment.kind == moment.kind,
    )
    rows = session.scalars(query.order_by(ContactMoment.id)).all()
    same = next((row for row in rows if row.occasion_key == moment.occasion_key), None)
    if same is None and moment.kind is MomentKind.WORK_ANNIVERSARY:
        same = next((row for row in rows if abs(row.first_seen_on - day) <= SAME_ANNIVERSARY), None)
    return same


def readings_of(session: Session, account_id: int, day: date) -> dict[MomentKind, MomentReading]:
    """The last reading of each tab on that local day."""
    query = select(MomentReading).where(MomentReading.account_id == account_id, MomentReading.local_day == day)
    return {row.kind: row for row in session.scalars(query.order_by(MomentReading.id))}


def latest_day(session: Session, account_id: int) -> date | None:
    """The last local day on which any tab was read."""
    query = select(MomentReading.local_day).where(MomentReading.account_id == account_id)
    return session.scalar(query.order_by(MomentReading.local_day.desc()).limit(1))


def seen_on(session: Session, account_id: int, day: date) -> list[SeenRow]:
    """The moments that the page showed on that local day, oldest first."""
    query = select(*_COLUMNS).join(Contact, Contact.id == ContactMoment.contact_id)
    query = query.where(ContactMoment.account_id == account_id, ContactMoment.seen_on == day)
    return [SeenRow(*row) for row in session.execute(query.order_by(ContactMoment.first_seen_on, ContactMoment.id))]


def drop_old(session: Session, account_id: int, before: date) -> int:
    """Drop moments last seen, and readings made, before that local day; the number of moments.

    That a congratulation went out stays: the ledger keeps it.
    """
    old = select(ContactMoment.id).where(ContactMoment.account_id == account_id, ContactMoment.seen_on < before)
    ids = list(session.scalars(old))
    for start in range(0, len(ids), 500):
        session.execute(delete(ContactMoment).where(ContactMoment.id.in_(ids[start : start + 500])))
    readings = (MomentReading.account_id == account_id, MomentReading.local_day < before)
    session.execute(delete(MomentReading).where(*readings))
    return len(ids)
