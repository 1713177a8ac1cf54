"""Texts in which somebody may have been named, without the words of people who asked to be forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from linkedin_pipelines.db.contacts.people import BATCH
from linkedin_pipelines.db.models import (
    Account,
    AccountBreaker,
    AccountChange,
    CanaryProbe,
    ContactMoment,
    FileImport,
    InvitationSnapshot,
    LegacyContact,
    LegacyImport,
    LegacyRow,
    ListDecision,
    MomentReading,
    OccasionHold,
    PeopleSearch,
    RefusedRow,
    SentInvitation,
    SiteReading,
)
from linkedin_pipelines.domain.forgetting import Forgotten

_FREE_TEXTS: tuple[tuple[str, InstrumentedAttribute[Any], str], ...] = (
    ("audit", AccountChange.reason, "account_id"),
    ("audit", AccountChange.old_value, "account_id"),
    ("audit", AccountChange.new_value, "account_id"),
    ("accounts", Account.pause_reason, "id"),
    ("accounts", Account.settle_first_reason, "id"),
    ("breaker", AccountBreaker.cause, "account_id"),
    ("canary", CanaryProbe.reason, "account_id"),
    ("readings of pages", SiteReading.explanation, "account_id"),
    ("searches", PeopleSearch.query, "account_id"),
    ("searches", PeopleSearch.doubt, "account_id"),
    ("sent invitations", InvitationSnapshot.doubt, "account_id"),
    ("sent invitations", SentInvitation.explanation, "account_id"),
    ("moments", MomentReading.doubt, "account_id"),
    ("moments", ContactMoment.detail, "account_id"),
    ("imports", FileImport.file_name, "account_id"),
    ("imported databases", LegacyImport.file_name, "account_id"),
    ("imported databases", LegacyRow.fact, "account_id"),
    ("imported databases", LegacyContact.blocked, "account_id"),
    ("imported databases", OccasionHold.explanation, "account_id"),
    ("lists", ListDecision.left_out, "account_id"),
    ("lists", ListDecision.words, "account_id"),
)
"""Texts of an account that somebody may have been named in."""


def mask_free_texts(session: Session, account_id: int, forgotten: Forgotten) -> Counter[str]:
    """Take the words of forgotten people out of every free text of the account; the rows changed, by place."""
    changed: Counter[str] = Counter()
    for place, column, owner in _FREE_TEXTS:
        table = column.class_.__table__
        changed[place] += _mask(session, table, [column.key], table.c[owner] == account_id, forgotten)
    refused = RefusedRow.__table__
    ours = refused.c.import_id.in_(select(FileImport.id).where(FileImport.account_id == account_id))
    changed["refused rows"] += _mask(session, refused, ["excerpt", "reason", "member_file"], ours, forgotten)
    return +changed


def _mask(session: Session, table: Any, names: Sequence[str], ours: Any, forgotten: Forgotten) -> int:
    keys = list(table.primary_key.columns)
    query = select(*keys, *(table.c[name] for name in names)).where(ours).execution_options(yield_per=BATCH)
    changed = []
    for row in session.execute(query):
        before = row[len(keys) :]
        after = [masked(value, forgotten) for value in before]
        if list(before) != after:
            changed.append((row[: len(keys)], dict(zip(names, after, strict=True))))
    for key, values in changed:
        statement = update(table).values(values)
        for column, value in zip(keys, key, strict=True):
            statement = statement.where(column == value)
        session.execute(statement)
    return len(changed)


def masked(value: Any, forgotten: Forgotten) -> Any:
    """A text, or every text of a JSON value, without the words of forgotten people."""
    if isinstance(value, str):
        return forgotten.masked(value)
    if isinstance(value, dict):
        return {key: masked(each, forgotten) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, forgotten) for each in value]
    return value
