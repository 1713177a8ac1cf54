"""What the member changes on a list by hand holds for exactly that, and needs a new yes."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import AmendmentRefusedError, ListChangedError, NotOnListError
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.approvals import approve, approved_messages
from linkedin_pipelines.services.birthday_lists import EntryView, ListView, build_list
from linkedin_pipelines.services.list_amendments import leave_out, take_back_in, write_own_words
from linkedin_pipelines.services.reports import account_status
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

TODAY, TOMORROW = date(2026, 3, 18), date(2026, 3, 19)


@pytest.fixture
def people(database: Database) -> list[int]:
    """A friend in grief, and a manager."""
    return contacts(database, an_account(database, approval="manual"), ["fred-grieves", "mia-manager"])


def of(view: ListView, contact: int) -> EntryView:
    return next(entry for entry in view.entries if entry.contact_id == contact)


def test_a_person_left_out_stays_out_on_every_list_of_this_birthday(database, clock, people):
    friend, manager = people
    build_list(database, clock, "demo", TODAY, "run-1")
    approve(database, clock, "demo", TODAY, "member", "run-1")
    view = leave_out(database, clock, "demo", TODAY, friend, "his  father died", "run-2")
    assert (of(view, friend).outcome, of(view, friend).reason) == (EntryOutcome.SKIPPED, Reason.LEFT_OUT)
    assert of(view, friend).explanation == "You left this person out this time: his father died"
    assert of(view, friend).next_eligible_on == date(2027, 3, 18)
    assert of(view, manager).outcome is EntryOutcome.PLANNED
    with pytest.raises(ListChangedError, match="1 gone"):
        approved_messages(database, "demo", TODAY)
    clock.advance(days=1)
    later = build_list(database, clock, "demo", TOMORROW, "run-3")
    assert of(later, friend).reason is Reason.LEFT_OUT
    clock.advance(days=364)
    assert of(build_list(database, clock, "demo", date(2027, 3, 18), "run-4"), friend).outcome is EntryOutcome.PLANNED


def test_a_person_taken_back_in_gets_the_words_that_were_approved(database, clock, people):
    friend, _ = people
    first = build_list(database, clock, "demo", TODAY, "run-1")
    approve(database, clock, "demo", TODAY, "member", "run-1")
    leave_out(database, clock, "demo", TODAY, friend, "grieves", "run-2")
    again = take_back_in(database, clock, "demo", TODAY, friend, "run-3")
    assert again.content_hash == first.content_hash
    assert len(approved_messages(database, "demo", TODAY).messages) == 2
    with pytest.raises(NotOnListError, match="was not left out"):
        take_back_in(database, clock, "demo", TODAY, friend, "run-4")


def test_the_members_own_words_are_what_is_approved(database, clock, people):
    _, manager = people
    build_list(database, clock, "demo", TODAY, "run-1")
    view = write_own_words(database, clock, "demo", TODAY, manager, "All the best from the whole team, Mia.", "run-2")
    assert of(view, manager).body == "All the best from the whole team, Mia."
    approve(database, clock, "demo", TODAY, "member", "run-2")
    assert build_list(database, clock, "demo", TODAY, "run-3").content_hash == view.content_hash
    bodies = [message.body for message in approved_messages(database, "demo", TODAY).messages]
    assert "All the best from the whole team, Mia." in bodies


@pytest.mark.parametrize("text", ["", " ", "two\nlines", "double  blank", "Hi {first_name}", "x" * 1001, "\x07"])
def test_words_that_cannot_be_sent_as_they_stand_are_refused(database, clock, people, text):
    build_list(database, clock, "demo", TODAY, "run-1")
    with pytest.raises(AmendmentRefusedError, match="this text cannot be sent"):
        write_own_words(database, clock, "demo", TODAY, people[0], text, "run-2")


def test_nobody_is_left_out_after_the_wish(database, clock, people):
    friend, manager = people
    build_list(database, clock, "demo", TODAY, "run-1")
    attempt(database, get_account(database, "demo").id, friend, status=InteractionStatus.IN_DOUBT)
    build_list(database, clock, "demo", TODAY, "run-2")
    with pytest.raises(AmendmentRefusedError, match="may have gone out"):
        leave_out(database, clock, "demo", TODAY, friend, "too late", "run-3")
    with pytest.raises(NotOnListError, match="is not to be wished"):
        write_own_words(database, clock, "demo", TODAY, friend, "Hello!", "run-3")
    with pytest.raises(NotOnListError, match="is not on the list"):
        leave_out(database, clock, "demo", TOMORROW, manager, "why", "run-3")


def test_a_list_that_waits_for_the_members_yes_is_in_the_status(database, clock, people):
    build_list(database, clock, "demo", TODAY, "run-1")
    assert "2 wishes that nobody has approved" in account_status(database, clock, "demo").waits_for[-1]
    approve(database, clock, "demo", TODAY, "member", "run-1")
    assert not any("approved" in line for line in account_status(database, clock, "demo").waits_for)
