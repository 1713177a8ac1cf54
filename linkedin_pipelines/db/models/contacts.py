"""People an account is connected to: birthdays with provenance, hand-sent wishes, moments, wishes to be left alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkedin_pipelines.db.core.types import Growing, enumerated
from linkedin_pipelines.db.models.base import (
    NEVER_REUSED,
    AccountRef,
    Base,
    Id,
    Name,
    RunId,
    Sentence,
    Slug,
    contact_of_account,
)
from linkedin_pipelines.domain.moments import MomentKind
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
    birthday_source: Mapped[BirthdaySource | None] = mapped_column(Growing(BirthdaySource))
    birthday_disputed: Mapped[bool] = mapped_column(default=False)
    """Two sources name different days: shown to the member, not overwritten."""
    do_not_contact_since: Mapped[datetime | None]
    do_not_contact_reason: Mapped[Sentence | None]
    member_number: Mapped[str | None] = mapped_column(String(100))
    """The id of the person's URN, once a page of theirs has shown it."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ContactAlias(Base):
    """A profile address that a contact had before."""

    __tablename__ = "contact_aliases"
    __table_args__ = (
        UniqueConstraint("account_id", "profile_slug"),
        Index("idx_contact_alias_contact", "contact_id"),
        contact_of_account(),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    profile_slug: Mapped[Slug]
    since: Mapped[datetime]
    """When the contact was found under its other address."""


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
        Index("idx_birthday_record_entry", "account_id", "entry_key"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    source: Mapped[BirthdaySource] = mapped_column(Growing(BirthdaySource))
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
    entry_key: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of who alone: all that one entry of an address book ever stated, whatever the date."""
    other_name_keys: Mapped[list[str] | None] = mapped_column(JSON)
    """Other forms under which the source names the same person."""
    short_name_key: Mapped[Name | None]
    """First and family name without the middle, where the source tells them apart."""
    died: Mapped[bool | None]
    """The source says that the person has died; then nothing else that is stated of them makes a birthday."""


class BirthdayDecision(Base):
    """What the member settled for an entry that no rule could match: whose it is, or nobody's of this account."""

    __tablename__ = "birthday_decisions"
    __table_args__ = (UniqueConstraint("account_id", "entry_key"), contact_of_account())

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    entry_key: Mapped[str] = mapped_column(String(64))
    contact_id: Mapped[int | None]
    """None: it is none of the account's connections."""
    decided_at: Mapped[datetime]


class StopRequest(Base):
    """A reply such as "please stop": proposed for do-not-contact, never silently applied.

    Until the member decides, the person is left out of lists with this as the reason.
    """

    __tablename__ = "stop_requests"
    __table_args__ = (
        Index("idx_stop_request_contact", "contact_id", "said_at"),
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


class HandSentWish(Base):
    """One wish found among the member's own messages: what was said, and when.

    Which occasion it occupies depends on the birthday, which may become known, or change, long after the message was
    read. So the message is kept here, as it is, and the ledger's `by_hand` rows are derived from it again after every
    import; two wishes that fall on one occasion today may be of two occasions tomorrow.
    """

    __tablename__ = "hand_sent_wishes"
    __table_args__ = (UniqueConstraint("contact_id", "sent_at"), contact_of_account(), NEVER_REUSED)

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    sent_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))


class MomentReading(Base):
    """One reading of one tab."""

    __tablename__ = "moment_readings"
    __table_args__ = (
        CheckConstraint("people >= 0", name="people_counted"),
        Index("idx_moment_reading_day", "account_id", "kind", "local_day"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    kind: Mapped[MomentKind] = mapped_column(enumerated(MomentKind, "kind"))
    local_day: Mapped[date]
    read_at: Mapped[datetime]
    run_id: Mapped[RunId]
    people: Mapped[int]
    doubt: Mapped[Sentence | None]
    """Why these may not be all; None if the page's own count proved it."""


class ContactMoment(Base):
    """One moment of one contact, however often it was seen."""

    __tablename__ = "contact_moments"
    __table_args__ = (
        UniqueConstraint("account_id", "contact_id", "occasion_key"),
        CheckConstraint("first_seen_on <= seen_on", name="seen_in_order"),
        contact_of_account(),
        Index("idx_contact_moment_seen", "account_id", "seen_on"),
        Index("idx_contact_moment_contact", "contact_id"),
        NEVER_REUSED,
    )

    id: Mapped[Id]
    account_id: Mapped[AccountRef]
    contact_id: Mapped[int]
    kind: Mapped[MomentKind] = mapped_column(enumerated(MomentKind, "kind"))
    occasion_key: Mapped[str] = mapped_column(String(100))
    """What makes it this moment and no other; the ledger's key too."""
    detail: Mapped[Sentence]
    """What the card said beside the name, such as the new position; may be empty."""
    first_seen_on: Mapped[date]
    """The account's local day."""
    seen_on: Mapped[date]
