"""Attacks on the promises of a campaign, each played on both databases against a site in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.contacts import stop_requests
from linkedin_pipelines.db.models import Account, Contact, Interaction, StopRequest
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.list_amendments import leave_out
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.integration.campaign.test_campaigns import PEOPLE, TODAY, Office, office
from linkedin_pipelines_tests.integration.campaign.test_sending import BODY, Desk, desk

__all__ = ["desk", "office"]

YESTERDAY = TODAY - timedelta(days=1)


def chat(desk: Desk, messages: int, on: date = TODAY) -> None:
    for number in range(messages):
        desk.site.say("jane-doe", f"How is life? {number}", on, own=False)


def test_a_message_below_twenty_others_is_never_taken_for_absent(desk: Desk) -> None:
    """20 messages of chat after a click that was never settled: what the page shows proves nothing."""
    wish = desk.wish()
    desk.site.unproven.add("jane-doe")
    assert desk.send(wish).status is InteractionStatus.IN_DOUBT
    desk.site.unproven.clear()
    chat(desk, 20)
    desk.site.pages = 10
    desk.settle()
    assert desk.statuses() == ["in_doubt"]
    assert desk.send(wish).status is EntryOutcome.SKIPPED
    assert len(desk.site.deliveries) == 1


def test_a_wish_by_hand_below_twenty_messages_is_no_clear_thread(desk: Desk) -> None:
    desk.site.say("jane-doe", "Happy birthday Jane!", TODAY)
    chat(desk, 20)
    desk.site.pages = 10
    outcome = desk.send(desk.wish())
    assert (outcome.status, outcome.reason) == (InteractionStatus.FAILED, Reason.PAGE_UNREADABLE)
    assert desk.site.deliveries == []


@pytest.mark.parametrize("rendered", [lambda t: f"{t} (edited)", lambda t: t.replace("!", "\N{PARTY POPPER}")])
def test_a_message_that_the_page_shows_otherwise_is_sent_once(desk: Desk, rendered: Callable[[str], str]) -> None:
    desk.site.rendered = rendered
    wish = desk.wish()
    assert desk.send(wish).status is InteractionStatus.IN_DOUBT
    desk.settle()
    assert desk.statuses() == ["sent"]
    assert desk.send(wish).reason is Reason.ALREADY_WISHED
    assert len(desk.site.deliveries) == 1


def test_a_message_that_cannot_be_recognized_is_left_to_the_member_and_sent_once(desk: Desk) -> None:
    desk.site.rendered = lambda _: "\N{BIRTHDAY CAKE}"
    wish = desk.wish()
    desk.send(wish)
    desk.settle()
    assert desk.statuses() == ["in_doubt"]
    assert desk.send(wish).reason is Reason.IN_DOUBT
    assert len(desk.site.deliveries) == 1


def test_own_messages_from_before_the_click_do_not_stand_for_it(desk: Desk) -> None:
    desk.site.say("jane-doe", "See you at lunch", TODAY)
    desk.site.say("jane-doe", "", TODAY, wordless=True)
    desk.site.lose_after_click.add("jane-doe")
    wish = desk.wish()
    assert desk.send(wish).status is InteractionStatus.IN_DOUBT
    [row] = desk.rows()
    assert row.events_before is not None
    assert [event.text for event in row.events_before.events] == ["See you at lunch", ""]
    desk.settle()
    assert desk.statuses() == ["failed"]


def change_before_the_click(desk: Desk, change: Callable[[], None]) -> Outcome:
    wish = desk.wish()
    desk.site.hooks["screenshot-written"] = lambda _: change()
    outcome = desk.send(wish)
    assert desk.site.deliveries == []
    assert desk.statuses() == ["failed"]
    assert desk.rows()[0].clicked_at is None
    return outcome


def on_contact(desk: Desk, **columns: object) -> Callable[[], None]:
    def change() -> None:
        with desk.database.writing() as session:
            contact = session.scalars(select(Contact)).one()
            for name, value in columns.items():
                setattr(contact, name, value)

    return change


def test_do_not_contact_set_between_claim_and_click_means_no_click(desk: Desk) -> None:
    marked = on_contact(desk, do_not_contact_since=desk.clock.now(), do_not_contact_reason="asked me")
    outcome = change_before_the_click(desk, marked)
    assert (outcome.status, outcome.reason) == (EntryOutcome.SKIPPED, Reason.DO_NOT_CONTACT)


def test_a_pause_set_between_claim_and_click_means_no_click(desk: Desk) -> None:
    def pause() -> None:
        with desk.database.writing() as session:
            account = session.get_one(Account, desk.account_id)
            account.paused_at, account.pause_reason = desk.clock.now(), "on holiday"

    outcome = change_before_the_click(desk, pause)
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.ACCOUNT_PAUSED)


def test_a_stop_sign_met_elsewhere_between_claim_and_click_means_no_click(desk: Desk) -> None:
    def stop() -> None:
        with desk.database.writing() as session:
            breakers.record_stop_sign(session, desk.account_id, desk.clock.now(), "captcha", "A captcha.")

    assert change_before_the_click(desk, stop).reason is Reason.BREAKER_OPEN
    with desk.database.reading() as session:
        assert breakers.get(session, desk.account_id).stop_sign == "captcha"


def test_a_request_to_stop_imported_between_claim_and_click_means_no_click(desk: Desk) -> None:
    def asked() -> None:
        with desk.database.writing() as session:
            contact = session.scalars(select(Contact.id)).one()
            stop_requests.propose(session, desk.account_id, contact, desk.clock.now(), "Please stop.")

    assert change_before_the_click(desk, asked).reason is Reason.STOP_REQUESTED


def test_hours_that_end_between_claim_and_click_mean_no_click(desk: Desk) -> None:
    def close() -> None:
        edit_account(desk.database, desk.account_id, hours="01:00-02:00")

    assert change_before_the_click(desk, close).reason is Reason.OUTSIDE_HOURS


def test_a_new_request_to_stop_on_the_day_of_a_declined_one_is_heard(office: Office) -> None:
    office.site.say(PEOPLE[0], "Please stop messaging me.", YESTERDAY, own=False)
    office.run()
    with office.database.writing() as session:
        assert stop_requests.decide(session, office.people[0], office.clock.now(), accepted=False) == 1
    office.site.say(PEOPLE[0], "I mean it, stop messaging me.", YESTERDAY, own=False)
    [heard] = office.run()
    assert (heard.status, heard.reason) == (EntryOutcome.SKIPPED, Reason.STOP_REQUESTED)
    with office.database.writing() as session:
        assert [row.excerpt for row in session.scalars(select(StopRequest).order_by(StopRequest.id))] == [
            "Please stop messaging me.",
            "I mean it, stop messaging me.",
        ]
        stop_requests.decide(session, office.people[0], office.clock.now(), accepted=False)
    assert [each.status for each in office.run()] == [InteractionStatus.SENT]


def test_a_birthday_corrected_after_the_approval_is_not_wished(office: Office) -> None:
    office.build()
    office.approve()
    with office.campaign() as run:
        first, *rest = run.planned()
        with office.database.writing() as session:
            session.get_one(Contact, first.contact_id).birth_day = 25
        outcome = run.deliver(first)
        assert (outcome.status, outcome.reason) == (EntryOutcome.SKIPPED, Reason.BIRTHDAY_CHANGED)
        assert {run.deliver(entry).status for entry in rest} == {InteractionStatus.SENT}
    assert len(office.site.deliveries) == 4


def test_words_for_the_day_do_not_go_out_after_midnight(office: Office) -> None:
    office.clock.set(datetime(2026, 3, 18, 22, 59, 30, tzinfo=UTC))  # half a minute before midnight in Paris
    office.build()
    office.approve()
    with office.campaign() as run:
        first, second, *_ = run.planned()
        assert run.deliver(first).status is InteractionStatus.SENT
        office.site.hooks["screenshot-written"] = lambda _: [office.clock.advance(seconds=40)].clear()
        outcome = run.deliver(second)
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.DAY_CHANGED)
    assert len(office.site.deliveries) == 1
    assert [row.clicked_at is None for row in office.rows()] == [False, True]


def test_a_list_built_anew_meanwhile_does_not_break_the_run_that_sends_it(office: Office) -> None:
    office.build()
    office.approve()
    with office.campaign() as run:
        first, second, third, *rest = run.planned()
        leave_out(office.database, office.clock, "demo", TODAY, first.contact_id, "her father died", "run-x")
        with office.database.writing() as session:
            session.get_one(Contact, second.contact_id).birth_day = 25
        build_list(office.database, office.clock, "demo", TODAY, "run-y")
        left_out, gone = run.deliver(first), run.deliver(second)
        assert (left_out.status, left_out.reason) == (EntryOutcome.SKIPPED, Reason.LEFT_OUT)
        assert (gone.status, gone.reason) == (EntryOutcome.DEFERRED, Reason.NOT_APPROVED)
        assert {run.deliver(entry).status for entry in (third, *rest)} == {InteractionStatus.SENT}


def test_the_pause_between_two_people_holds_across_runs_and_after_settling(office: Office) -> None:
    office.build()
    office.approve()
    with office.campaign() as run:
        run.deliver(run.planned()[0])
    edit_account(office.database, office.account_id, pace_seconds=[90, 90])
    office.clock.advance(seconds=30)
    office.clock.slept.clear()
    with office.campaign() as run:
        run.deliver(run.planned()[1])
    assert sum(office.clock.slept) == pytest.approx(60)


def test_an_account_whose_clock_was_set_back_gets_going_again(office: Office) -> None:
    """Settling first used to be rolled back with the check that had found it, and the account fell silent for good."""
    office.build()
    office.approve()
    with office.campaign() as run:
        run.deliver(run.planned()[0])
    office.clock.advance(hours=-1)
    with office.campaign() as run:
        rest = [run.deliver(entry).status for entry in run.planned()]
    assert InteractionStatus.SENT in rest
    assert len(office.site.deliveries) == len({slug for slug, _ in office.site.deliveries}) == 5
    assert get_account(office.database, "demo").settle_first_since is None


def test_after_a_restore_a_picture_without_words_is_no_wish_by_hand(office: Office) -> None:
    office.site.say(PEOPLE[0], "", TODAY, wordless=True)
    now = office.clock.now()
    with office.database.writing() as session:
        ledger.put_settle_first(session, office.account_id, now, "restored from a backup", now)
    office.clock.advance(days=1)
    assert [each.status for each in office.run()] == [InteractionStatus.SENT] * 5


@pytest.mark.parametrize("kind", ["profile_visit", "invitation_withdrawal"])
def test_after_a_restore_what_leaves_no_day_to_read_counts_as_done(office: Office, kind: str) -> None:
    with office.database.writing() as session:
        ledger.put_settle_first(session, office.account_id, office.clock.now(), "restored from a backup")
    config = get_account(office.database, "demo").config
    with office.database.reading() as session:
        left = ledger.quota_left(session, config, office.account_id, kind, None, office.clock.now())
        messages = ledger.quota_left(session, config, office.account_id, "birthday_message", None, office.clock.now())
    assert (left.day, left.week) == (0, 0)
    assert messages.day == config.quotas.birthday_message.per_day
    office.clock.advance(days=8)
    with office.database.reading() as session:
        later = ledger.quota_left(session, config, office.account_id, kind, None, office.clock.now())
    assert later.day == getattr(config.quotas, kind).per_day


def test_a_refused_rehearsal_is_called_the_same_by_the_step_and_by_the_ledger(desk: Desk) -> None:
    desk.site.say("jane-doe", "Happy birthday Jane!", TODAY)
    outcome = desk.send(desk.wish(), live=False)
    assert (outcome.status, outcome.reason) == (InteractionStatus.REFUSED, Reason.WISHED_BY_HAND)
    with desk.database.reading() as session:
        row = session.scalars(select(Interaction).where(Interaction.status == InteractionStatus.REFUSED)).one()
    assert row.reason is Reason.WISHED_BY_HAND
    assert row.body == BODY


def test_the_member_number_tells_a_person_again_under_another_address_and_carries_the_mark(office: Office) -> None:
    """A page that shows the number of somebody on do-not-contact is theirs, whatever its address and name."""
    first, second = PEOPLE[0], PEOPLE[1]
    office.site.numbers = {slug: f"ACoAA{number}" for number, slug in enumerate(PEOPLE)}
    assert {each.status for each in office.run(live=False)} == {InteractionStatus.REHEARSED}
    with office.database.writing() as session:
        [known] = session.scalars(select(Contact).where(Contact.profile_slug == first))
        assert known.member_number == "ACoAA0"
        known.do_not_contact_since, known.do_not_contact_reason = office.clock.now(), "a private matter"
        [other] = session.scalars(select(Contact).where(Contact.profile_slug == second))
        other.member_number = None
    office.site.numbers[second] = "ACoAA0"
    outcomes = office.run()
    refused = [each for each in outcomes if each.status is EntryOutcome.SKIPPED]
    assert [each.reason for each in refused] == [Reason.DO_NOT_CONTACT]
    assert {slug for slug, _ in office.site.deliveries} == set(PEOPLE[2:])
    with office.database.reading() as session:
        [marked] = session.scalars(select(Contact).where(Contact.profile_slug == second))
    assert marked.do_not_contact_reason == f"the same member as /in/{first}: a private matter"
