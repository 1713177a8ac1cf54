"""Rows of sent invitations: brought up to date by each reading of the page, and closed with an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, Interaction, InvitationSnapshot, SentInvitation
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.invitations import (
    PendingInvitation,
    Provenance,
    WithdrawalOutcome,
    first_seen_key,
    re_invite_from,
)
from linkedin_pipelines.domain.states import OCCUPYING, ContactStatus, InteractionStatus

_ENDED = (WithdrawalOutcome.WITHDRAWN, WithdrawalOutcome.ALREADY_ACCEPTED, WithdrawalOutcome.GONE)


@dataclass(frozen=True)
class Waiting:
    """One invitation that waits, with what the ledger needs to act on it."""

    invitation: PendingInvitation
    contact_id: int | None
    """None for somebody who asked to be forgotten, and before a reading that knew the contacts."""
    first_seen_on: date
    outcome: WithdrawalOutcome | None
    explanation: str | None


def keep_reading(
    session: Session,
    snapshot: InvitationSnapshot,
    people: Sequence[PendingInvitation],
    contacts: Mapping[str, int] | None = None,
) -> None:
    """Keep one reading of the page, `people` in its order; `contacts` are their numbers by slug.

    Who was not seen any more is accepted, where the contacts say so, or gone; but only after a reading without doubt.
    A withdrawal in doubt is left to whoever resolves it.
    """
    session.add(snapshot)
    waiting = {row.profile_slug: row for row in _waiting(session, snapshot.account_id)}
    day = snapshot.local_day
    for place, person in enumerate(people, 1):
        row = waiting.pop(person.slug, None)
        if row is None:
            row = SentInvitation(
                account_id=snapshot.account_id,
                profile_slug=person.slug,
                provenance=person.provenance,
                first_seen_on=day,
            )
            session.add(row)
        elif row.provenance is Provenance.UNKNOWN:
            row.provenance = person.provenance
        row.full_name, row.age_text, row.at_least_days = person.name[:400], person.age_text, person.at_least_days
        row.place, row.seen_on = place, day
        row.contact_id = (contacts or {}).get(person.slug, row.contact_id)
    if snapshot.doubt is None:
        connected = _connected(session, snapshot.account_id, list(waiting))
        for slug, row in waiting.items():
            if row.outcome is not WithdrawalOutcome.IN_DOUBT:
                accepted = slug in connected
                row.outcome = WithdrawalOutcome.ALREADY_ACCEPTED if accepted else WithdrawalOutcome.GONE
                row.ended_on = day
    session.flush()


def pending(session: Session, account_id: int) -> list[PendingInvitation]:
    """The account's invitations that wait, newest first, as the page last showed them."""
    return [each.invitation for each in waiting(session, account_id)]


def waiting(session: Session, account_id: int) -> list[Waiting]:
    """The same, with their contacts and what became of earlier withdrawals."""
    return [
        Waiting(
            PendingInvitation(row.profile_slug, row.full_name, row.age_text, row.at_least_days, row.provenance),
            row.contact_id,
            row.first_seen_on,
            row.outcome,
            row.explanation,
        )
        for row in sorted(_waiting(session, account_id), key=lambda row: row.place)
    ]


def latest_reading(session: Session, account_id: int) -> InvitationSnapshot | None:
    """The newest reading of the page."""
    query = select(InvitationSnapshot).where(InvitationSnapshot.account_id == account_id)
    return session.scalar(query.order_by(InvitationSnapshot.id.desc()).limit(1))


def follow_ledger(session: Session, account_id: int) -> None:
    """Note what the ledger says of the invitations that wait: withdrawn, in doubt, or free to be tried again."""
    rows = [row for row in _waiting(session, account_id) if row.contact_id is not None]
    query = select(Interaction.contact_id, Interaction.occasion_key, Interaction.status, Interaction.local_day).where(
        Interaction.account_id == account_id,
        Interaction.kind == InteractionKind.INVITATION_WITHDRAWAL,
        Interaction.status.in_(OCCUPYING),
    )
    known = {(contact, key): (status, day) for contact, key, status, day in session.execute(query)}
    for row in rows:
        status, day = known.get((row.contact_id or 0, first_seen_key(row.first_seen_on)), (None, None))
        if status is InteractionStatus.SENT:
            assert day is not None  # every row has its day
            _close(row, WithdrawalOutcome.WITHDRAWN, day)
        elif status is not None:
            row.outcome = WithdrawalOutcome.IN_DOUBT
        elif row.outcome is WithdrawalOutcome.IN_DOUBT:
            row.outcome = None  # it was found, or decided, that nothing was withdrawn
    session.flush()


def settle(
    session: Session, account_id: int, slug: str, outcome: WithdrawalOutcome, day: date, explanation: str | None = None
) -> bool:
    """Note what became of the person's invitation; False if none of theirs waits."""
    row = next((each for each in _waiting(session, account_id) if each.profile_slug == slug), None)
    if row is None:
        return False
    row.explanation = explanation
    _close(row, outcome, day)
    session.flush()
    return True


def _close(row: SentInvitation, outcome: WithdrawalOutcome, day: date) -> None:
    row.outcome, row.ended_on = outcome, day if outcome in _ENDED else None
    row.re_invite_on = re_invite_from(day) if outcome is WithdrawalOutcome.WITHDRAWN else None


def is_connected(session: Session, account_id: int, slug: str) -> bool:
    """Whether the account's contacts say that the person is a connection by now."""
    return slug in _connected(session, account_id, [slug])


def re_invite_day(session: Session, account_id: int, slug: str) -> date | None:
    """The day from which the person can be invited again; None if nothing was withdrawn."""
    query = select(SentInvitation.re_invite_on).where(
        SentInvitation.account_id == account_id,
        SentInvitation.profile_slug == slug,
        SentInvitation.re_invite_on.is_not(None),
    )
    return session.scalar(query.order_by(SentInvitation.re_invite_on.desc()).limit(1))


def sent_by(session: Session, account_id: int, slugs: Sequence[str], provenance: Provenance) -> None:
    """Note who sent these people's invitations that wait."""
    session.execute(
        update(SentInvitation)
        .where(
            SentInvitation.account_id == account_id,
            SentInvitation.profile_slug.in_(slugs),
            SentInvitation.ended_on.is_(None),
        )
        .values(provenance=provenance)
    )


def _waiting(session: Session, account_id: int) -> Sequence[SentInvitation]:
    query = select(SentInvitation).where(SentInvitation.account_id == account_id, SentInvitation.ended_on.is_(None))
    return session.scalars(query).all()


def _connected(session: Session, account_id: int, slugs: Sequence[str]) -> set[str | None]:
    query = select(Contact.profile_slug).where(
        Contact.account_id == account_id,
        Contact.profile_slug.in_(slugs),
        Contact.status == ContactStatus.CONNECTED,
    )
    return set(session.scalars(query))
