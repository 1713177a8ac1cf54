"""Launches asked for over HTTP, one row an idempotency key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_launch_requests"
down_revision = "0030_metric_values"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "launch_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("list_date", sa.Date(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("claimed_until", _MOMENT, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_launch_requests_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_requests")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_launch_requests_idempotency_key")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("launch_requests")
