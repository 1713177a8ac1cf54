"""A day's list: everyone whose birthday it is about, with an outcome, a reason, and the exact words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.models import StopRequest
from linkedin_pipelines.domain.states import (
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)
from linkedin_pipelines.errors import UnknownAccountError
from linkedin_pipelines.services.accounts.registry import pause, resume
from linkedin_pipelines.services.birthdays.lists import build_list, read_list
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.building import TODAY, build, only
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

PLANNED, SKIPPED, DEFERRED = EntryOutcome.PLANNED, EntryOutcome.SKIPPED, EntryOutcome.DEFERRED


def test_a_birthday_of_the_day_is_planned_with_words_that_greet_by_name(database, clock, account):
    a_contact(database, account, "anna-example")
    view = build(database, clock)
    entry = only(view)
    assert (entry.outcome, entry.reason, entry.occurs_on, entry.occurrence_year) == (PLANNED, None, TODAY, 2026)
    assert "Anna" in entry.body
    assert entry.template.startswith("en/on_time/")
    assert read_list(database, "demo", TODAY) == view
    assert read_list(database, "demo", TODAY - timedelta(days=1)) is None
    assert view.forecast.planned == 1
    assert "Today's birthdays come first" in view.forecast.text


@pytest.mark.parametrize(
    ("columns", "outcome", "reason"),
    [
        ({"do_not_contact_since": LONG_AGO, "do_not_contact_reason": "asked me"}, SKIPPED, Reason.DO_NOT_CONTACT),
        ({"status": ContactStatus.KNOWN}, SKIPPED, Reason.NOT_CONNECTED),
        ({"status": ContactStatus.REMOVED}, SKIPPED, Reason.NOT_CONNECTED),
        ({"profile_slug": None}, SKIPPED, Reason.NO_PROFILE_URL),
        ({"profile_slug": "demo-member"}, SKIPPED, Reason.IS_SELF),
        ({"language": "it"}, SKIPPED, Reason.NO_TEMPLATE),
    ],
)
def test_everybody_left_out_stands_on_the_list_with_the_reason(database, clock, account, columns, outcome, reason):
    a_contact(database, account, **columns)
    entry = only(build(database, clock))
    assert (entry.outcome, entry.reason, entry.body) == (outcome, reason, None)
    assert entry.explanation.endswith((".", "asked me"))


@pytest.mark.parametrize(
    ("columns", "reason", "words"),
    [
        ({}, Reason.ALREADY_WISHED, "Was done on 2026-03-18."),
        ({"origin": InteractionOrigin.LEGACY}, Reason.ALREADY_WISHED, "Was done"),
        ({"origin": InteractionOrigin.BY_HAND, "list_date": None, "run_id": None}, Reason.WISHED_BY_HAND, "yourself"),
        ({"status": InteractionStatus.IN_DOUBT}, Reason.IN_DOUBT, "may have gone out"),
        ({"status": InteractionStatus.SENDING}, Reason.IN_FLIGHT, "under way"),
    ],
)
def test_an_occupied_occasion_is_left_out_and_says_since_when(database, clock, account, columns, reason, words):
    attempt(database, account, a_contact(database, account), **columns)
    entry = only(build(database, clock))
    assert (entry.outcome, entry.reason) == (SKIPPED, reason)
    assert words in entry.explanation
    if reason in {Reason.ALREADY_WISHED, Reason.WISHED_BY_HAND}:
        assert entry.next_eligible_on == date(2027, 3, 18)


def test_last_years_wish_and_a_rehearsal_occupy_nothing(database, clock, account):
    contact = a_contact(database, account)
    last_year = datetime(2025, 3, 18, 9, tzinfo=UTC)
    attempt(database, account, contact, occurrence_year=2025, sent_at=last_year, claimed_at=last_year)
    attempt(database, account, contact, status=InteractionStatus.REHEARSED)
    assert only(build(database, clock)).outcome is PLANNED


@pytest.mark.parametrize(("accepted", "reason"), [(None, Reason.STOP_REQUESTED), (True, Reason.DO_NOT_CONTACT)])
def test_who_asked_to_stop_is_left_out_until_the_member_declines_it(database, clock, account, accepted, reason):
    contact = a_contact(database, account)
    decided = LONG_AGO if accepted is not None else None
    with database.writing() as session:
        session.add(
            StopRequest(
                account_id=account,
                contact_id=contact,
                said_at=LONG_AGO,
                excerpt="Please stop.",
                decided_at=decided,
                accepted=accepted,
            )
        )
    assert only(build(database, clock)).reason is reason
    with database.writing() as session:
        row = session.query(StopRequest).one()
        row.decided_at, row.accepted = LONG_AGO, False
    assert only(build(database, clock)).outcome is PLANNED


def test_three_failed_attempts_are_enough_and_those_of_the_machine_do_not_count(database, clock, account):
    contact = a_contact(database, account)
    failed = {"status": InteractionStatus.FAILED}
    for reason in (
        Reason.INTERRUPTED,
        Reason.STOP_SIGN,
        Reason.BROWSER_FAILED,
        Reason.WRONG_PERSON,
        Reason.TEXT_MISMATCH,
    ):
        attempt(database, account, contact, **failed, reason=reason)
    assert only(build(database, clock)).outcome is PLANNED
    attempt(database, account, contact, **failed, reason=Reason.PAGE_UNREADABLE)
    entry = only(build(database, clock))
    assert (entry.outcome, entry.reason) == (SKIPPED, Reason.TOO_MANY_FAILURES)
    assert "3 attempts failed" in entry.explanation


def test_late_birthdays_get_late_words_and_the_limit_is_the_accounts(database, clock, account):
    contacts(database, account, ["anna-late", "bert-late"], birth_day=11)
    contacts(database, account, ["carl-lost"], birth_day=10)
    contacts(database, account, ["dora-coming"], birth_day=19)
    view = build(database, clock)
    assert {(entry.slug, entry.days_late) for entry in view.entries} == {("anna-late", 7), ("bert-late", 7)}
    assert all(entry.template.startswith("en/late/") for entry in view.entries)


def test_a_past_date_is_a_late_list_bounded_by_the_accounts_limit(database, clock, account):
    """The list of 14 March, built four days later: its own birthdays are late, those before 11 March are lost."""
    for day in (6, 9, 11, 14, 15):
        a_contact(database, account, f"born-{chr(64 + day)}x", birth_day=day, first_name="Anna")
    view = build(database, clock, date(2026, 3, 14))
    found = {entry.occurs_on.day: entry for entry in view.entries}
    assert set(found) == {9, 11, 14}
    assert (found[9].outcome, found[9].reason) == (SKIPPED, Reason.TOO_LATE)
    assert found[9].next_eligible_on == date(2027, 3, 9)
    assert [found[day].days_late for day in (11, 14)] == [7, 4]
    assert all(found[day].template.startswith("en/late/") for day in (11, 14))
    assert [entry.occurs_on.day for entry in view.entries] == [11, 14, 9], "what expires soonest goes first"


def test_a_date_that_has_not_begun_for_the_account_waits_for_it(database, clock, account):
    """At 23:30 in Paris it is Thursday in Tokyo, and still Wednesday for this account."""
    clock.set(datetime(2026, 3, 18, 22, 30, tzinfo=UTC))
    a_contact(database, account, birth_day=19)
    entry = only(build(database, clock, date(2026, 3, 19)))
    assert (entry.outcome, entry.reason, entry.next_eligible_on) == (DEFERRED, Reason.NOT_YET, date(2026, 3, 19))
    edit_account(database, account, timezone="Asia/Tokyo")
    assert only(build(database, clock, date(2026, 3, 19))).outcome is PLANNED


def test_a_30_dec_wished_late_is_last_years_and_the_next_30_dec_has_its_own(database, account):
    contact = a_contact(database, account, birth_month=12, birth_day=30)
    clock = ManualClock(datetime(2027, 1, 3, 9, tzinfo=UTC))
    late = only(build(database, clock, date(2027, 1, 3)))
    assert (late.outcome, late.occurrence_year, late.days_late) == (PLANNED, 2026, 4)
    sent = clock.now()
    attempt(database, account, contact, sent_at=sent, claimed_at=sent, local_day=date(2027, 1, 3))
    again = only(build(database, clock, date(2027, 1, 4)))
    assert again.reason is Reason.ALREADY_WISHED
    clock.set(datetime(2027, 12, 30, 9, tzinfo=UTC))
    assert only(build(database, clock, date(2027, 12, 30))).outcome is PLANNED


def test_a_birthday_corrected_across_new_year_is_not_wished_again(database, account):
    contact = a_contact(database, account, birth_month=1, birth_day=2)
    sent = datetime(2026, 12, 30, 9, tzinfo=UTC)
    attempt(database, account, contact, sent_at=sent, claimed_at=sent, local_day=date(2026, 12, 30))
    entry = only(build(database, ManualClock(datetime(2027, 1, 2, 9, tzinfo=UTC)), date(2027, 1, 2)))
    assert (entry.outcome, entry.reason) == (SKIPPED, Reason.ALREADY_WISHED)
    assert "corrected" in entry.explanation


@pytest.mark.parametrize(("rule", "kept"), [("feb28", date(2027, 2, 28)), ("mar1", date(2027, 3, 1))])
def test_29_feb_is_kept_by_the_members_rule_in_common_years(database, account, rule, kept):
    edit_account(database, account, leap_day=rule)
    a_contact(database, account, birth_month=2, birth_day=29)
    clock = ManualClock(datetime(2027, 3, 1, 9, tzinfo=UTC))
    entry = only(build(database, clock, date(2027, 3, 1)))
    assert (entry.outcome, entry.occurs_on, entry.occurrence_year) == (PLANNED, kept, 2027)


def test_today_goes_before_late_and_soonest_expiry_before_later(database, clock, account):
    for day in (18, 12, 16, 18):
        a_contact(database, account, birth_day=day)
    assert [entry.occurs_on.day for entry in build(database, clock).entries] == [18, 18, 12, 16]


def test_a_backlog_is_spread_by_quota_and_everybody_knows_until_when(database, clock, account):
    edit_account(database, account, quotas={"birthday_message": {"per_run": 15, "per_day": 2, "per_week": 5}})
    contacts(database, account, [f"late-{letter}" for letter in "abcdefg"], birth_day=17)
    a_contact(database, account, "anna-today")
    view = build(database, clock)
    assert [entry.outcome for entry in view.entries] == [PLANNED] * 2 + [DEFERRED] * 6
    assert view.entries[0].slug == "anna-today"
    assert [entry.reason for entry in view.entries[2:]] == [Reason.DAY_QUOTA] * 3 + [Reason.WEEK_QUOTA] * 3
    days = [entry.next_eligible_on for entry in view.entries[2:]]
    # Of the last three the week's limit lets none go before the wish has expired: a day would be a false promise.
    assert days == [TODAY + timedelta(days=1)] * 2 + [TODAY + timedelta(days=2)] + [None] * 3
    assert ["write by hand" in entry.explanation for entry in view.entries[2:]] == [False] * 3 + [True] * 3


def test_what_the_day_spent_already_is_missing_from_the_list(database, clock, account):
    edit_account(database, account, quotas={"birthday_message": {"per_run": 2, "per_day": 3, "per_week": 5}})
    for sent in contacts(database, account, ["one-sent", "two-sent"]):
        attempt(database, account, sent)
    contacts(database, account, ["anna-next", "bert-next"])
    view = build(database, clock)
    assert [entry.reason for entry in view.entries] == [None, Reason.DAY_QUOTA] + [Reason.ALREADY_WISHED] * 2


def test_a_run_limit_waits_for_the_next_run_of_the_same_day(database, clock, account):
    edit_account(database, account, quotas={"birthday_message": {"per_run": 1, "per_day": 9, "per_week": 9}})
    contacts(database, account, ["anna-run", "bert-run"])
    waiting = build(database, clock).entries[1]
    assert (waiting.reason, waiting.next_eligible_on) == (Reason.RUN_QUOTA, TODAY)


def test_a_paused_account_defers_everybody_and_resumes_with_the_same_words(database, clock, account):
    contacts(database, account, ["anna-pause", "bert-pause"])
    pause(database, clock, "demo", "On holiday.", "cli:ana")
    view = build(database, clock)
    assert {entry.reason for entry in view.entries} == {Reason.ACCOUNT_PAUSED}
    assert "On holiday" in view.entries[0].explanation
    resume(database, clock, "demo", "back", "cli:ana")
    assert {entry.outcome for entry in build(database, clock).entries} == {PLANNED}


def test_a_stop_sign_defers_everybody_until_a_human_resumes(database, clock, account):
    a_contact(database, account)
    with database.writing() as session:
        breakers.record_stop_sign(session, account, clock.now(), "challenge", "The site asks for a code.")
    entry = only(build(database, clock))
    assert (entry.outcome, entry.reason) == (DEFERRED, Reason.BREAKER_OPEN)
    assert "challenge" in entry.explanation


def test_a_disputed_birthday_is_held_and_explained(database, clock, account):
    a_contact(database, account, birthday_disputed=True)
    entry = only(build(database, clock))
    assert (entry.outcome, entry.reason) == (SKIPPED, Reason.BIRTHDAY_DISPUTED)
    assert "sources name different days" in entry.explanation.lower()
    assert entry.body is None


def test_other_accounts_people_are_never_on_the_list(database, clock, account):
    a_contact(database, an_account(database, "other"))
    assert build(database, clock).entries == ()
    with pytest.raises(UnknownAccountError):
        build_list(database, clock, "nobody", TODAY, "run-1")
