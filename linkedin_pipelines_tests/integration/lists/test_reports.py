"""What happened, and how an account stands: nothing is missing, and all of it can be written as JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from linkedin_pipelines.cli.status import lines_of
from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account, BrowserSession, Contact, StopRequest
from linkedin_pipelines.domain.outcomes import deferred
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.errors import UnknownAccountError
from linkedin_pipelines.services.accounts.registry import pause
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.lists import build_list, note_outcome
from linkedin_pipelines.services.reporting.reports import account_status, campaign_report, interactions_of
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account, contacts
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

TODAY = date(2026, 3, 18)


@pytest.fixture
def account(database: Database) -> int:
    return an_account(database)


def as_json(view: object) -> str:
    return json.dumps(dataclasses.asdict(view), default=str)  # type: ignore[call-overload]


def test_a_report_has_a_row_for_everybody_with_what_became_of_them(database, clock, account):
    sent, failed, waiting, rehearsed = contacts(database, account, ["anna-x", "bert-x", "carl-x", "dora-x"])
    left_out = a_contact(database, account, do_not_contact_since=LONG_AGO, do_not_contact_reason="no")
    build_list(database, clock, "demo", TODAY, "run-1")
    approve(database, clock, "demo", TODAY, "member", "run-1")
    attempt(database, account, sent, body="Happy birthday, Anna!", evidence=Evidence(screenshots=("a.png",)))
    attempt(database, account, failed, status=InteractionStatus.FAILED, explanation="The page could not be read.")
    attempt(database, account, rehearsed, status=InteractionStatus.REHEARSED)
    note = deferred(Reason.OUTSIDE_HOURS, "Outside hours.", date(2026, 3, 19))
    note_outcome(database, "demo", TODAY, (waiting, 2026), note)
    report = campaign_report(database, clock, "demo", TODAY)
    people = {person.contact_id: person for person in report.people}
    assert {contact: person.status for contact, person in people.items()} == {
        sent: "sent",
        failed: "failed",
        waiting: "deferred",
        rehearsed: "rehearsed",
        left_out: "skipped",
    }
    assert people[sent].text == "Happy birthday, Anna!"
    assert people[sent].evidence["screenshots"] == ["a.png"]
    assert people[failed].explanation == "The page could not be read."
    assert people[waiting].next_eligible_on == date(2026, 3, 19)
    assert people[left_out].reason == "do_not_contact"
    assert report.counts == {"deferred": 1, "failed": 1, "rehearsed": 1, "sent": 1, "skipped": 1}
    assert (report.approved, report.approved_by) == (True, "member")
    assert (report.quota.used_today, report.quota.left_today) == (1, 14)
    assert "1 of 15 spent today" in report.summary
    assert "Today's birthdays come first" in as_json(report)


def test_who_was_wished_and_then_fell_off_the_list_is_still_reported(database, clock, account):
    contact = a_contact(database, account)
    attempt(database, account, contact)
    with database.writing() as session:
        session.get_one(Contact, contact).birth_day = 30
    build_list(database, clock, "demo", TODAY, "run-1")
    (person,) = campaign_report(database, clock, "demo", TODAY).people
    assert (person.status, person.occurs_on) == ("sent", None)


def test_a_date_without_a_list_has_an_empty_report_that_says_so(database, clock, account):
    report = campaign_report(database, clock, "demo", TODAY)
    assert (report.people, report.built_at, report.approved) == ((), None, False)
    assert report.summary == "No list was built for 2026-03-18."


def test_the_ledger_is_read_in_pages_that_do_not_shift(database, clock, account):
    people = contacts(database, account, [f"person-{letter}" for letter in "abcde"])
    ids = [attempt(database, account, person, run_id=f"run-{person % 2}") for person in people]
    first = interactions_of(database, "demo", limit=2)
    rest = interactions_of(database, "demo", after_id=first[-1].interaction_id)
    assert [row.interaction_id for row in [*first, *rest]] == ids
    by_run = interactions_of(database, "demo", run_id="run-1")
    assert {row.contact_id % 2 for row in by_run} == {1}
    assert interactions_of(database, "demo", list_date=TODAY - timedelta(days=1)) == []
    assert [row.contact_id for row in interactions_of(database, "demo", contact_id=people[2])] == [people[2]]
    assert interactions_of(database, "demo", statuses=[InteractionStatus.FAILED]) == []
    assert "Happy birthday!" in as_json(first[0])
    with pytest.raises(UnknownAccountError):
        interactions_of(database, "nobody")


def test_a_wish_by_hand_is_in_the_ledger_without_a_run(database, clock, account):
    by_hand = {"origin": InteractionOrigin.BY_HAND, "run_id": None, "list_date": None, "lease_token": None}
    attempt(database, account, a_contact(database, account), **by_hand)
    (row,) = interactions_of(database, "demo")
    assert (row.origin, row.run_id, row.status) == ("by_hand", None, "sent")


def test_the_status_of_an_account_at_rest(database, clock, account):
    contacts(database, account, ["anna-s", "bert-s"])
    status = account_status(database, clock, "demo")
    assert (status.mode, status.approval, status.local_time) == ("live", "automatic", "2026-03-18 10:00")
    assert (status.contacts["connected"], status.birthdays) == (2, 2)
    assert [(quota.kind, quota.left_today) for quota in status.quotas] == [
        ("birthday_message", 15),
        ("profile_visit", 20),
        ("invitation_withdrawal", 10),
        ("moment_message", 5),
    ]
    assert status.breaker.state == "closed"
    assert (status.lease, status.in_doubt, status.stop_requests) == (None, (), ())
    assert status.waits_for == ("Nobody is signed in: `session login` or `session import`.",)
    as_json(status)


def test_the_status_names_everything_that_holds_an_account_up(database, clock, account):
    contact = a_contact(database, account)
    attempt(database, account, contact, status=InteractionStatus.IN_DOUBT, evidence=Evidence(screenshots=("a.png",)))
    pause(database, clock, "demo", "On holiday.", "cli:ana")
    with database.writing() as session:
        breakers.record_stop_sign(session, account, clock.now(), "challenge", "The site asks for a code.")
        leases.acquire(session, account, "run-7", clock.now())
        session.add(StopRequest(account_id=account, contact_id=contact, said_at=LONG_AGO, excerpt="Please stop."))
        session.add(
            BrowserSession(
                account_id=account,
                sealed_state=b"sealed",
                member_slug="demo-member",
                stored_at=clock.now(),
                expires_at=datetime(2026, 4, 1, tzinfo=UTC),
            )
        )
    status = account_status(database, clock, "demo")
    assert status.breaker.stop_sign == "challenge"
    assert "accounts resume" in status.breaker.next_step
    assert status.lease.holder == "run-7"
    assert status.session.expires_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert status.in_doubt[0].screenshots == ("a.png",)
    assert status.stop_requests[0].excerpt == "Please stop."
    assert len(status.waits_for) == 4
    assert "sealed" not in as_json(status)
    clock.advance(minutes=5)
    assert account_status(database, clock, "demo").lease is None


@pytest.mark.parametrize(
    ("fields", "hinder", "said"),
    [
        ({"approval": "manual"}, "nothing", "Waits: The list waits for its approval."),
        ({}, "pause", "The account is paused: On holiday. `accounts resume` ends that."),
        ({"hours": "11:00-19:00"}, "nothing", "They open at 2026-03-18 11:00."),
        ({}, "breaker", "The account rests until 2026-03-18 10:"),
        ({}, "restored", "Recent conversations are read before anything is sent: The database was restored."),
    ],
)
def test_a_report_says_what_those_who_are_left_wait_for(database, clock, fields, hinder, said):
    account = an_account(database, **fields)
    contacts(database, account, ["anna-x"])
    build_list(database, clock, "demo", TODAY, "run-1")
    if hinder == "pause":
        pause(database, clock, "demo", "On holiday.", "cli:ana")
    with database.writing() as session:
        if hinder == "breaker":
            for _ in range(3):
                breakers.record_failure(session, account, clock.now(), "The page could not be read.")
        if hinder == "restored":
            row = session.get_one(Account, account)
            row.settle_first_since, row.settle_first_reason = clock.now(), "The database was restored."
    assert said in campaign_report(database, clock, "demo", TODAY).summary


def test_a_report_of_a_day_on_which_nobody_is_left_waits_for_nothing(database, clock, account):
    attempt(database, account, a_contact(database, account))
    build_list(database, clock, "demo", TODAY, "run-1")
    pause(database, clock, "demo", "On holiday.", "cli:ana")
    assert "Waits" not in campaign_report(database, clock, "demo", TODAY).summary


def test_a_breaker_and_a_used_up_limit_say_until_when(database, clock):
    account = an_account(database, quotas={"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 10}})
    wished, _ = contacts(database, account, ["anna-x", "bert-x"])
    build_list(database, clock, "demo", TODAY, "run-1")
    attempt(database, account, wished)
    assert campaign_report(database, clock, "demo", TODAY).summary.endswith(
        "The limit of messages is used up until 2026-03-19."
    )
    with database.writing() as session:
        for _ in range(3):
            breakers.record_failure(session, account, clock.now(), "The page could not be read.")
    shown = "\n".join(lines_of(account_status(database, clock, "demo"), Path("evidence")))
    assert "open, The page could not be read., one attempt from 2026-03-18 10:" in shown
