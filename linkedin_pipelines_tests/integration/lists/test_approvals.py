"""The yes to a list: to exact texts for exact people, and to nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, ListEntry
from linkedin_pipelines.domain.outcomes import deferred
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, NotOnListError
from linkedin_pipelines.services.accounts.registry import pause, resume
from linkedin_pipelines.services.birthdays.approvals import ApprovalView, approve, approved_messages, latest_approval
from linkedin_pipelines.services.birthdays.lists import build_list, note_outcome, read_list
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

TODAY = date(2026, 3, 18)
PLANNED = EntryOutcome.PLANNED


@pytest.fixture
def account(database: Database) -> int:
    return an_account(database, approval="manual")


def build(database: Database, clock: ManualClock, on: date = TODAY):
    return build_list(database, clock, "demo", on, "run-1")


def say_yes(database: Database, clock: ManualClock, on: date = TODAY) -> ApprovalView:
    return approve(database, clock, "demo", on, "member", "run-2")


def test_what_is_approved_is_what_the_list_shows(database, clock, account):
    contacts(database, account, ["anna-yes", "bert-yes"])
    a_contact(database, account, do_not_contact_since=LONG_AGO, do_not_contact_reason="no")
    view = build(database, clock)
    approval = say_yes(database, clock)
    assert approval.content_hash == view.content_hash
    assert (approval.approved_by, approval.run_id, approval.covers_list) == ("member", "run-2", True)
    shown = [(entry.contact_id, entry.body) for entry in view.entries if entry.outcome is PLANNED]
    assert [(message.contact_id, message.body) for message in approval.messages] == shown
    assert approved_messages(database, "demo", TODAY).messages == approval.messages
    assert latest_approval(database, "demo", TODAY) == approval


def test_nothing_is_sent_of_a_list_nobody_built_or_nobody_approved(database, clock, account):
    with pytest.raises(NotApprovedError, match="was not built: materialize birthday_list"):
        approved_messages(database, "demo", TODAY)
    with pytest.raises(NotOnListError, match="materialize birthday_list first"):
        say_yes(database, clock)
    a_contact(database, account)
    build(database, clock)
    assert latest_approval(database, "demo", TODAY) is None
    with pytest.raises(NotApprovedError, match="was not approved: read it, then materialize approved_messages"):
        approved_messages(database, "demo", TODAY)


def test_an_empty_list_may_be_approved(database, clock, account):
    build(database, clock)
    assert say_yes(database, clock).messages == ()
    assert approved_messages(database, "demo", TODAY).messages == ()


def test_a_second_yes_to_the_same_content_changes_nothing(database, clock, account):
    a_contact(database, account)
    build(database, clock)
    first = say_yes(database, clock)
    clock.advance(hours=1)
    build(database, clock)
    assert say_yes(database, clock) == first


@pytest.mark.parametrize("change", ["person", "name", "do_not_contact"])
def test_a_list_that_changed_is_refused_until_it_is_approved_again(database, clock, account, change):
    first, _ = contacts(database, account, ["anna-old", "bert-old"])
    build(database, clock)
    say_yes(database, clock)
    if change == "person":
        a_contact(database, account, "carl-new")
    else:
        with database.writing() as session:
            contact = session.get_one(Contact, first)
            if change == "name":
                contact.first_name = "Annabel"
            else:
                contact.do_not_contact_since, contact.do_not_contact_reason = LONG_AGO, "asked"
    build(database, clock)
    with pytest.raises(ListChangedError, match="is not the one approved on 2026-03-18 09:00 UTC"):
        approved_messages(database, "demo", TODAY)
    assert not latest_approval(database, "demo", TODAY).covers_list
    say_yes(database, clock)
    assert (
        len(approved_messages(database, "demo", TODAY).messages)
        == {"person": 3, "name": 2, "do_not_contact": 1}[change]
    )


def test_a_rebuild_after_a_partial_send_keeps_the_approval(database, clock, account):
    people = contacts(database, account, ["anna-sent", "bert-failed", "carl-doubt", "dora-open", "emil-flight"])
    view = build(database, clock)
    say_yes(database, clock)
    bodies = {entry.contact_id: (entry.body, entry.template) for entry in view.entries}
    states = [InteractionStatus.SENT, InteractionStatus.FAILED, InteractionStatus.IN_DOUBT]
    for person, status in zip(people, states, strict=False):
        body, template = bodies[person]
        attempt(database, account, person, status=status, body=body, template=template)
    body, template = bodies[people[4]]
    attempt(database, account, people[4], status=InteractionStatus.SENDING, body=body, template=template)
    again = build(database, clock)
    assert again.content_hash == view.content_hash
    outcomes = {entry.contact_id: entry.reason for entry in again.entries}
    assert outcomes == dict(
        zip(people, [Reason.ALREADY_WISHED, None, Reason.IN_DOUBT, None, Reason.IN_FLIGHT], strict=True)
    )
    assert len(approved_messages(database, "demo", TODAY).messages) == 5


def test_waiting_does_not_end_an_approval(database, clock, account):
    """A pause, or a quota spent elsewhere, makes people wait; they were approved and stay so."""
    contacts(database, account, ["anna-wait", "bert-wait"])
    view = build(database, clock)
    say_yes(database, clock)
    pause(database, clock, "demo", "holiday", "cli:ana")
    assert build(database, clock).content_hash == view.content_hash
    resume(database, clock, "demo", "back", "cli:ana")
    edit_account(database, account, quotas={"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 1}})
    waiting = build(database, clock)
    assert [entry.outcome for entry in waiting.entries] == [PLANNED, EntryOutcome.DEFERRED]
    assert waiting.content_hash == view.content_hash
    assert len(approved_messages(database, "demo", TODAY).messages) == 2


def test_notes_of_a_run_do_not_end_an_approval(database, clock, account):
    contact = a_contact(database, account)
    build(database, clock)
    say_yes(database, clock)
    outcome = deferred(Reason.OUTSIDE_HOURS, "Outside hours.", TODAY)
    assert note_outcome(database, "demo", TODAY, (contact, 2026), outcome)
    assert len(approved_messages(database, "demo", TODAY).messages) == 1
    assert say_yes(database, clock).covers_list


def test_words_written_for_the_day_are_not_approved_the_day_after(database, clock, account):
    """Built in the evening, approved in the morning: by then the wishes are late and need other words."""
    a_contact(database, account)
    build(database, clock)
    clock.advance(days=1)
    with pytest.raises(ListChangedError, match="would be late by now: materialize birthday_list again"):
        say_yes(database, clock)
    build(database, clock)
    assert all("/late/" in message.template for message in say_yes(database, clock).messages)


def test_a_text_changed_behind_the_lists_back_is_refused(database, clock, account):
    a_contact(database, account)
    view = build(database, clock)
    say_yes(database, clock)
    with database.writing() as session:
        session.query(ListEntry).one().body = "Buy my product!"
    with pytest.raises(ListChangedError, match="1 with other words"):
        approved_messages(database, "demo", TODAY)
    with pytest.raises(ListChangedError, match="changed since it was built"):
        say_yes(database, clock)
    assert read_list(database, "demo", TODAY).content_hash == view.content_hash


def test_content_that_comes_back_is_approved_already(database, clock, account):
    a_contact(database, account, "anna-back")
    build(database, clock)
    first = say_yes(database, clock)
    other = a_contact(database, account, "bert-back")
    build(database, clock)
    clock.set(datetime(2026, 3, 18, 10, tzinfo=UTC))
    say_yes(database, clock)
    with database.writing() as session:
        session.get_one(Contact, other).birth_day = 30
    build(database, clock)
    assert latest_approval(database, "demo", TODAY) == first
    assert len(approved_messages(database, "demo", TODAY).messages) == 1
