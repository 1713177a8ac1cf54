"""Signed-in sessions: sealed, opened by the same key alone, warned of before they end."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from linkedin_pipelines.db.accounts import sessions as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ConfigurationError, SessionMissingError, UnknownAccountError
from linkedin_pipelines.services.accounts.sessions import describe_session, load_session, save_session
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock


def state(clock: ManualClock, days: float = 30, value: str = "AQED-very-secret") -> dict[str, Any]:
    ends = (clock.now() + timedelta(days=days)).timestamp()
    cookie = {"name": "li_at", "value": value, "domain": ".linkedin.com", "path": "/", "expires": ends}
    return {"cookies": [cookie], "origins": []}


def with_key(settings: Settings, key: str | None = None) -> Settings:
    return settings.model_copy(update={"secret_key": SecretStr(key or Fernet.generate_key().decode())})


def test_what_was_stored_comes_back_and_lies_sealed(database: Database, settings: Settings, clock: ManualClock) -> None:
    account_id = an_account(database)
    view = save_session(database, settings, "demo", state(clock), "demo-member", clock)
    assert (view.member_slug, view.days_left, view.expired, view.expires_soon) == ("demo-member", 30, False, False)
    assert load_session(database, settings, "demo", clock) == state(clock)
    assert describe_session(database, "demo", clock) == view
    with database.reading() as session:
        row = rows.find(session, account_id)
        assert row is not None
        assert b"secret" not in row.sealed_state
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert [path.name for path in settings.home.iterdir() if path.name.startswith("secret")] == ["secret.key"]


def test_a_later_session_replaces_the_earlier(sqlite: Database, settings: Settings, clock: ManualClock) -> None:
    an_account(sqlite)
    save_session(sqlite, settings, "demo", state(clock), None, clock)
    save_session(sqlite, settings, "demo", state(clock, value="newer"), "demo-member", clock)
    assert load_session(sqlite, settings, "demo", clock) == state(clock, value="newer")


def test_another_key_opens_nothing_and_says_so(sqlite: Database, settings: Settings, clock: ManualClock) -> None:
    an_account(sqlite)
    save_session(sqlite, with_key(settings), "demo", state(clock), None, clock)
    with pytest.raises(ConfigurationError, match="sealed with another key than LINKEDIN_SECRET_KEY"):
        load_session(sqlite, with_key(settings), "demo", clock)
    with pytest.raises(ConfigurationError, match=r"secret\.key does not exist"):
        load_session(sqlite, settings, "demo", clock)


@pytest.mark.parametrize("key", ["short", "x" * 44, "ä" * 44])
def test_a_malformed_key_is_one_clear_line(sqlite: Database, settings: Settings, clock: ManualClock, key: str) -> None:
    an_account(sqlite)
    with pytest.raises(ConfigurationError, match="LINKEDIN_SECRET_KEY holds no Fernet key"):
        save_session(sqlite, with_key(settings, key), "demo", state(clock), None, clock)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused(
    sqlite: Database, settings: Settings, clock: ManualClock, mode: int
) -> None:
    an_account(sqlite)
    save_session(sqlite, settings, "demo", state(clock), None, clock)
    settings.key_file.chmod(mode)
    with pytest.raises(ConfigurationError, match=r"run `chmod 600 .*secret\.key`"):
        load_session(sqlite, settings, "demo", clock)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        save_session(sqlite, settings, "demo", state(clock), None, clock)


def test_no_session_and_an_ended_one_name_the_way_out(sqlite: Database, settings: Settings, clock: ManualClock) -> None:
    an_account(sqlite)
    with pytest.raises(SessionMissingError, match="session login demo"):
        load_session(sqlite, settings, "demo", clock)
    assert describe_session(sqlite, "demo", clock) is None
    save_session(sqlite, settings, "demo", state(clock, days=8), None, clock)
    clock.advance(days=2)
    soon = describe_session(sqlite, "demo", clock)
    assert soon is not None
    assert soon.expires_soon
    assert not soon.expired
    clock.advance(days=7)
    with pytest.raises(SessionMissingError, match="ended on 2026-03-26"):
        load_session(sqlite, settings, "demo", clock)
    with pytest.raises(UnknownAccountError):
        load_session(sqlite, settings, "nobody", clock)


def test_a_cookie_without_an_end_is_not_expired(sqlite: Database, settings: Settings, clock: ManualClock) -> None:
    an_account(sqlite)
    forever = state(clock)
    forever["cookies"][0]["expires"] = -1
    view = save_session(sqlite, settings, "demo", forever, None, clock)
    assert (view.expires_at, view.days_left, view.expired, view.expires_soon) == (None, None, False, False)
    assert view.stored_at == datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
