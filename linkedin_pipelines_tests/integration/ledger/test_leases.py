"""One holder at a time, and a token that only grows; breakers and heartbeats as they are stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from linkedin_pipelines.db.accounts import breakers, heartbeats, leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import AccountChange
from linkedin_pipelines.domain.breaker import Breaker
from linkedin_pipelines.domain.states import BreakerState
from linkedin_pipelines.errors import LeaseHeldError, LeaseLostError
from linkedin_pipelines.services.actions import lease_keeper
from linkedin_pipelines.services.actions.lease_keeper import LeaseKeeper
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock


def take(database: Database, account_id: int, holder: str, clock: ManualClock) -> leases.Lease:
    with database.writing() as session:
        return leases.acquire(session, account_id, holder, clock.now())


def test_a_lease_has_one_holder(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    lease = take(database, account, "run-1", clock)
    assert lease.expires_at == clock.now() + timedelta(seconds=60)
    for holder in ("run-2", "run-1"):
        with pytest.raises(LeaseHeldError, match=r"run run-1 is at work .* until 09:01:00 UTC"):
            take(database, account, holder, clock)


def test_a_lease_given_back_or_expired_is_free_under_a_higher_token(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    first = take(database, account, "run-1", clock)
    with database.writing() as session:
        leases.release(session, first)
    second = take(database, account, "run-2", clock)
    clock.advance(seconds=60)
    third = take(database, account, "run-3", clock)
    assert first.token < second.token < third.token
    for lost in (first, second):
        with pytest.raises(LeaseLostError), database.writing() as session:
            leases.renew(session, lost, clock.now())
        with database.writing() as session:
            leases.release(session, lost)
    with database.writing() as session:
        leases.require(session, third, clock.now())


def test_a_renewed_lease_keeps_its_token_and_lasts_longer(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    lease = take(database, account, "run-1", clock)
    for _ in range(5):
        clock.advance(seconds=45)
        with database.writing() as session:
            lease = leases.renew(session, lease, clock.now())
    assert lease.expires_at == clock.now() + timedelta(seconds=60)
    with pytest.raises(LeaseHeldError):
        take(database, account, "run-2", clock)


def test_a_lease_taken_under_a_clock_that_was_set_back_holds_nobody_up(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    take(database, account, "run-1", clock)
    clock.advance(timedelta(days=-1))
    assert take(database, account, "run-2", clock).token == 2


def test_a_keeper_whose_lease_was_taken_ends_and_says_so(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_keeper, "RENEWAL_SECONDS", 0)
    account = an_account(database)
    keeper = LeaseKeeper(database, clock, take(database, account, "run-1", clock))
    clock.advance(minutes=2)
    other = take(database, account, "run-2", clock)
    with capture_logs() as lines:
        keeper._keep()  # in the background it would go on for as long as the lease is held
    assert [(each["event"], each["account_id"]) for each in lines] == [("lease_lost", account)]
    with database.writing() as session:
        leases.require_for(session, other, account, clock.now())


def test_accounts_do_not_share_leases(database: Database, clock: ManualClock) -> None:
    for slug in ("one", "two"):
        take(database, an_account(database, slug), "run-1", clock)


def test_a_breaker_survives_and_says_what_it_waits_for(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    with database.reading() as session:
        assert breakers.get(session, account) == Breaker()
    for _ in range(3):
        with database.writing() as session:
            assert breakers.allow(session, account, clock.now())
            breakers.record_failure(session, account, clock.now(), "The page is unreadable.", lambda: 0.5)
    reopened = Database(database.url)
    with reopened.reading() as session:
        found = breakers.get(session, account)
        assert not breakers.allow(session, account, clock.now())
    reopened.dispose()
    assert (found.state, found.failures, found.openings) == (BreakerState.OPEN, 3, 1)
    assert found.retry_at == clock.now() + timedelta(minutes=13.5)
    assert found.cause == "The page is unreadable."


def test_resuming_an_account_keeps_who_did_it_and_why(database: Database, clock: ManualClock) -> None:
    account = an_account(database)
    with database.writing() as session:
        breakers.record_stop_sign(session, account, clock.now(), "challenge", "LinkedIn asks for a PIN.")
        breakers.record_success(session, account, clock.now())
        assert not breakers.allow(session, account, clock.now())
        breakers.resume(session, account, clock.now(), "PIN entered by hand.", "cli:jane")
        breakers.resume(session, account, clock.now(), "Again, to be sure.", "cli:jane")
        assert breakers.allow(session, account, clock.now())
        (change,) = session.scalars(select(AccountChange))
    assert (change.changed_by, change.reason) == ("cli:jane", "PIN entered by hand.")
    assert change.old_value == {"state": "open", "stop_sign": "challenge", "cause": "LinkedIn asks for a PIN."}


def test_runs_that_fell_silent_are_found_and_ended_ones_are_not(database: Database, clock: ManualClock) -> None:
    with database.writing() as session:
        for run in ("dead", "ended", "alive"):
            heartbeats.beat(session, run, "pi", 1, clock.now())
        heartbeats.end(session, "ended", clock.now())
    clock.advance(minutes=2)
    with database.writing() as session:
        heartbeats.beat(session, "alive", "pi", 1, clock.now())
        assert heartbeats.stale(session, clock.now(), timedelta(minutes=1)) == ["dead"]
