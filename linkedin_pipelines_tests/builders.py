"""Rows for tests: valid unless told otherwise, so that a test states only what it is about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account, Contact
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.states import ContactStatus

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1)


def account_config(slug: str = "demo", **fields: Any) -> AccountConfig:
    """A live, automatic account of a loopback site whose hours are the whole day."""
    values: dict[str, Any] = {
        "slug": slug,
        "display_name": "Demo Member",
        "profile_url": f"https://www.linkedin.com/in/{slug}-member",
        "base_url": "http://127.0.0.1:8765",
        "timezone": "Europe/Paris",
        "mode": "live",
        "approval": "automatic",
        "hours": "00:00-24:00",
        "pace_seconds": [0, 0],
    }
    return AccountConfig.model_validate(values | fields)


def an_account(database: Database, slug: str = "demo", *, columns: dict[str, Any] | None = None, **fields: Any) -> int:
    """Store an account; `fields` are those of accounts.yaml, `columns` those of the table. Its id."""
    config = account_config(slug, **fields)
    values: dict[str, Any] = {"created_at": LONG_AGO, "updated_at": LONG_AGO, "terms_accepted_at": LONG_AGO}
    with database.writing() as session:
        account = Account(slug=slug, config=config, **(values | (columns or {})))
        session.add(account)
        session.flush()
        return account.id


def edit_account(database: Database, account_id: int, **fields: Any) -> None:
    """Change fields of accounts.yaml of a stored account."""
    with database.writing() as session:
        account = session.get_one(Account, account_id)
        account.config = AccountConfig.model_validate(account.config.model_dump() | fields)


def a_contact(database: Database, account_id: int, slug: str | None = None, **columns: Any) -> int:
    """Store a connection with a birthday on 18 March. Its id."""
    return contacts(database, account_id, [slug or f"person-{next(_numbers)}"], **columns)[0]


def contacts(database: Database, account_id: int, slugs: list[str], **columns: Any) -> list[int]:
    """Store one connection a slug. Their ids, in order."""
    rows = []
    for slug in slugs:
        name = slug.replace("-", " ").title()
        values: dict[str, Any] = {
            "account_id": account_id,
            "identity_key": slug,
            "profile_slug": slug,
            "full_name": name,
            "first_name": name.split()[0],
            "name_key": name_key(name),
            "status": ContactStatus.CONNECTED,
            "birth_month": 3,
            "birth_day": 18,
            "created_at": LONG_AGO,
            "updated_at": LONG_AGO,
        }
        rows.append(Contact(**(values | columns)))
    with database.writing() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def slug_of_contact(database: Database, contact_id: int) -> str | None:
    """The profile slug of a stored contact."""
    with database.reading() as session:
        return session.scalars(select(Contact.profile_slug).where(Contact.id == contact_id)).one()
