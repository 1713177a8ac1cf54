"""Birthdays of the right person: what the member settled, who has died, and names under every form they are written in.

Names are compared anew (hyphens, direction marks, emoji, a Turkish i), and the empty dates of programs that were taken
for birthdays are refused. Written out in full: what the code says later does not change what this did.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from linkedin_pipelines.db.migrations.enumerations import replace_values

revision = "0020_right_person"
down_revision = "0062_sent_invitations"
branch_labels = None
depends_on = None

_BEFORE = ("profile_url", "email", "full_name")
_AFTER = ("member", *_BEFORE)
_EMPTY = re.compile(r"(?:1970-?01-?01|0001-?01-?01|1601-?01-?01|1899-?12-?30)(?:[T ].*)?")
_REFUSAL = "the birthday is the empty date of a program, not a day"
_FOLDED = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u2043", "-")
    | {"\u0131": "i", "\u00ad": None}
)


def upgrade() -> None:
    op.add_column("birthday_records", sa.Column("entry_key", sa.String(length=64), nullable=True))
    op.add_column("birthday_records", sa.Column("other_name_keys", sa.JSON(), nullable=True))
    op.add_column("birthday_records", sa.Column("short_name_key", sa.String(length=400), nullable=True))
    op.add_column("birthday_records", sa.Column("died", sa.Boolean(), nullable=True))
    replace_values("birthday_records", "match_rule", _BEFORE, _AFTER)
    op.create_index("idx_birthday_record_entry", "birthday_records", ["account_id", "entry_key"])
    op.create_table(
        "birthday_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_birthday_decisions_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_birthday_decisions_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_birthday_decisions")),
        sa.UniqueConstraint("account_id", "entry_key", name=op.f("uq_birthday_decisions_account_id_entry_key")),
    )
    _compare_names_anew()
    _know_entries_and_empty_dates()


def downgrade() -> None:
    op.drop_table("birthday_decisions")
    op.execute(
        "UPDATE birthday_records SET contact_id = NULL, match_rule = NULL, unmatched_reason = 'import the file again' "
        "WHERE match_rule = 'member'"
    )
    op.drop_index("idx_birthday_record_entry", table_name="birthday_records")
    replace_values("birthday_records", "match_rule", _AFTER, _BEFORE)
    for column in ("died", "short_name_key", "other_name_keys", "entry_key"):
        op.drop_column("birthday_records", column)


def _compare_names_anew() -> None:
    connection = op.get_bind()
    for table, name in (("contacts", "full_name"), ("birthday_records", "name")):
        rows = connection.execute(sa.text(f"SELECT id, {name}, name_key FROM {table}")).all()  # noqa: S608 - our own
        changed = [
            {"id": row_id, "key": key[:400]}
            for row_id, written, before in rows
            if not before.isascii() and (key := _name_key(written)) != before
        ]
        if changed:
            connection.execute(sa.text(f"UPDATE {table} SET name_key = :key WHERE id = :id"), changed)  # noqa: S608


def _know_entries_and_empty_dates() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, name_key, profile_slugs, emails, raw_date, refusal FROM birthday_records")
    ).all()
    entries, refused = [], []
    for row_id, key, slugs, emails, raw, refusal in rows:
        who = [key, sorted(_listed(slugs)), sorted(_listed(emails))]
        entries.append({"id": row_id, "entry": hashlib.sha256(json.dumps(who).encode()).hexdigest()})
        if refusal is None and _EMPTY.fullmatch(raw):
            refused.append({"id": row_id, "refusal": f"{_REFUSAL}: {raw[:40]}"})
    if entries:
        connection.execute(sa.text("UPDATE birthday_records SET entry_key = :entry WHERE id = :id"), entries)
    if refused:
        connection.execute(
            sa.text(
                "UPDATE birthday_records SET month = NULL, day = NULL, year = NULL, refusal = :refusal WHERE id = :id"
            ),
            refused,
        )


def _listed(value: object) -> list[str]:
    return list(json.loads(value)) if isinstance(value, str) else list(value or [])  # type: ignore[call-overload]


def _name_key(name: str) -> str:
    bare = " ".join(unicodedata.normalize("NFC", name.partition(",")[0]).split())
    folded = unicodedata.normalize("NFKC", bare)
    seen = []
    for each in folded:
        category = unicodedata.category(each)
        if category in {"So", "Sk"}:
            seen.append(" ")
        elif category not in {"Cf", "Co", "Cn", "Cs", "Cc"} or each.isspace():
            seen.append(each)
    text = " ".join("".join(seen).split()) or folded
    text = text.casefold().replace("i\u0307", "i").translate(_FOLDED)
    return unicodedata.normalize("NFC", " ".join(unicodedata.normalize("NFC", text).split()))
