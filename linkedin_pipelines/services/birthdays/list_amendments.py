"""What the member changes on a list by hand: this person not this time, or these words instead of ours.

A grieving friend, a client one has just lost, a manager one wants to write to oneself: the list shows them, and the
member decides. Each change builds the list anew, so that it has to be approved as it is then.
"""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import decisions
from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.contacts import stop_requests
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import ListEntry
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.wording import fault_of_own_text
from linkedin_pipelines.errors import AmendmentRefusedError, NotOnListError, UnknownContactError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.lists import ListView, build_list

_SENTENCE_LIMIT = 1000


def contact_of(database: Database, account_slug: str, person: str) -> int:
    """The contact of a profile address, a former one included, or of a slug.

    Raises:
        UnknownAccountError, UnknownContactError: there is no such account or contact.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        found = stop_requests.find_contact(session, account.id, slug_of(person) or person.strip().lower())
    if found is None:
        raise UnknownContactError(
            f"account {account_slug} has no contact {person}; `birthdays {account_slug} --all` lists people"
        )
    return found.id


def leave_out(
    database: Database, clock: Clock, account_slug: str, list_date: date, contact_id: int, reason: str, run_id: str
) -> ListView:
    """Do not wish a person for this birthday, on any list; the next birthday is not affected.

    Raises:
        UnknownAccountError, NotOnListError: there is no such account, list or person.
        AmendmentRefusedError: the wish is out already, or may be.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        for entry in _entries(session, account.id, account_slug, list_date, contact_id):
            if entry.outcome is EntryOutcome.SKIPPED and entry.body is not None:
                raise AmendmentRefusedError(f"contact {contact_id} is {entry.reason} already: {entry.explanation}")
            why = f"You left this person out this time: {' '.join(reason.split())}"[:_SENTENCE_LIMIT]
            decisions.leave_out(session, account.id, contact_id, entry.occurrence_year, why, clock.now())
    return build_list(database, clock, account_slug, list_date, run_id)


def take_back_in(
    database: Database, clock: Clock, account_slug: str, list_date: date, contact_id: int, run_id: str
) -> ListView:
    """Undo `leave_out`, on all lists of the account.

    Raises:
        UnknownAccountError, NotOnListError: there is no such account, or the person was not left out.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        if not decisions.take_back_in(session, account.id, contact_id):
            raise NotOnListError(f"contact {contact_id} was not left out of any list of {account_slug}")
    return build_list(database, clock, account_slug, list_date, run_id)


def write_own_text(
    database: Database, clock: Clock, account_slug: str, list_date: date, contact_id: int, text: str, run_id: str
) -> ListView:
    """Send a person the member's own words instead of a template's, on this list.

    Raises:
        UnknownAccountError, NotOnListError: there is no such account, list or planned person.
        AmendmentRefusedError: the text cannot be sent as it stands; says why.
    """
    account = get_account(database, account_slug)
    if fault := fault_of_own_text(text):
        raise AmendmentRefusedError(f"this text cannot be sent: it {fault}")
    with database.writing() as session:
        planned = [
            entry
            for entry in _entries(session, account.id, account_slug, list_date, contact_id)
            if entry.outcome is EntryOutcome.PLANNED
        ]
        if not planned:
            raise NotOnListError(f"contact {contact_id} is not to be wished through the list of {list_date}")
        for entry in planned:
            decisions.write(session, account.id, contact_id, entry.occurrence_year, text, list_date, clock.now())
    return build_list(database, clock, account_slug, list_date, run_id)


def _entries(session: Session, account_id: int, account_slug: str, list_date: date, contact_id: int) -> list[ListEntry]:
    built = rows.find_list(session, account_id, list_date, locked=True)
    found = (
        [entry for entry, _ in rows.entries_of(session, built.id) if entry.contact_id == contact_id] if built else []
    )
    if not found:
        raise NotOnListError(f"contact {contact_id} is not on the list of {account_slug} for {list_date}")
    return found
