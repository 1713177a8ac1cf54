"""What the canary last saw of each element of the site.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_canary"
down_revision = "0005_site_birthdays"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canary_sights",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "ok",
                "failed",
                "unchecked",
                "stop_sign",
                "away",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("evidence", sa.String(length=400), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome = 'ok' OR reason IS NOT NULL", name=op.f("ck_canary_sights_reason_given")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_canary_sights_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", "element", name=op.f("pk_canary_sights")),
    )


def downgrade() -> None:
    op.drop_table("canary_sights")
