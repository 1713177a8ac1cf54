"""A claim and the limits: per run, day and week, by any clock."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("caps", "reason", "next_day"),
    [
        ({"per_run": 2, "per_day": 15, "per_week": 100}, Reason.RUN_QUOTA, date(2026, 3, 18)),
        ({"per_run": 15, "per_day": 2, "per_week": 100}, Reason.DAY_QUOTA, date(2026, 3, 19)),
        ({"per_run": 15, "per_day": 15, "per_week": 2}, Reason.WEEK_QUOTA, date(2026, 3, 25)),
        ({"per_run": 2, "per_day": 2, "per_week": 2}, Reason.WEEK_QUOTA, date(2026, 3, 25)),
        ({"per_run": 15, "per_day": 0, "per_week": 100}, Reason.DAY_QUOTA, None),
    ],
)
def test_each_limit_is_met_exactly_and_names_the_next_day(
    database: Database, clock: ManualClock, caps: dict[str, int], reason: Reason, next_day: date | None
) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": caps})
    for _ in range(min(caps.values())):
        desk.send()
    refused = desk.refused()
    assert (refused.reason, refused.status, refused.next_eligible_on) == (reason, EntryOutcome.DEFERRED, next_day)


def test_kinds_have_limits_of_their_own(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 1}})
    desk.send()
    desk.send(kind=InteractionKind.PROFILE_VISIT, occasion_key="look:2026", body=None)
    assert desk.refused().reason is Reason.WEEK_QUOTA


def test_wishes_sent_by_hand_today_count(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": {"per_run": 15, "per_day": 2, "per_week": 3}})
    for hours in (1, 30):
        contact, sent_at = desk.contact(), clock.now() - timedelta(hours=hours)
        with database.writing() as session:
            ledger.record_by_hand(session, desk.account_id, contact, 2026, sent_at, PARIS, "Hello")
    desk.send()
    assert desk.refused().reason is Reason.WEEK_QUOTA
    edit_account(database, desk.account_id, quotas={"birthday_message": {"per_run": 15, "per_day": 2, "per_week": 100}})
    assert desk.refused().reason is Reason.DAY_QUOTA


def test_limits_edited_while_running_hold_at_once(desk: Desk) -> None:
    desk.send()
    edit_account(
        desk.database, desk.account_id, quotas={"birthday_message": {"per_run": 15, "per_day": 1, "per_week": 100}}
    )
    assert desk.refused().reason is Reason.DAY_QUOTA


def test_a_clock_set_back_makes_the_account_settle_first(desk: Desk) -> None:
    desk.send()
    desk.at(desk.clock.now() - timedelta(minutes=4)).send()  # two machines' clocks may differ a little
    desk.at(desk.clock.now() - timedelta(hours=5))
    refused = desk.refused()
    assert (refused.reason, refused.status) == (Reason.SETTLE_FIRST, EntryOutcome.DEFERRED)
    with desk.database.reading() as session:
        assert session.scalars(select(Account.settle_first_reason)).one() == "the clock of this machine was set back"
    assert desk.refused().reason is Reason.SETTLE_FIRST
    with desk.database.writing() as session:
        ledger.end_settle_first(session, desk.lease, desk.clock.now())
    desk.claimed()  # the ledger's future rows were looked at and do not hold the account up a second time


def test_a_clock_set_back_frees_no_quota(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock, quotas={"birthday_message": {"per_run": 15, "per_day": 2, "per_week": 100}})
    desk.send()
    desk.send()
    desk.at(clock.now() - timedelta(days=2))
    desk.refused()
    with database.writing() as session:
        ledger.end_settle_first(session, desk.lease, clock.now())
    assert desk.refused(run_id="run-9").reason is Reason.DAY_QUOTA


def test_two_claims_in_a_row_and_a_clock_that_stands_still(desk: Desk) -> None:
    desk.send()
    desk.send()
