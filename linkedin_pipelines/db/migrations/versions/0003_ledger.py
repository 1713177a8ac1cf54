"""The ledger of interactions, the days' lists and the member's yes to them.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_ledger"
down_revision = "0002_people"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OCCUPYING = sa.text("status IN ('sending', 'sent', 'in_doubt')")
_IN_FLIGHT = sa.text("status = 'sending'")
_REASONS = (
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


def upgrade() -> None:
    op.create_table(
        "interactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "birthday_message",
                "profile_visit",
                "invitation_withdrawal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("occurrence_year", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sending",
                "sent",
                "failed",
                "in_doubt",
                "rehearsed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "campaign", "by_hand", "legacy", name="origin", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("list_date", sa.Date(), nullable=True),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("template", sa.String(length=100), nullable=True),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("clicked_at", _MOMENT, nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column(
            "reason",
            sa.Enum(*_REASONS, name="reason", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("explanation", sa.String(length=1000), nullable=True),
        sa.Column("doubt_readings", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(status = 'sending') = (settled_at IS NULL)", name=op.f("ck_interactions_settled_or_sending")
        ),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_interactions_sent_has_moment")),
        sa.CheckConstraint("origin <> 'by_hand' OR status = 'sent'", name=op.f("ck_interactions_by_hand_is_sent")),
        sa.CheckConstraint(
            "origin <> 'campaign' OR (run_id IS NOT NULL AND lease_token IS NOT NULL AND body IS NOT NULL)",
            name=op.f("ck_interactions_campaign_is_whole"),
        ),
        sa.CheckConstraint(
            "status <> 'rehearsed' OR clicked_at IS NULL", name=op.f("ck_interactions_rehearsed_never_clicked")
        ),
        sa.CheckConstraint(
            "status NOT IN ('failed', 'in_doubt') OR reason IS NOT NULL", name=op.f("ck_interactions_reason_given")
        ),
        sa.CheckConstraint("doubt_readings >= 0", name=op.f("ck_interactions_readings_counted")),
        sa.CheckConstraint("occurrence_year BETWEEN 1990 AND 2200", name=op.f("ck_interactions_year_plausible")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_interactions_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_interactions_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
        sqlite_autoincrement=True,
    )
    op.create_index("idx_interaction_contact_type", "interactions", ["contact_id", "kind"])
    op.create_index("idx_interaction_quota", "interactions", ["account_id", "kind", "claimed_at"])
    op.create_index("idx_interaction_run", "interactions", ["run_id"])
    op.create_index("idx_interaction_settled", "interactions", ["account_id", "settled_at"])
    op.create_index("idx_interaction_status", "interactions", ["account_id", "status"])
    op.create_index(
        "uq_interaction_in_flight",
        "interactions",
        ["account_id"],
        unique=True,
        sqlite_where=_IN_FLIGHT,
        postgresql_where=_IN_FLIGHT,
    )
    op.create_index(
        "uq_interaction_occasion",
        "interactions",
        ["account_id", "contact_id", "kind", "occurrence_year"],
        unique=True,
        sqlite_where=_OCCUPYING,
        postgresql_where=_OCCUPYING,
    )
    op.create_table(
        "birthday_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("list_date", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("built_at", _MOMENT, nullable=False),
        sa.Column("built_by_run", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_birthday_lists_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_birthday_lists")),
        sa.UniqueConstraint("account_id", "list_date", name=op.f("uq_birthday_lists_account_id_list_date")),
    )
    op.create_table(
        "list_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_year", sa.Integer(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "planned", "skipped", "deferred", name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(*_REASONS, name="reason", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("explanation", sa.String(length=1000), nullable=True),
        sa.Column("next_eligible_on", sa.Date(), nullable=True),
        sa.Column("template", sa.String(length=100), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint("(outcome = 'planned') = (reason IS NULL)", name=op.f("ck_list_entries_reason_given")),
        sa.CheckConstraint("outcome <> 'planned' OR body IS NOT NULL", name=op.f("ck_list_entries_planned_has_text")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_list_entries_contact_id_contacts")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["birthday_lists.id"], name=op.f("fk_list_entries_list_id_birthday_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_entries")),
        sa.UniqueConstraint(
            "list_id", "contact_id", "occurrence_year", name=op.f("uq_list_entries_list_id_contact_id_occurrence_year")
        ),
    )
    op.create_index("idx_list_entry_contact", "list_entries", ["contact_id"])
    op.create_table(
        "list_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("list_date", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("approved_at", _MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_list_approvals_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_approvals")),
        sa.UniqueConstraint(
            "account_id", "list_date", "content_hash", name=op.f("uq_list_approvals_account_id_list_date_content_hash")
        ),
    )


def downgrade() -> None:
    for table in ("list_approvals", "list_entries", "birthday_lists", "interactions"):
        op.drop_table(table)
