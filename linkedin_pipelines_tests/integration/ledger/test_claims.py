"""A claim takes the occasion and spends the quota, or says why not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account, Contact, Interaction, StopRequest
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import ContactStatus, EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import LeaseLostError, UnknownAccountError
from linkedin_pipelines_tests.builders import a_contact, an_account, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk, request

PARIS = ZoneInfo("Europe/Paris")


def test_a_claim_writes_down_all_that_is_known_before_the_click(desk: Desk) -> None:
    contact = desk.contact()
    interaction = desk.claimed(contact)
    with desk.database.reading() as session:
        row = session.get_one(Interaction, interaction)
    assert (row.account_id, row.contact_id, row.kind) == (desk.account_id, contact, InteractionKind.BIRTHDAY_MESSAGE)
    assert (row.status, row.run_id, row.lease_token) == (InteractionStatus.SENDING, "run-1", desk.lease.token)
    assert (row.body, row.template, row.list_date) == ("Happy birthday!", "plain", date(2026, 3, 18))
    assert (row.claimed_at, row.local_day) == (desk.clock.now(), date(2026, 3, 18))
    assert (row.clicked_at, row.settled_at, row.sent_at, row.reason, row.evidence) == (None,) * 5


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"status": ContactStatus.KNOWN}, Reason.NOT_CONNECTED),
        ({"status": ContactStatus.REMOVED}, Reason.NOT_CONNECTED),
        ({"profile_slug": None, "identity_key": "name:anna"}, Reason.NO_PROFILE_URL),
        ({"profile_slug": "demo-member", "identity_key": "demo-member"}, Reason.IS_SELF),
        (
            {"do_not_contact_since": datetime(2026, 1, 1, tzinfo=UTC), "do_not_contact_reason": "She asked."},
            Reason.DO_NOT_CONTACT,
        ),
        ({"birthday_disputed": True}, Reason.BIRTHDAY_DISPUTED),
    ],
)
def test_people_who_must_not_be_wished_are_skipped(desk: Desk, columns: dict[str, Any], reason: Reason) -> None:
    refused = desk.refused(desk.contact(**columns))
    assert (refused.reason, refused.status, refused.next_eligible_on) == (reason, EntryOutcome.SKIPPED, None)


def test_a_stop_request_holds_until_the_member_declines_it(desk: Desk) -> None:
    contact = desk.contact()
    with desk.database.writing() as session:
        said = StopRequest(
            account_id=desk.account_id, contact_id=contact, said_at=desk.clock.now(), excerpt="Please stop."
        )
        session.add(said)
    assert desk.refused(contact).reason is Reason.STOP_REQUESTED
    with desk.database.writing() as session:
        session.execute(update(StopRequest).values(decided_at=desk.clock.now(), accepted=False))
    desk.claimed(contact)


def test_a_person_erased_meanwhile_is_skipped(desk: Desk) -> None:
    contact = desk.contact()
    with desk.database.writing() as session:
        session.execute(delete(Contact))
    assert desk.refused(contact).reason is Reason.NOT_CONNECTED


def test_another_accounts_contact_is_nobody_to_this_one(desk: Desk) -> None:
    other = an_account(desk.database, "other")
    assert desk.refused(a_contact(desk.database, other)).reason is Reason.NOT_CONNECTED


@pytest.mark.parametrize(
    ("account", "columns", "reason"),
    [
        ({}, {"retired_at": datetime(2026, 1, 1, tzinfo=UTC)}, Reason.ACCOUNT_RETIRED),
        ({}, {"paused_at": datetime(2026, 1, 1, tzinfo=UTC), "pause_reason": "On holiday."}, Reason.ACCOUNT_PAUSED),
        ({"mode": "rehearsal"}, {}, Reason.NOT_LIVE),
        (
            {"base_url": "https://www.linkedin.com", "pace_seconds": [90, 180]},
            {"terms_accepted_at": None},
            Reason.TERMS_NOT_ACCEPTED,
        ),
    ],
)
def test_accounts_that_must_not_act_wait_for_a_human(
    database: Database, clock: ManualClock, account: dict[str, Any], columns: dict[str, Any], reason: Reason
) -> None:
    refused = Desk(database, clock, columns=columns, **account).refused()
    assert (refused.reason, refused.status, refused.next_eligible_on) == (reason, EntryOutcome.DEFERRED, None)


def test_the_terms_concern_the_real_site_alone(database: Database, clock: ManualClock) -> None:
    Desk(database, clock, columns={"terms_accepted_at": None}).claimed()


def test_outside_hours_the_next_open_day_is_named(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, hours="07:00-09:30", weekdays=["mon", "wed"])
    refused = desk.refused()  # Wednesday, 10:00 in Paris
    assert (refused.reason, refused.next_eligible_on) == (Reason.OUTSIDE_HOURS, date(2026, 3, 23))
    desk.at(datetime(2026, 3, 23, 9, 29, tzinfo=PARIS)).claimed()


def test_an_occasion_is_taken_once(desk: Desk) -> None:
    contact = desk.contact()
    desk.send(contact)
    refused = desk.refused(contact)
    assert (refused.reason, refused.status) == (Reason.ALREADY_WISHED, EntryOutcome.SKIPPED)
    assert "2026-03-18" in refused.explanation
    desk.send(contact, occasion_key="2027", occurrence_year=2027)


def test_an_occasion_under_way_or_in_doubt_is_not_taken_again(desk: Desk) -> None:
    contact = desk.contact()
    interaction = desk.claimed(contact)
    assert desk.refused(contact).reason is Reason.IN_FLIGHT
    desk.click(interaction)
    desk.settle(interaction, InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN)
    assert desk.refused(contact).reason is Reason.IN_DOUBT


def test_proof_that_nothing_went_out_frees_the_occasion(desk: Desk) -> None:
    contact = desk.contact()
    desk.settle(desk.claimed(contact), InteractionStatus.FAILED, Reason.PAGE_UNREADABLE)
    desk.send(contact)


def test_a_wish_sent_by_hand_takes_its_occasion(desk: Desk) -> None:
    contact = desk.contact()
    with desk.database.writing() as session:
        moment = desk.clock.now() - timedelta(hours=1)
        assert ledger.record_by_hand(session, desk.account_id, contact, 2026, moment, PARIS, "Bon anniversaire !")
        assert not ledger.record_by_hand(session, desk.account_id, contact, 2026, moment, PARIS, "Bon anniversaire !")
    assert desk.refused(contact).reason is Reason.WISHED_BY_HAND


def test_a_wish_of_ours_read_back_from_a_file_is_not_a_second_one(desk: Desk) -> None:
    contact = desk.contact()
    desk.send(contact)
    with desk.database.writing() as session:
        assert not ledger.record_by_hand(session, desk.account_id, contact, 2026, desk.clock.now(), PARIS, "Happy!")


def test_a_wish_by_hand_to_another_accounts_contact_is_an_error(desk: Desk) -> None:
    stranger = a_contact(desk.database, an_account(desk.database, "other"))
    with pytest.raises(Exception, match=r"(?i)foreign key"), desk.database.writing() as session:
        ledger.record_by_hand(session, desk.account_id, stranger, 2026, desk.clock.now(), PARIS, "Happy!")


def test_nothing_new_starts_while_an_attempt_is_unsettled(desk: Desk) -> None:
    interaction = desk.claimed()
    refused = desk.refused()
    assert (refused.reason, refused.status) == (Reason.UNSETTLED_IN_DOUBT, EntryOutcome.DEFERRED)
    desk.click(interaction)
    desk.settle(interaction, InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN)
    for _ in range(3):
        assert desk.refused().reason is Reason.UNSETTLED_IN_DOUBT
        desk.settle(interaction, InteractionStatus.IN_DOUBT)
    desk.claimed()  # three readings could not tell: the member decides, the account goes on


def test_what_waits_for_the_member_keeps_its_occasion_and_quota(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": {"per_run": 15, "per_day": 2, "per_week": 100}})
    contact = desk.contact()
    interaction = desk.claimed(contact)
    desk.click(interaction)
    for _ in range(4):
        desk.settle(interaction, InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN)
    assert desk.refused(contact).reason is Reason.IN_DOUBT
    desk.send()
    assert desk.refused().reason is Reason.DAY_QUOTA
    desk.settle(interaction, InteractionStatus.FAILED, Reason.NOT_DELIVERED, lease=None, not_sent_proven=True)
    desk.send(contact)


def test_an_open_breaker_names_the_day_it_closes(desk: Desk) -> None:
    with desk.database.writing() as session:
        for _ in range(3):
            breakers.record_failure(session, desk.account_id, desk.clock.now(), "The page is unreadable.", lambda: 0.0)
    refused = desk.refused()
    assert (refused.reason, refused.next_eligible_on) == (Reason.BREAKER_OPEN, date(2026, 3, 18))
    assert "10:15" in refused.explanation


def test_a_breaker_that_opened_since_the_claim_stops_the_click(desk: Desk) -> None:
    contact = desk.contact()
    desk.claimed(contact)
    wish = request(desk.account_id, contact)

    def against_click() -> Outcome | None:
        with desk.database.writing() as session:
            return ledger.against_click(session, wish, desk.lease, desk.clock.now())

    assert against_click() is None
    with desk.database.writing() as session:
        for _ in range(3):
            breakers.record_failure(session, desk.account_id, desk.clock.now(), "The page is unreadable.", lambda: 0.0)
    refused = against_click()
    assert refused is not None
    assert refused.reason is Reason.BREAKER_OPEN


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"body": None}, "birthday_message needs its text"),
        (
            {"kind": InteractionKind.PROFILE_VISIT, "occasion_key": "2026-03-18"},
            "profile_visit has no text",
        ),
    ],
)
def test_a_claim_has_a_text_exactly_if_its_kind_writes_one(desk: Desk, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        desk.claim(**fields)
    assert desk.claimed()


def test_a_refused_claim_leaves_the_probe_for_another(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": {"per_run": 1, "per_day": 15, "per_week": 100}})
    desk.send()
    with database.writing() as session:
        for _ in range(3):
            breakers.record_failure(session, desk.account_id, clock.now(), "It failed.", lambda: 0.0)
    clock.advance(minutes=20)
    desk.keep()
    assert desk.refused(run_id="run-1").reason is Reason.RUN_QUOTA
    probe = desk.claimed(run_id="run-2")
    desk.settle(probe, InteractionStatus.FAILED, Reason.PAGE_UNREADABLE)
    assert desk.refused(run_id="run-3").reason is Reason.BREAKER_OPEN  # the outcome of the probe is not known yet
    with database.writing() as session:
        breakers.record_success(session, desk.account_id, clock.now())
    desk.claimed(run_id="run-3")


def test_a_stop_sign_waits_for_a_human_without_end(desk: Desk) -> None:
    with desk.database.writing() as session:
        breakers.record_stop_sign(session, desk.account_id, desk.clock.now(), "challenge", "LinkedIn asks for a PIN.")
    desk.clock.advance(timedelta(days=30))
    desk.keep()
    refused = desk.refused()
    assert (refused.reason, refused.next_eligible_on) == (Reason.BREAKER_OPEN, None)
    with desk.database.writing() as session:
        breakers.resume(session, desk.account_id, desk.clock.now(), "PIN entered.", "cli:jane")
    desk.claimed()


def test_a_lost_lease_ends_the_run(desk: Desk) -> None:
    old = desk.expired()
    with pytest.raises(LeaseLostError, match="run run-1 no longer holds"):
        desk.claim(lease=old)


def test_a_lease_of_one_account_is_none_of_another(desk: Desk) -> None:
    other = an_account(desk.database, "other")
    with pytest.raises(ValueError, match="another account"), desk.database.writing() as session:
        ledger.claim(session, request(other, 1), desk.lease, desk.clock.now())


def test_an_account_that_does_not_exist_is_named(sqlite: Database) -> None:
    with pytest.raises(UnknownAccountError), sqlite.reading() as session:
        ledger.may_act(session, 77, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_rehearsal_checks_everything_and_leaves_no_trace(database: Database, clock: ManualClock) -> None:
    quotas = {"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 1}}
    desk = Desk(database, clock, mode="rehearsal", quotas=quotas)
    contact = desk.contact()
    for _ in range(3):
        with database.rehearsing() as session:
            outcome = ledger.claim(session, request(desk.account_id, contact), desk.lease, clock.now())
            assert isinstance(outcome, ledger.Claimed)
        with database.writing() as session:
            ledger.record_rehearsal(session, request(desk.account_id, contact), desk.lease, clock.now())
    with database.reading() as session:
        assert {row.status for row in session.scalars(select(Interaction))} == {InteractionStatus.REHEARSED}
        config = session.get_one(Account, desk.account_id).config
        left = ledger.quota_left(
            session, config, desk.account_id, InteractionKind.BIRTHDAY_MESSAGE, "run-1", clock.now()
        )
        assert (left.run, left.day, left.week) == (1, 1, 1)
    edit_account(database, desk.account_id, mode="live")
    desk.send(contact)
    with database.rehearsing() as session:
        outcome = ledger.claim(session, request(desk.account_id, contact), desk.lease, clock.now())
    assert isinstance(outcome, Outcome)
    assert outcome.reason is Reason.ALREADY_WISHED


def test_may_act_names_what_concerns_the_account_alone(database: Database, clock: ManualClock) -> None:
    account = an_account(database, hours="07:00-09:30", mode="rehearsal")
    with database.reading() as session:
        refused = ledger.may_act(session, account, clock.now())
        assert refused is not None
        assert refused.reason is Reason.OUTSIDE_HOURS
        assert ledger.may_act(session, account, clock.now() - timedelta(hours=1)) is None


def test_a_lease_must_have_been_taken_before_a_claim(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    never_held = leases.Lease(account, "run-1", 1, clock.now() + timedelta(minutes=1))
    with pytest.raises(LeaseLostError), database.writing() as session:
        ledger.claim(session, request(account, 1), never_held, clock.now())
