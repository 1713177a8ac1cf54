"""Metrics kept beside what they count, begun with what the ledger already holds."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0030_metric_values"
down_revision = "0020_right_person"
branch_labels = None
depends_on = None

_SETTLED = (
    "SELECT accounts.slug, interactions.kind, interactions.status, count(*) FROM interactions"
    " JOIN accounts ON accounts.id = interactions.account_id"
    " WHERE interactions.origin = 'campaign' AND interactions.status <> 'sending'"
    " GROUP BY accounts.slug, interactions.kind, interactions.status"
)


def upgrade() -> None:
    values = op.create_table(
        "metric_values",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("labels", sa.String(length=500), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_metric_values")),
    )
    rows = [
        {
            "name": "interactions_settled",
            "labels": json.dumps({"account": slug, "kind": kind, "status": status}, sort_keys=True),
            "value": float(number),
        }
        for slug, kind, status, number in op.get_bind().execute(sa.text(_SETTLED)).all()
    ]
    if rows:
        op.bulk_insert(values, rows)


def downgrade() -> None:
    op.drop_table("metric_values")
