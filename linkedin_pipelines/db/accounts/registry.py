"""Rows of member accounts and of the audit of their changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Account, AccountBreaker, AccountChange, AccountLease, BirthdayList
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.states import BreakerState

# Accounts are locked with `key_share`, that is, FOR NO KEY UPDATE: rows that refer to an account may be inserted
# meanwhile. A plain FOR UPDATE would make an import wait that holds contacts which the list being built refers to.

_APPLY_LOCK = 0x4C504143
"""Key of the advisory lock that lets one mirroring of the accounts file run at a time ("LPAC")."""


def lock_for_apply(session: Session) -> None:
    """Wait for any other mirroring of the file to end. SQLite's writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPLY_LOCK})


def all_accounts(session: Session, *, locked: bool = False) -> list[Account]:
    """Every account, retired ones too, by slug; with `locked` held against other writers until the transaction ends."""
    query = select(Account).order_by(Account.slug)
    return list(session.scalars(query.with_for_update(key_share=True) if locked else query))


def first_list_date(session: Session) -> date | None:
    """The earliest day that any account has a list of; None if there is no list."""
    return session.scalar(select(func.min(BirthdayList.list_date)))


def find_account(session: Session, slug: str, *, locked: bool = False) -> Account | None:
    """The account of that slug, retired or not."""
    query = select(Account).where(Account.slug == slug)
    return session.scalars(query.with_for_update(key_share=True) if locked else query).one_or_none()


def get_account(session: Session, account_id: int) -> Account:
    """The account of that id, which there is."""
    return session.get_one(Account, account_id, populate_existing=True)


def lock_account(session: Session, account_id: int) -> Account:
    """The account of that id, held against other writers until the transaction ends."""
    return session.scalars(select(Account).where(Account.id == account_id).with_for_update(key_share=True)).one()


def create_account(session: Session, config: AccountConfig, now: datetime) -> Account:
    """A new account with its lease (held by nobody) and its breaker (closed)."""
    account = Account(slug=config.slug, config=config, created_at=now, updated_at=now)
    session.add(account)
    session.flush()
    session.add(AccountLease(account_id=account.id, holder=None, token=0, expires_at=None))
    session.add(AccountBreaker(account_id=account.id, state=BreakerState.CLOSED, failures=0, openings=0))
    session.flush()
    return account


def record_change(
    session: Session,
    account_id: int,
    now: datetime,
    changed_by: str,
    *,
    field: str,
    old: object,
    new: object,
    reason: str | None = None,
) -> None:
    """One line of the audit. Values are JSON-able; nothing secret is ever part of an account."""
    session.add(
        AccountChange(
            account_id=account_id,
            changed_at=now,
            changed_by=changed_by[:200],
            field=field,
            old_value=old,
            new_value=new,
            reason=reason,
        )
    )


def changes_of(session: Session, account_id: int) -> list[AccountChange]:
    """The audit of one account, oldest first."""
    query = select(AccountChange).where(AccountChange.account_id == account_id)
    return list(session.scalars(query.order_by(AccountChange.changed_at, AccountChange.id)))
