"""Signed-in sessions of accounts: sealed into the database, taken out again, described without being opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.accounts import sessions as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ConfigurationError, SessionMissingError
from linkedin_pipelines.services.accounts.crypto import seal, unseal
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.accounts.session_files import SIGN_IN_COOKIE
from linkedin_pipelines.settings import Settings

WARN_DAYS = 7
"""A session that ends within so many days is worth a word to the member."""


@dataclass(frozen=True)
class SessionView:
    """A stored session, without its contents."""

    account: str
    member_slug: str | None
    """Who was signed in, as the site itself said; None where it was never asked."""
    stored_at: datetime
    expires_at: datetime | None
    """When the sign-in cookie ends; None if it does not say."""
    days_left: int | None
    """Whole days until then, 0 on the last one, negative afterwards."""

    @property
    def expired(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def expires_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= WARN_DAYS


def save_session(
    database: Database,
    settings: Settings,
    account_slug: str,
    storage_state: Mapping[str, Any],
    member_slug: str | None,
    clock: Clock,
) -> SessionView:
    """Seal the state and keep it in place of any earlier one.

    Raises:
        UnknownAccountError: there is no such account.
        ConfigurationError: the sealing key cannot be used.
    """
    account = get_account(database, account_slug)
    sealed = seal(settings, json.dumps(storage_state, ensure_ascii=False).encode())
    now, expires_at = clock.now(), expiry_of(storage_state)
    with database.writing() as session:
        rows.save(session, account.id, sealed, member_slug=member_slug, stored_at=now, expires_at=expires_at)
    return view_of(account_slug, member_slug, now, expires_at, now)


def renew_session(
    database: Database,
    settings: Settings,
    account: AccountView,
    storage_state: Mapping[str, Any],
    opened_at: datetime,
    clock: Clock,
) -> bool:
    """Seal the state as a run leaves it, in place of the one that the run opened at `opened_at`; whether it was kept.

    A session that was stored since is the member's newer one and stays. So does the old one where the site showed a
    stop sign, or where no sign-in cookie is left: the run may have been signed out.

    Raises:
        ConfigurationError: the sealing key cannot be used.
    """
    if not any(cookie.get("name") == SIGN_IN_COOKIE for cookie in storage_state.get("cookies", [])):
        return False
    sealed, now = seal(settings, json.dumps(storage_state, ensure_ascii=False).encode()), clock.now()
    with database.writing() as session:
        row = rows.find(session, account.id)
        if row is None or row.stored_at > opened_at or breakers.get(session, account.id).stop_sign is not None:
            return False
        expires_at = expiry_of(storage_state)
        rows.save(session, account.id, sealed, member_slug=row.member_slug, stored_at=now, expires_at=expires_at)
    return True


def load_session(database: Database, settings: Settings, account_slug: str, clock: Clock) -> dict[str, Any]:
    """The stored state, opened.

    Raises:
        UnknownAccountError: there is no such account.
        SessionMissingError: none is stored, or its time is over.
        ConfigurationError: the sealing key is missing or another one.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        row = rows.find(session, account.id)
    if row is None:
        raise SessionMissingError(
            f"no session is stored for {account_slug}: sign in with `session login {account_slug}`, "
            f"or bring one with `session import {account_slug} FILE`."
        )
    if view_of(account_slug, row.member_slug, row.stored_at, row.expires_at, clock.now()).expired:
        raise SessionMissingError(
            f"the session of {account_slug} ended on {row.expires_at:%Y-%m-%d}: sign in again with "
            f"`session login {account_slug}`."
        )
    state = json.loads(unseal(settings, row.sealed_state))
    if not isinstance(state, dict):
        raise ConfigurationError(f"the stored session of {account_slug} is damaged; sign in again.")
    return state


def describe_session(database: Database, account_slug: str, clock: Clock) -> SessionView | None:
    """What is stored, without opening it; None if nothing is.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        row = rows.find(session, account.id)
    if row is None:
        return None
    return view_of(account_slug, row.member_slug, row.stored_at, row.expires_at, clock.now())


def ending(view: SessionView) -> str | None:
    """What to tell the member of a session that has ended or ends soon; None of one that lasts."""
    if not view.expires_soon:
        return None
    days = view.days_left or 0
    left = "less than a day" if days == 0 else "1 day" if days == 1 else f"{days} days"
    when = f"ended on {view.expires_at:%Y-%m-%d}" if view.expired else f"ends in {left}"
    return f"The session {when}: sign in again with `session login {view.account}`."


def expiry_of(storage_state: Mapping[str, Any]) -> datetime | None:
    """When the sign-in cookie of a storage state ends; None for a cookie that does not say."""
    ends = [
        float(cookie.get("expires", -1))
        for cookie in storage_state.get("cookies", [])
        if cookie.get("name") == SIGN_IN_COOKIE
    ]
    return datetime.fromtimestamp(min(ends), UTC) if ends and min(ends) > 0 else None


def view_of(
    account: str, member_slug: str | None, stored_at: datetime, expires_at: datetime | None, now: datetime
) -> SessionView:
    """A stored session as it stands at this moment."""
    days = (expires_at - now).days if expires_at is not None else None
    return SessionView(account, member_slug, stored_at, expires_at, days)
