"""Accounts as the member wants them: mirrored from the file, paused, resumed, their notice accepted.

What belongs here: the use cases of `accounts apply|list|pause|resume` and of the accounts sensor. Every change leaves
an audit row: who, when, which field, from what to what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.accounts import registry as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.account import SLUG_PATTERN, AccountConfig
from linkedin_pipelines.errors import ConfigurationError, UnknownAccountError

_REASON_LIMIT = 1000


@dataclass(frozen=True)
class AppliedAccounts:
    """What mirroring the file changed, by slug. An account that comes back after retirement counts as changed."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class AccountView:
    """An account as it stands."""

    id: int
    slug: str
    config: AccountConfig
    paused_at: datetime | None
    pause_reason: str | None
    settle_first_since: datetime | None
    settle_first_reason: str | None
    terms_accepted_at: datetime | None
    retired_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def paused(self) -> bool:
        return self.paused_at is not None

    @property
    def retired(self) -> bool:
        return self.retired_at is not None


@dataclass(frozen=True)
class ChangeView:
    """One line of an account's audit."""

    changed_at: datetime
    changed_by: str
    field: str
    old: Any
    new: Any
    reason: str | None


def apply_accounts(
    database: Database, clock: Clock, configs: Sequence[AccountConfig], changed_by: str
) -> AppliedAccounts:
    """Make the database agree with the file: create, change, retire what is missing, bring back what returned.

    All of it is one transaction; a second call with the same accounts changes nothing. Nothing is ever deleted.

    Raises:
        ConfigurationError: a member is known under another slug: as a new account they would get fresh quotas, and
            do-not-contact would be forgotten.
    """
    created: list[str] = []
    changed: list[str] = []
    retired: list[str] = []
    unchanged: list[str] = []
    with database.writing() as session:
        rows.lock_for_apply(session)
        now = clock.now()
        known = {account.slug: account for account in rows.all_accounts(session, locked=True)}
        _refuse_members_under_another_slug(known, configs)
        for config in configs:
            account = known.pop(config.slug, None)
            if account is None:
                account = rows.create_account(session, config, now)
                rows.record_change(
                    session, account.id, now, changed_by, field="account", old=None, new=config.model_dump(mode="json")
                )
                created.append(config.slug)
                continue
            differences = _differences(account.config, config)
            if account.config.lowered:  # written anew, so that what is stored is what counts
                differences["ceilings"] = (list(account.config.lowered), None)
            if account.retired_at is not None:
                differences["retired"] = (True, False)
                account.retired_at = None
            for field, (old, new) in differences.items():
                rows.record_change(session, account.id, now, changed_by, field=field, old=old, new=new)
            if differences:
                account.config = config
                account.updated_at = now
            (changed if differences else unchanged).append(config.slug)
        for account in known.values():
            if account.retired_at is None:
                account.retired_at = account.updated_at = now
                reason = "no longer in the accounts file"
                rows.record_change(
                    session, account.id, now, changed_by, field="retired", old=False, new=True, reason=reason
                )
                retired.append(account.slug)
    return AppliedAccounts(tuple(created), tuple(changed), tuple(retired), tuple(unchanged))


def rename_account(database: Database, clock: Clock, old: str, new: str, by: str) -> AccountView:
    """Give an account another slug; its ledger, contacts and everything else stay its own.

    Screenshots taken so far stay in the folder that the ledger names. Retired accounts may be renamed too.

    Raises:
        UnknownAccountError: there is no account `old`.
        ConfigurationError: `new` is taken, or cannot be a slug.
    """
    with database.writing() as session:
        rows.lock_for_apply(session)
        account = rows.find_account(session, old, locked=True)
        if account is None:
            raise _unknown(old, account, rows.all_accounts(session))
        if rows.find_account(session, new) is not None:
            raise ConfigurationError(f"there is an account {new} already")
        if re.fullmatch(SLUG_PATTERN, new) is None:
            raise ConfigurationError(f"{new!r} cannot be a slug: it must match {SLUG_PATTERN}")
        now = clock.now()
        rows.record_change(session, account.id, now, by, field="slug", old=old, new=new)
        account.slug, account.config, account.updated_at = new, account.config.model_copy(update={"slug": new}), now
        return view_of(account)


def list_accounts(database: Database, *, retired: bool = False) -> list[AccountView]:
    """The accounts, by slug; those no longer in the file only with `retired`."""
    with database.reading() as session:
        return [view_of(account) for account in rows.all_accounts(session) if retired or account.retired_at is None]


def get_account(database: Database, slug: str, *, retired: bool = False) -> AccountView:
    """One account.

    Raises:
        UnknownAccountError: there is none of that slug, or it is retired and `retired` is not asked for.
    """
    with database.reading() as session:
        account = rows.find_account(session, slug)
        if account is not None and (retired or account.retired_at is None):
            return view_of(account)
        raise _unknown(slug, account, rows.all_accounts(session))


def account_changes(database: Database, slug: str) -> list[ChangeView]:
    """Who changed what of an account, oldest first; of a retired one too."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return [
            ChangeView(row.changed_at, row.changed_by, row.field, row.old_value, row.new_value, row.reason)
            for row in rows.changes_of(session, account.id)
        ]


def pause(database: Database, clock: Clock, slug: str, reason: str, by: str) -> AccountView:
    """Stop an account from sending until it is resumed; a second one keeps the first moment, with the new reason."""
    reason = _reason(reason, "a pause")
    with database.writing() as session:
        account = rows.find_account(session, slug, locked=True)
        if account is None or account.retired_at is not None:
            raise _unknown(slug, account, rows.all_accounts(session))
        now = clock.now()
        if account.paused_at is None or account.pause_reason != reason:
            rows.record_change(
                session, account.id, now, by, field="paused", old=account.paused_at is not None, new=True, reason=reason
            )
            account.paused_at = account.paused_at or now
            account.pause_reason = reason
            account.updated_at = now
        return view_of(account)


def resume(database: Database, clock: Clock, slug: str, reason: str, by: str) -> AccountView:
    """Let an account send again: ends its pause, and closes its breaker, a stop sign included."""
    reason = _reason(reason, "a resumption")
    with database.writing() as session:
        account = rows.find_account(session, slug, locked=True)
        if account is None or account.retired_at is not None:
            raise _unknown(slug, account, rows.all_accounts(session))
        now = clock.now()
        if account.paused_at is not None:
            rows.record_change(session, account.id, now, by, field="paused", old=True, new=False, reason=reason)
            account.paused_at = account.pause_reason = None
            account.updated_at = now
        breakers.resume(session, account.id, now, reason, by)
        return view_of(account)


def accept_terms(database: Database, clock: Clock, slug: str, by: str) -> AccountView:
    """Record that the member read `domain.terms.TERMS_NOTICE` and takes the risk; the first acceptance stands."""
    with database.writing() as session:
        account = rows.find_account(session, slug, locked=True)
        if account is None or account.retired_at is not None:
            raise _unknown(slug, account, rows.all_accounts(session))
        if account.terms_accepted_at is None:
            now = clock.now()
            rows.record_change(session, account.id, now, by, field="terms_accepted", old=False, new=True)
            account.terms_accepted_at = account.updated_at = now
        return view_of(account)


def view_of(account: Account) -> AccountView:
    """What the rest of the product sees of a stored account."""
    return AccountView(
        id=account.id,
        slug=account.slug,
        config=account.config,
        paused_at=account.paused_at,
        pause_reason=account.pause_reason,
        settle_first_since=account.settle_first_since,
        settle_first_reason=account.settle_first_reason,
        terms_accepted_at=account.terms_accepted_at,
        retired_at=account.retired_at,
        created_at=account.created_at,
        updated_at=account.updated_at,
    )


def _refuse_members_under_another_slug(known: Mapping[str, Account], configs: Sequence[AccountConfig]) -> None:
    slugs = {(each.config.base_url, each.config.profile_slug): slug for slug, each in known.items()}
    for config in configs:
        member = (config.base_url, config.profile_slug)
        here = known.get(config.slug)
        other = slugs.get(member, config.slug)
        if other != config.slug and (here is None or (here.config.base_url, here.config.profile_slug) != member):
            raise ConfigurationError(
                f"{config.slug}.profile_url: is the member of account {other}, whose quotas and do-not-contact stay in "
                f"force: keep the slug {other}, or rename it first: `linkedin-pipelines accounts rename {other} "
                f"{config.slug}`"
            )


def _unknown(slug: str, found: Account | None, known: Sequence[Account]) -> UnknownAccountError:
    if found is not None:
        return UnknownAccountError(
            f"account {slug} is retired: put it back into accounts.yaml and run `accounts apply`"
        )
    names = ", ".join(account.slug for account in known if account.retired_at is None)
    there = f"there are {names}" if names else "there are none; fill accounts.yaml and run `accounts apply`"
    return UnknownAccountError(f"no account {slug!r}: {there}")


def _reason(text: str, what: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ConfigurationError(f"{what} needs a reason, for whoever reads this account later")
    return text[:_REASON_LIMIT]


def _differences(old: AccountConfig, new: AccountConfig) -> dict[str, tuple[Any, Any]]:
    before, after = _flat(old.model_dump(mode="json")), _flat(new.model_dump(mode="json"))
    return {key: (before.get(key), after.get(key)) for key in {**before, **after} if before.get(key) != after.get(key)}


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """`{"late": {"max_days": 7}}` as `{"late.max_days": 7}`."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            result.update(_flat(value, f"{prefix}{key}."))
        else:
            result[prefix + key] = value
    return result
