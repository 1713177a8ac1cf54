"""Member accounts: accounts.yaml mirrored, who changed what, and their sealed browser sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Payload
from linkedin_pipelines.db.models.base import NEVER_REUSED, AccountRef, Base, Id, Sentence, Slug
from linkedin_pipelines.domain.account import AccountConfig


class Account(Base):
    """A member's account. Rows are retired, never deleted: the ledger refers to them for ever."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name="pause_explained"),
        CheckConstraint("(settle_first_since IS NULL) = (settle_first_reason IS NULL)", name="settle_first_explained"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(48), unique=True)
    config: Mapped[AccountConfig] = mapped_column(Payload(AccountConfig))
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[Sentence | None]
    settle_first_since: Mapped[datetime | None]
    """Set after a restore or a clock that jumped back: threads are read before anything is sent."""
    settle_first_reason: Mapped[Sentence | None]
    reconciled_interaction_id: Mapped[int | None]
    """Interactions up to this one were compared with the threads when the account last had to settle first."""
    audited_interaction_id: Mapped[int | None]
    """The audits found the ledger whole up to this interaction; None if they have to look at all of it."""
    audited_at: Mapped[datetime | None]
    """When they last looked at all of it."""
    unknown_from: Mapped[datetime | None]
    """From here to `unknown_until` more may have happened than the ledger knows: a backup of before was restored."""
    unknown_until: Mapped[datetime | None]
    terms_accepted_at: Mapped[datetime | None]
    """When the member accepted the notice that LinkedIn's User Agreement forbids automation."""
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AccountChange(Base):
    """One changed field of one account: the audit of who changed what, and when."""

    __tablename__ = "account_changes"
    __table_args__ = (Index("idx_account_change_account", "account_id", "changed_at"),)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    """Who: `cli:<login>`, `sensor:accounts`, `run:<id>`."""
    field: Mapped[str] = mapped_column(String(100))
    old_value: Mapped[object | None] = mapped_column(JSON)
    new_value: Mapped[object | None] = mapped_column(JSON)
    reason: Mapped[Sentence | None]


class BrowserSession(Base):
    """The signed-in state of an account's browser, sealed with Fernet. Never logged, never in a payload."""

    __tablename__ = "browser_sessions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    sealed_state: Mapped[bytes] = mapped_column(LargeBinary)
    member_slug: Mapped[Slug | None]
    """Who was signed in, as the site itself said, when the state was stored."""
    stored_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
