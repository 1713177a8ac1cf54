"""What the member changes on a list by hand: this person not this time, or these words instead of ours.

A grieving friend, a client one has just lost, a manager one wants to write to oneself: the list shows them, and the
member decides. Each change builds the list anew, so that it has to be approved as it is then.
"""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import lists as rows
from linkedin_pipelines.db.database import Database, Session
from linkedin_pipelines.db.models import ListEntry
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.wording import OWN_WORDS, fault_of_own_words
from linkedin_pipelines.errors import AmendmentRefusedError, NotOnListError
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.birthday_lists import ListView, build_list

_SENTENCE_LIMIT = 1000


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
            entry.outcome, entry.reason = EntryOutcome.SKIPPED, Reason.LEFT_OUT
            entry.explanation = f"You left this person out this time: {' '.join(reason.split())}"[:_SENTENCE_LIMIT]
            entry.template = entry.body = None
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
        if not rows.drop_left_out(session, account.id, contact_id):
            raise NotOnListError(f"contact {contact_id} was not left out of any list of {account_slug}")
    return build_list(database, clock, account_slug, list_date, run_id)


def write_own_words(
    database: Database, clock: Clock, account_slug: str, list_date: date, contact_id: int, text: str, run_id: str
) -> ListView:
    """Send a person the member's own words instead of a template's, on this list.

    Raises:
        UnknownAccountError, NotOnListError: there is no such account, list or planned person.
        AmendmentRefusedError: the text cannot be sent as it stands; says why.
    """
    account = get_account(database, account_slug)
    if fault := fault_of_own_words(text):
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
            entry.template, entry.body = OWN_WORDS, text
    return build_list(database, clock, account_slug, list_date, run_id)


def _entries(session: Session, account_id: int, account_slug: str, list_date: date, contact_id: int) -> list[ListEntry]:
    built = rows.find_list(session, account_id, list_date, locked=True)
    found = (
        [entry for entry, _ in rows.entries_of(session, built.id) if entry.contact_id == contact_id] if built else []
    )
    if not found:
        raise NotOnListError(f"contact {contact_id} is not on the list of {account_slug} for {list_date}")
    return found
