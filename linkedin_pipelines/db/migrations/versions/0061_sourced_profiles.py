"""Profiles that visits read, with the fit each came to.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061_sourced_profiles"
down_revision = "0060_people_searches"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sourced_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("profile_slug", sa.String(length=400), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("search_id", sa.Integer(), nullable=True),
        sa.Column("profile", sa.JSON(), nullable=True),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.String(length=8000), nullable=True),
        sa.CheckConstraint(
            "(profile IS NULL) = (missing_since IS NOT NULL)", name=op.f("ck_sourced_profiles_read_or_missing")
        ),
        sa.CheckConstraint(
            "confidence IS NULL OR confidence BETWEEN 0 AND 100", name=op.f("ck_sourced_profiles_confidence_bounded")
        ),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name=op.f("ck_sourced_profiles_score_bounded")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_sourced_profiles_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sourced_profiles_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["search_id"], ["people_searches.id"], name=op.f("fk_sourced_profiles_search_id_people_searches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sourced_profiles")),
        sa.UniqueConstraint("account_id", "profile_slug", name=op.f("uq_sourced_profiles_account_id_profile_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index("idx_sourced_profile_contact", "sourced_profiles", ["contact_id"], unique=False)
    op.create_index("idx_sourced_profile_read", "sourced_profiles", ["account_id", "read_at"], unique=False)
    op.create_index("idx_sourced_profile_score", "sourced_profiles", ["account_id", "score"], unique=False)


def downgrade() -> None:
    op.drop_table("sourced_profiles")
