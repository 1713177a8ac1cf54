"""How far the reading after a restore has come, a person at a time.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0090_reconciled_threads"
down_revision = "0111_sources"
branch_labels = None
depends_on = None

TABLE = "reconciled_threads"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_year", sa.Integer(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("readings >= 1", name=op.f("ck_reconciled_threads_readings_counted")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_reconciled_threads_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f(f"fk_{TABLE}_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "account_id",
            "contact_id",
            "occurrence_year",
            name=op.f("uq_reconciled_threads_account_id_contact_id_occurrence_year"),
        ),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
