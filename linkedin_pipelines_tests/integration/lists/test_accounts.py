"""Accounts mirrored into the database: every change leaves a trace, nothing is ever deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account, AccountBreaker, AccountChange, AccountLease
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.errors import ConfigurationError, UnknownAccountError
from linkedin_pipelines.services.accounts.mirroring import mirror_file
from linkedin_pipelines.services.accounts.registry import (
    accept_terms,
    account_changes,
    apply_accounts,
    get_account,
    list_accounts,
    pause,
    rename_account,
    resume,
)
from linkedin_pipelines.settings import Settings
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


def test_a_member_under_another_slug_is_refused_with_the_way_to_rename(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    renamed = DEMO.model_copy(update={"slug": "fresh"})
    with pytest.raises(ConfigurationError, match=r"is the member of account demo.*accounts rename demo fresh"):
        apply_accounts(database, clock, [renamed], "sensor:accounts")
    assert [account.slug for account in list_accounts(database)] == ["demo"]
    before = get_account(database, "demo").id
    assert rename_account(database, clock, "demo", "fresh", "cli:ana").id == before
    assert apply_accounts(database, clock, [renamed], "sensor:accounts").unchanged == ("fresh",)
    assert account_changes(database, "fresh")[-1].field == "slug"


def test_the_member_of_a_retired_account_is_refused_too(database, clock):
    apply_accounts(database, clock, [DEMO], "cli:ana")
    apply_accounts(database, clock, [], "cli:ana")
    with pytest.raises(ConfigurationError, match="accounts rename demo fresh"):
        apply_accounts(database, clock, [DEMO.model_copy(update={"slug": "fresh"})], "cli:ana")


def test_an_account_is_renamed_only_to_a_free_and_possible_slug(database, clock):
    apply_accounts(database, clock, [DEMO, OTHER], "cli:ana")
    with pytest.raises(ConfigurationError, match="there is an account other already"):
        rename_account(database, clock, "demo", "other", "cli:ana")
    with pytest.raises(ConfigurationError, match="cannot be a slug"):
        rename_account(database, clock, "demo", "a|b", "cli:ana")
    with pytest.raises(UnknownAccountError):
        rename_account(database, clock, "gone", "fresh", "cli:ana")


def test_two_machines_with_different_files_do_not_change_each_others_settings(database, clock, tmp_path):
    def machine(name: str, hours: str) -> Settings:
        home = tmp_path / name
        home.mkdir()
        settings = Settings.from_environment({"LINKEDIN_HOME": str(home), "LINKEDIN_DATABASE_URL": database.url})
        config = account_config("demo", hours=hours).model_dump(mode="json")
        settings.accounts_file.write_text(json.dumps({"accounts": [config]}))
        return settings

    one, two = machine("one", "07:00-19:00"), machine("two", "08:00-20:00")
    assert mirror_file(database, one, clock, "sensor:accounts").created == ("demo",)
    assert mirror_file(database, two, clock, "sensor:accounts").changed == ("demo",)
    for _ in range(3):
        assert mirror_file(database, one, clock, "sensor:accounts") is None
        assert mirror_file(database, two, clock, "sensor:accounts") is None
    assert get_account(database, "demo").config.hours == "08:00-20:00"
    one.accounts_file.write_text(one.accounts_file.read_text().replace("19:00", "18:00"))
    assert mirror_file(database, one, clock, "sensor:accounts").changed == ("demo",)


def test_a_file_that_was_just_written_is_left_to_come_to_rest(database, clock, settings):
    settings.accounts_file.write_text("accounts: []")
    clock.set(datetime.fromtimestamp(settings.accounts_file.stat().st_mtime, UTC) + timedelta(seconds=9))
    assert mirror_file(database, settings, clock, "sensor:accounts") is None
    clock.advance(seconds=2)  # a file's time has finer parts than a clock's
    assert mirror_file(database, settings, clock, "sensor:accounts") is not None
