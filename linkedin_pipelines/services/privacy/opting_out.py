"""Leaving people alone: do-not-contact, and the replies that may ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.contacts import stop_requests
from linkedin_pipelines.db.contacts.moves import CARRIED
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.errors import ReasonTooLongError, UnknownContactError
from linkedin_pipelines.services.accounts.registry import get_account

ASKED = "asked not to be written to"
REASON_LIMIT = 1000
"""Characters of a reason that the database keeps."""


@dataclass(frozen=True)
class StopRequestView:
    """A reply that waits for the member's decision. Until then its writer is left out of every list."""

    slug: str
    full_name: str
    said_at: datetime
    excerpt: str


def undecided_stop_requests(database: Database, account_slug: str) -> list[StopRequestView]:
    """The replies that wait, oldest first."""
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return [
            StopRequestView(contact.identity_key, contact.full_name, request.said_at, request.excerpt)
            for request, contact in stop_requests.undecided(session, account.id)
        ]


def decide_stop_request(database: Database, clock: Clock, account_slug: str, person: str, *, accept: bool) -> int:
    """Decide the waiting replies of a person, given by profile address or slug; how many there were.

    Accepting puts the person on do-not-contact; declining lets lists include them again.

    Raises:
        UnknownContactError: the account has no such contact.
    """
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        contact = _contact(session, account.id, account_slug, person)
        decided = stop_requests.decide(session, contact.id, clock.now(), accepted=accept)
        if decided and accept and contact.do_not_contact_since is None:
            contact.do_not_contact_since, contact.do_not_contact_reason = clock.now(), ASKED
        if decided and not accept and (contact.do_not_contact_reason or "").startswith(CARRIED):
            contact.do_not_contact_since = contact.do_not_contact_reason = None  # it is another person after all
        return decided


def set_do_not_contact(database: Database, clock: Clock, account_slug: str, person: str, reason: str | None) -> None:
    """Never write to a person again, with the reason why; None takes the mark back.

    Raises:
        ReasonTooLongError: the reason has more than `REASON_LIMIT` characters; nothing was changed.
        UnknownContactError: the account has no such contact.
    """
    account = get_account(database, account_slug, retired=True)
    if reason is not None and len(reason) > REASON_LIMIT:
        raise ReasonTooLongError(f"the reason has {len(reason)} characters: {REASON_LIMIT} are kept; shorten it")
    with database.writing() as session:
        contact = _contact(session, account.id, account_slug, person)
        contact.do_not_contact_since = clock.now() if reason else None
        contact.do_not_contact_reason = reason


def _contact(session: Session, account_id: int, account_slug: str, person: str) -> Contact:
    slug = slug_of(person) or person.strip().lower()
    contact = stop_requests.find_contact(session, account_id, slug)
    if contact is None:
        raise UnknownContactError(
            f"account {account_slug} has no contact {person}; `birthdays {account_slug} --all` lists people"
        )
    return contact
