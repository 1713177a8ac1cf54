"""Birthdays from the member's own pages: what was read when, and people held because their sources disagree.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linkedin_pipelines.db.migrations.enumerations import replace_values

revision = "0005_site_birthdays"
down_revision = "0004_hand_sent_wishes"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_LEFT_OUT = (
    "already_wished",
    "wished_by_hand",
    "in_doubt",
    "in_flight",
    "do_not_contact",
    "stop_requested",
    "not_connected",
    "no_profile_url",
    "no_safe_name",
    "too_late",
    "too_many_failures",
    "is_self",
    "no_template",
    "left_out",
)
_OTHERS = (
    "not_yet",
    "run_quota",
    "day_quota",
    "week_quota",
    "outside_hours",
    "account_paused",
    "account_retired",
    "breaker_open",
    "settle_first",
    "unsettled_in_doubt",
    "terms_not_accepted",
    "not_approved",
    "not_live",
    "interrupted",
    "wrong_person",
    "text_mismatch",
    "page_unreadable",
    "stop_sign",
    "browser_failed",
    "not_delivered",
    "click_unproven",
    "run_died",
)
_BEFORE = (*_LEFT_OUT, *_OTHERS)
_AFTER = (*_LEFT_OUT, "birthday_disputed", *_OTHERS)


def upgrade() -> None:
    op.add_column("birthday_records", sa.Column("seen_at", _MOMENT, nullable=True))
    op.create_table(
        "site_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "page",
            sa.Enum("catch_up", name="page", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("whole", "unknown", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.String(length=1000), nullable=True),
        sa.Column("evidence", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'unknown') = (explanation IS NOT NULL)", name=op.f("ck_site_readings_unknown_explained")
        ),
        sa.CheckConstraint("outcome <> 'whole' OR people IS NOT NULL", name=op.f("ck_site_readings_whole_is_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_site_readings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_readings")),
    )
    op.create_index("idx_site_reading_day", "site_readings", ["account_id", "page", "local_day"])
    for table in ("interactions", "list_entries"):
        replace_values(table, "reason", _BEFORE, _AFTER)


def downgrade() -> None:
    # A list is a plan and is built anew; no attempt of the ledger was ever claimed for somebody in dispute.
    op.execute("DELETE FROM list_entries WHERE reason = 'birthday_disputed'")
    for table in ("interactions", "list_entries"):
        replace_values(table, "reason", _AFTER, _BEFORE)
    op.drop_table("site_readings")
    op.drop_column("birthday_records", "seen_at")
