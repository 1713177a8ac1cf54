"""Accounts mirrored into the database: every change leaves a trace, nothing is ever deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from linkedin_pipelines.db import breakers
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.models import Account, AccountBreaker, AccountChange, AccountLease
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.errors import ConfigurationError, UnknownAccountError
from linkedin_pipelines.services.accounts import (
    accept_terms,
    account_changes,
    apply_accounts,
    get_account,
    list_accounts,
    pause,
    resume,
)
from linkedin_pipelines_tests.builders import account_config

DEMO, OTHER = account_config("demo"), account_config("other")


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_new_accounts_come_with_lease_breaker_and_audit(database, clock):
    applied = apply_accounts(database, clock, [DEMO, OTHER], "cli:ana")
    assert (applied.created, applied.changed, applied.retired, applied.unchanged) == (("demo", "other"), (), (), ())
    assert [count(database, table) for table in (Account, AccountLease, AccountBreaker)] == [2, 2, 2]
    (change,) = account_changes(database, "demo")
    assert (change.changed_by, change.field, change.changed_at) == ("cli:ana", "account", clock.now())
    assert change.new["timezone"] == "Europe/Paris"


def test_applying_the_same_file_again_changes_nothing(database, clock):
    apply_accounts(database, clock, [DEMO, OTHER], "cli:ana")
    clock.advance(hours=1)
    before = get_account(database, "demo")
    applied = apply_accounts(database, clock, [OTHER, DEMO], "sensor:accounts")
    assert applied.unchanged == ("other", "demo")
    assert get_account(database, "demo") == before
    assert count(database, AccountChange) == 2


def test_each_changed_field_is_one_line_of_the_audit(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    clock.advance(days=1)
    quota = {"per_run": 1, "per_day": 2, "per_week": 100}
    edited = account_config("demo", mode="rehearsal", quotas={"birthday_message": quota})
    assert apply_accounts(database, clock, [edited], "sensor:accounts").changed == ("demo",)
    changes = account_changes(database, "demo")[1:]
    assert {(each.field, each.old, each.new) for each in changes} == {
        ("mode", "live", "rehearsal"),
        ("quotas.birthday_message.per_run", 15, 1),
        ("quotas.birthday_message.per_day", 15, 2),
    }
    assert {(each.changed_by, each.changed_at) for each in changes} == {("sensor:accounts", clock.now())}
    assert get_account(database, "demo").config == edited


def test_an_account_missing_from_the_file_is_retired_and_comes_back(database, clock):
    apply_accounts(database, clock, [DEMO, OTHER], "cli:ana")
    created = get_account(database, "other").id
    assert apply_accounts(database, clock, [DEMO], "cli:ana").retired == ("other",)
    assert [account.slug for account in list_accounts(database)] == ["demo"]
    assert [account.slug for account in list_accounts(database, retired=True)] == ["demo", "other"]
    assert get_account(database, "other", retired=True).retired
    with pytest.raises(UnknownAccountError, match=r"account other is retired: put it back into accounts.yaml"):
        get_account(database, "other")
    assert apply_accounts(database, clock, [DEMO], "cli:ana").retired == ()
    assert apply_accounts(database, clock, [DEMO, OTHER], "cli:bo").changed == ("other",)
    assert get_account(database, "other").id == created
    assert [each.field for each in account_changes(database, "other")] == ["account", "retired", "retired"]


def test_an_unknown_account_is_answered_with_those_there_are(database, clock):
    with pytest.raises(UnknownAccountError, match=r"there are none; fill accounts\.yaml"):
        get_account(database, "demo")
    apply_accounts(database, clock, [DEMO, OTHER], "cli:ana")
    with pytest.raises(UnknownAccountError, match="no account 'dmeo': there are demo, other"):
        get_account(database, "dmeo")
    for act in (pause, resume):
        with pytest.raises(UnknownAccountError):
            act(database, clock, "dmeo", "why", "cli:ana")


def test_pause_and_resume_keep_who_when_and_why(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    assert pause(database, clock, "demo", "on\nholiday ", "cli:ana").pause_reason == "on holiday"
    first = clock.now()
    clock.advance(hours=1)
    assert pause(database, clock, "demo", "on holiday", "cli:ana").paused_at == first
    assert pause(database, clock, "demo", "longer", "cli:bo").paused_at == first
    apply_accounts(database, clock, [DEMO], "cli:ana")
    assert get_account(database, "demo").paused, "the file does not end a pause"
    assert not resume(database, clock, "demo", "back", "cli:ana").paused
    resume(database, clock, "demo", "back", "cli:ana")
    rows = [
        (each.field, each.old, each.new, each.reason, each.changed_by) for each in account_changes(database, "demo")
    ]
    assert rows[1:] == [
        ("paused", False, True, "on holiday", "cli:ana"),
        ("paused", True, True, "longer", "cli:bo"),
        ("paused", True, False, "back", "cli:ana"),
    ]
    with pytest.raises(ConfigurationError, match="needs a reason"):
        pause(database, clock, "demo", "  ", "cli:ana")


def test_a_resumption_closes_the_breaker_that_a_stop_sign_opened(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    account = get_account(database, "demo")
    with database.writing() as session:
        breakers.record_stop_sign(session, account.id, clock.now(), "challenge", "The site asks for a code.")
    resume(database, clock, "demo", "solved by hand", "cli:ana")
    with database.reading() as session:
        assert breakers.get(session, account.id).stop_sign is None
    assert account_changes(database, "demo")[-1].reason == "solved by hand"


def test_the_notice_is_accepted_once_and_says_what_it_is_about(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    assert get_account(database, "demo").terms_accepted_at is None
    accept_terms(database, clock, "demo", "cli:ana")
    first = clock.now()
    clock.advance(timedelta(days=1))
    assert accept_terms(database, clock, "demo", "cli:bo").terms_accepted_at == first
    assert [each.changed_by for each in account_changes(database, "demo")[1:]] == ["cli:ana"]
    assert all(word in TERMS_NOTICE for word in ("User Agreement", "8.2", "forbids", "restricted", "lost"))
