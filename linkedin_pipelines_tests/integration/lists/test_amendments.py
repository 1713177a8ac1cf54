"""What the member changes on a list by hand holds for exactly that, and needs a new yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from linkedin_pipelines.cli.birthdays import command
from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.domain.wording import Template, Wordings
from linkedin_pipelines.domain.wording_files import built_in_wordings
from linkedin_pipelines.errors import AmendmentRefusedError, ListChangedError, NotOnListError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import approve, approved_messages
from linkedin_pipelines.services.birthdays.list_amendments import leave_out, take_back_in, write_own_text
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView, build_list, read_list
from linkedin_pipelines.services.reporting.reports import account_status
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts, edit_account
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
    view = write_own_text(database, clock, "demo", TODAY, manager, "All the best from the whole team, Mia.", "run-2")
    assert of(view, manager).body == "All the best from the whole team, Mia."
    approve(database, clock, "demo", TODAY, "member", "run-2")
    assert build_list(database, clock, "demo", TODAY, "run-3").content_hash == view.content_hash
    bodies = [message.body for message in approved_messages(database, "demo", TODAY).messages]
    assert "All the best from the whole team, Mia." in bodies


def test_decisions_outlive_a_list_on_which_the_person_was_not_to_be_wished(database, clock, people):
    """Such a rebuild used to drop the member's own words, and a person whose birthday was away meanwhile came back."""
    friend, manager = people
    words = "All the best from the whole team, Mia."
    build_list(database, clock, "demo", TODAY, "run-1")
    write_own_text(database, clock, "demo", TODAY, manager, words, "run-2")
    leave_out(database, clock, "demo", TODAY, friend, "grieves", "run-3")
    with database.writing() as session:
        for contact_id in people:
            session.get_one(Contact, contact_id).birth_day = 2
    assert [entry for entry in build_list(database, clock, "demo", TODAY, "run-4").entries if entry.body] == []
    with database.writing() as session:
        for contact_id in people:
            session.get_one(Contact, contact_id).birth_day = 18
    view = build_list(database, clock, "demo", TODAY, "run-5")
    assert (of(view, manager).body, of(view, friend).reason) == (words, Reason.LEFT_OUT)


def test_a_list_is_amended_from_the_command_line(sqlite, clock, tmp_path):
    contacts(sqlite, an_account(sqlite, approval="manual"), ["fred-grieves"])
    build_list(sqlite, clock, "demo", TODAY, "run-1")

    def amend(*words: str) -> str:
        around = CliContext(
            Settings.from_environment({"LINKEDIN_HOME": str(tmp_path), "LINKEDIN_DATABASE_URL": sqlite.url}),
            clock,
            debug=False,
        )
        told = CliRunner().invoke(command, ["amend", "demo", "/in/fred-grieves", *words], obj=around)
        assert told.exit_code == 0, told.output
        return told.output

    assert "planned. Thinking of you." in amend("--words", "Thinking of you.")
    assert "skipped. You left this person out this time: grieves" in amend("--leave-out", "grieves")
    assert "planned. Thinking of you." in amend("--take-back")


@pytest.mark.parametrize("text", ["", " ", "two\nlines", "double  blank", "Hi {first_name}", "x" * 1001, "\x07"])
def test_words_that_cannot_be_sent_as_they_stand_are_refused(database, clock, people, text):
    build_list(database, clock, "demo", TODAY, "run-1")
    with pytest.raises(AmendmentRefusedError, match="this text cannot be sent"):
        write_own_text(database, clock, "demo", TODAY, people[0], text, "run-2")


def test_nobody_is_left_out_after_the_wish(database, clock, people):
    friend, manager = people
    build_list(database, clock, "demo", TODAY, "run-1")
    attempt(database, get_account(database, "demo").id, friend, status=InteractionStatus.IN_DOUBT)
    build_list(database, clock, "demo", TODAY, "run-2")
    with pytest.raises(AmendmentRefusedError, match="may have gone out"):
        leave_out(database, clock, "demo", TODAY, friend, "too late", "run-3")
    with pytest.raises(NotOnListError, match="is not to be wished"):
        write_own_text(database, clock, "demo", TODAY, friend, "Hello!", "run-3")
    with pytest.raises(NotOnListError, match="is not on the list"):
        leave_out(database, clock, "demo", TOMORROW, manager, "why", "run-3")


def test_a_list_that_waits_for_the_members_yes_is_in_the_status(database, clock, people):
    build_list(database, clock, "demo", TODAY, "run-1")
    assert "2 wishes that nobody has approved" in account_status(database, clock, "demo").waits_for[-1]
    approve(database, clock, "demo", TODAY, "member", "run-1")
    assert not any("approved" in line for line in account_status(database, clock, "demo").waits_for)


@dataclass(frozen=True)
class Meanwhile(Wordings):
    """Words that are chosen while somebody else is at work on the database."""

    work: list[Callable[[], object]] = field(default_factory=list)

    def of(self, language: str, *, late: bool) -> tuple[Template, ...]:
        while self.work:
            self.work.pop()()
        return super().of(language, late=late)


@pytest.mark.parametrize("on", [TODAY, date(2026, 3, 17)])
def test_who_is_left_out_while_a_list_is_computed_stays_out(database, clock, people, on):
    friend, _ = people
    clock.set(datetime(2026, 3, 18, 9, tzinfo=UTC))
    build_list(database, clock, "demo", TODAY, "run-1")
    if on != TODAY:  # the person is on the list of another day too
        edit_account(database, get_account(database, "demo").id, late={"max_days": 2})
        with database.writing() as session:
            session.execute(update(Contact).where(Contact.id == friend).values(birth_day=17))
        build_list(database, clock, "demo", on, "run-1")
    words = Meanwhile(built_in_wordings().templates)
    words.work.append(lambda: leave_out(database, clock, "demo", on, friend, "grieves", "run-2"))
    built = build_list(database, clock, "demo", TODAY, "run-3", wordings=words)
    assert not words.work
    assert of(built, friend).reason is Reason.LEFT_OUT
    stored = read_list(database, "demo", TODAY)
    assert stored is not None
    assert stored.entries == built.entries
