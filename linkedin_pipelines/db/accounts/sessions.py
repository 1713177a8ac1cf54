"""The sealed browser session of each account: one row, replaced as a whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import BrowserSession


def save(
    session: Session,
    account_id: int,
    sealed_state: bytes,
    *,
    member_slug: str | None,
    stored_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Store the sealed state in place of any earlier one."""
    session.merge(
        BrowserSession(
            account_id=account_id,
            sealed_state=sealed_state,
            member_slug=member_slug,
            stored_at=stored_at,
            expires_at=expires_at,
        )
    )


def find(session: Session, account_id: int) -> BrowserSession | None:
    """The stored session of the account, if there is one."""
    return session.get(BrowserSession, account_id)
