"""People searches, and whom each found.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060_people_searches"
down_revision = "0008_action_kinds"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "people_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=True),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "hidden >= 0 AND others >= 0 AND repeated >= 0 AND pages >= 0", name=op.f("ck_people_searches_rows_counted")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_people_searches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_searches")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_people_searches_account_id_id")),
    )
    op.create_index("idx_people_search_day", "people_searches", ["account_id", "local_day"], unique=False)
    op.create_table(
        "search_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("profile_slug", sa.String(length=400), nullable=False),
        sa.Column("full_name", sa.String(length=400), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "search_id"],
            ["people_searches.account_id", "people_searches.id"],
            name=op.f("fk_search_results_account_id_search_id_people_searches"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_search_results_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_results")),
        sa.UniqueConstraint("search_id", "place", name=op.f("uq_search_results_search_id_place")),
        sa.UniqueConstraint("search_id", "profile_slug", name=op.f("uq_search_results_search_id_profile_slug")),
    )
    op.create_index("idx_search_result_profile", "search_results", ["account_id", "profile_slug"], unique=False)


def downgrade() -> None:
    op.drop_table("search_results")
    op.drop_table("people_searches")
