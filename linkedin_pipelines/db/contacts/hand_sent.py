"""Wishes that the member sent by hand, requests to stop, and the ledger rows that the wishes stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts.people import BATCH, Counts, ensure_people
from linkedin_pipelines.db.models import Contact, HandSentWish, Interaction, StopRequest
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.records import SentWish, StopReply
from linkedin_pipelines.domain.states import InteractionOrigin


def put_wishes(session: Session, account_id: int, import_id: int, rows: Sequence[SentWish], now: datetime) -> Counts:
    """Store up to `BATCH` wishes as they were said; which occasions they occupy is derived later."""
    ids = ensure_people(session, account_id, {row.slug: row.name for row in rows}, now)
    kept = [row for row in rows if row.slug in ids]  # who asked to be forgotten has no id
    stored = {(ids[row.slug], row.sent_at): row for row in reversed(kept)}
    query = select(HandSentWish.contact_id, HandSentWish.sent_at).where(HandSentWish.contact_id.in_(ids.values()))
    known = {(contact_id, moment) for contact_id, moment in session.execute(query)}
    new = [
        {
            "account_id": account_id,
            "contact_id": contact_id,
            "sent_at": moment,
            "body": row.text,
            "import_id": import_id,
        }
        for (contact_id, moment), row in stored.items()
        if (contact_id, moment) not in known
    ]
    if new:
        session.execute(insert(HandSentWish), new)
    return Counts(new=len(new), unchanged=len(kept) - len(new), forgotten=len(rows) - len(kept))


def put_stop_requests(session: Session, account_id: int, rows: Sequence[StopReply], now: datetime) -> Counts:
    """Store up to `BATCH` requests; they are proposed to the member, who decides."""
    ids = ensure_people(session, account_id, {row.slug: row.name for row in rows}, now)
    kept = [row for row in rows if row.slug in ids]
    stored = {(ids[row.slug], row.said_at): row for row in reversed(kept)}
    query = select(StopRequest.contact_id, StopRequest.said_at).where(StopRequest.contact_id.in_(ids.values()))
    known = {(contact_id, moment) for contact_id, moment in session.execute(query)}
    new = [
        {"account_id": account_id, "contact_id": contact_id, "said_at": moment, "excerpt": row.excerpt}
        for (contact_id, moment), row in stored.items()
        if (contact_id, moment) not in known
    ]
    if new:
        session.execute(insert(StopRequest), new)
    return Counts(new=len(new), unchanged=len(kept) - len(new), forgotten=len(rows) - len(kept))


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish that was sent by hand."""

    sent_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class ByHandRow:
    """A row of the ledger that says a wish was sent by hand."""

    interaction_id: int
    occurrence_year: int
    sent_at: datetime


@dataclass(slots=True)
class WishedPerson:
    """A person to whom the member sent wishes by hand, with all that decides which occasions they occupy."""

    contact_id: int
    month: int | None
    day: int | None
    wishes: list[Wish]
    """By moment."""
    ledger: list[ByHandRow]


def wished_people(session: Session, account_id: int, after: int) -> list[WishedPerson]:
    """Up to `BATCH` people, by id, who were sent a wish by hand and follow on `after`."""
    wished = select(HandSentWish.contact_id).where(HandSentWish.account_id == account_id)
    query = select(Contact.id, Contact.birth_month, Contact.birth_day).where(
        Contact.account_id == account_id, Contact.id > after, Contact.id.in_(wished)
    )
    people = {
        contact_id: WishedPerson(contact_id, month, day, [], [])
        for contact_id, month, day in session.execute(query.order_by(Contact.id).limit(BATCH))
    }
    if not people:
        return []
    said = select(HandSentWish.contact_id, HandSentWish.sent_at, HandSentWish.body)
    said = said.where(HandSentWish.contact_id.in_(people)).order_by(HandSentWish.sent_at)
    for contact_id, moment, body in session.execute(said):
        people[contact_id].wishes.append(Wish(moment, body))
    rows = select(Interaction.contact_id, Interaction.id, Interaction.occurrence_year, Interaction.sent_at).where(
        Interaction.contact_id.in_(people),
        Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
        Interaction.origin == InteractionOrigin.BY_HAND,
    )
    for row in session.execute(rows.order_by(Interaction.id)):
        contact_id, interaction_id, year, sent_at = row
        assert sent_at is not None  # a row that is sent has its moment
        assert year is not None  # a birthday has its year
        people[contact_id].ledger.append(ByHandRow(interaction_id, year, sent_at))
    return list(people.values())


def move_in_ledger(
    session: Session,
    account_id: int,
    zone: ZoneInfo,
    outdated: Sequence[int],
    wanted: Sequence[tuple[int, int, Wish]],
) -> list[tuple[int, int]]:
    """Take back the `outdated` by-hand rows and put the `wanted` ones (contact, year, wish) in, in one transaction.

    A row taken back loses nothing: the wish it stood for stays in `hand_sent_wishes`.

    Returns:
        The occasions (contact, year) that something else occupies already, such as a wish that a campaign sent.
    """
    if outdated:
        session.execute(
            delete(Interaction)
            .where(Interaction.id.in_(outdated), Interaction.origin == InteractionOrigin.BY_HAND)
            .execution_options(synchronize_session=False)
        )
    return [
        (contact_id, year)
        for contact_id, year, wish in wanted
        if not ledger.record_by_hand(session, account_id, contact_id, year, wish.sent_at, zone, wish.body)
    ]
