"""People an account is connected to, their birthdays with provenance, and their wish to be left alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.models.base import (
    NEVER_REUSED,
    AccountRef,
    Base,
    Id,
    Name,
    Sentence,
    Slug,
    contact_of_account,
)
from linkedin_pipelines.db.types import enumerated
from linkedin_pipelines.domain.states import BirthdaySource, ContactStatus, MatchRule

_DAY_OF_YEAR = "({m} BETWEEN 1 AND 12) AND ({d} BETWEEN 1 AND 31)"


class Contact(Base):
    """A person on an account's list.

    `identity_key` is the slug of the profile, or `name:<name key>` where a file gave no address. The birthday is the
    one that matching settled on among `birthday_records`; it is derived, and re-derived after every import.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("account_id", "identity_key"),
        UniqueConstraint("account_id", "profile_slug"),  # two rows for one profile would be two wishes to one person
        UniqueConstraint("account_id", "id"),  # lets other tables refer to a contact of their own account alone
        CheckConstraint(
            "(birth_month IS NULL) = (birth_day IS NULL) AND (birth_year IS NULL OR birth_month IS NOT NULL)",
            name="birthday_whole",
        ),
        CheckConstraint(
            f"birth_month IS NULL OR ({_DAY_OF_YEAR.format(m='birth_month', d='birth_day')})", name="birthday_real"
        ),
        CheckConstraint(
            "(do_not_contact_since IS NULL) = (do_not_contact_reason IS NULL)", name="do_not_contact_explained"
        ),
        Index("idx_contact_birth_date", "account_id", "birth_month", "birth_day"),
        Index("idx_contact_status", "account_id", "status"),
        Index("idx_contact_created_at", "account_id", "created_at"),
        Index("idx_contact_name_key", "account_id", "name_key"),
        Index("idx_contact_email", "account_id", "email"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    identity_key: Mapped[str] = mapped_column(String(410))
    profile_slug: Mapped[Slug | None]
    full_name: Mapped[Name]
    first_name: Mapped[Name]
    name_key: Mapped[Name]
    email: Mapped[str | None] = mapped_column(String(320))
    """Lower-cased; only what the connection chose to show."""
    company: Mapped[Name | None]
    position: Mapped[Name | None]
    connected_on: Mapped[date | None]
    facts_as_of: Mapped[date | None]
    """Day of the export that the facts above come from; an older export does not overwrite them. None for people who
    are only known from messages."""
    language: Mapped[str | None] = mapped_column(String(2))
    """Language to write to this person in, where the member set one; else the account's."""
    status: Mapped[ContactStatus] = mapped_column(enumerated(ContactStatus, "status"))
    birth_month: Mapped[int | None]
    birth_day: Mapped[int | None]
    birth_year: Mapped[int | None]
    birthday_source: Mapped[BirthdaySource | None] = mapped_column(enumerated(BirthdaySource, "birthday_source"))
    birthday_disputed: Mapped[bool] = mapped_column(default=False)
    """Two sources name different days: shown to the member, not overwritten."""
    do_not_contact_since: Mapped[datetime | None]
    do_not_contact_reason: Mapped[Sentence | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class BirthdayRecord(Base):
    """A birthday as one source states it, whether or not a contact was found for it.

    A date that is impossible or partial is kept with its refusal, so that the person is still counted and shown.
    """

    __tablename__ = "birthday_records"
    __table_args__ = (
        UniqueConstraint("account_id", "source", "record_key"),
        CheckConstraint(
            f"(refusal IS NULL AND {_DAY_OF_YEAR.format(m='month', d='day')}) OR "
            "(refusal IS NOT NULL AND month IS NULL AND day IS NULL AND year IS NULL)",
            name="date_or_refusal",
        ),
        CheckConstraint("(contact_id IS NULL) = (match_rule IS NULL)", name="match_explained"),
        contact_of_account(),
        Index("idx_birthday_record_contact", "contact_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    source: Mapped[BirthdaySource] = mapped_column(enumerated(BirthdaySource, "source"))
    record_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of who and when, as the source wrote it: the same row imported again is the same record."""
    name: Mapped[Name]
    name_key: Mapped[Name]
    profile_slugs: Mapped[list[str]] = mapped_column(JSON)
    emails: Mapped[list[str]] = mapped_column(JSON)
    month: Mapped[int | None]
    day: Mapped[int | None]
    year: Mapped[int | None]
    raw_date: Mapped[str] = mapped_column(String(100))
    refusal: Mapped[Sentence | None]
    contact_id: Mapped[int | None]
    match_rule: Mapped[MatchRule | None] = mapped_column(enumerated(MatchRule, "match_rule"))
    unmatched_reason: Mapped[Sentence | None]
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When a page of the site showed it last; None for what a file states."""
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))


class StopRequest(Base):
    """A reply such as "please stop": proposed for do-not-contact, never silently applied.

    Until the member decides, the person is left out of lists with this as the reason.
    """

    __tablename__ = "stop_requests"
    __table_args__ = (
        UniqueConstraint("contact_id", "said_at"),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decision_whole"),
        contact_of_account(),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    said_at: Mapped[datetime]
    excerpt: Mapped[Sentence]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
