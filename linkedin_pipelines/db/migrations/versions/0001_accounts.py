"""Accounts, and what keeps several runs of one account out of each other's way.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_accounts"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=48), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("paused_at", _MOMENT, nullable=True),
        sa.Column("pause_reason", sa.String(length=1000), nullable=True),
        sa.Column("settle_first_since", _MOMENT, nullable=True),
        sa.Column("settle_first_reason", sa.String(length=1000), nullable=True),
        sa.Column("reconciled_interaction_id", sa.Integer(), nullable=True),
        sa.Column("terms_accepted_at", _MOMENT, nullable=True),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name=op.f("ck_accounts_pause_explained")),
        sa.CheckConstraint(
            "(settle_first_since IS NULL) = (settle_first_reason IS NULL)",
            name=op.f("ck_accounts_settle_first_explained"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("old_value", sa.JSON(), nullable=True),
        sa.Column("new_value", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_changes_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_changes")),
    )
    op.create_index("idx_account_change_account", "account_changes", ["account_id", "changed_at"])
    op.create_table(
        "browser_sessions",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_state", sa.LargeBinary(), nullable=False),
        sa.Column("member_slug", sa.String(length=400), nullable=True),
        sa.Column("stored_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_browser_sessions_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_browser_sessions")),
    )
    op.create_table(
        "account_leases",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.CheckConstraint("(holder IS NULL) = (expires_at IS NULL)", name=op.f("ck_account_leases_held_until")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_leases_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_leases")),
    )
    op.create_table(
        "account_breakers",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "state",
            sa.Enum("closed", "open", "half_open", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("retry_at", _MOMENT, nullable=True),
        sa.Column("stop_sign", sa.String(length=64), nullable=True),
        sa.Column("cause", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (opened_at IS NULL)", name=op.f("ck_account_breakers_opened_at_known")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR (retry_at IS NULL AND stop_sign IS NULL)",
            name=op.f("ck_account_breakers_closed_is_clean"),
        ),
        sa.CheckConstraint(
            "state = 'closed' OR stop_sign IS NOT NULL OR retry_at IS NOT NULL",
            name=op.f("ck_account_breakers_wait_has_an_end"),
        ),
        sa.CheckConstraint(
            "stop_sign IS NULL OR (state = 'open' AND retry_at IS NULL)",
            name=op.f("ck_account_breakers_stop_sign_waits_for_a_human"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_breakers_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_breakers")),
    )
    op.create_table(
        "run_heartbeats",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("beat_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_heartbeats")),
    )
    op.create_table(
        "linkedin_selectors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=200), nullable=False),
        sa.Column("successes", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_success_at", _MOMENT, nullable=True),
        sa.Column("last_failure_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkedin_selectors")),
        sa.UniqueConstraint(
            "surface", "element", "candidate", name=op.f("uq_linkedin_selectors_surface_element_candidate")
        ),
    )
    op.create_index("idx_selector_success", "linkedin_selectors", ["surface", "element", "successes"])


def downgrade() -> None:
    for table in (
        "linkedin_selectors",
        "run_heartbeats",
        "account_breakers",
        "account_leases",
        "browser_sessions",
        "account_changes",
        "accounts",
    ):
        op.drop_table(table)
