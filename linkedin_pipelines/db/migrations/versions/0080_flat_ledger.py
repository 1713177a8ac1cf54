"""Indexes under which a claim, a reading of unsettled rows and an audit cost the same however long the ledger is.

Written out in full: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080_flat_ledger"
down_revision = "0050_legacy"
branch_labels = None
depends_on = None

_LEDGER = "interactions"
_NEW: tuple[tuple[str, str, tuple[str, ...], str | None], ...] = (
    ("idx_interaction_quota", _LEDGER, ("account_id", "claimed_at"), None),
    ("idx_interaction_settled", _LEDGER, ("account_id", "settled_at"), "origin = 'campaign'"),
    ("idx_interaction_run", _LEDGER, ("run_id",), "run_id IS NOT NULL"),
    ("idx_interaction_unsettled", _LEDGER, ("account_id",), "status IN ('sending', 'in_doubt')"),
    ("idx_interaction_list", _LEDGER, ("account_id", "list_date"), "list_date IS NOT NULL"),
    ("idx_interaction_account", _LEDGER, ("account_id", "id"), None),
    ("idx_legacy_row_repeat", "legacy_rows", ("account_id", "repeat_at"), "repeat_at IS NOT NULL"),
)
_OLD = (
    ("idx_interaction_quota", ("account_id", "kind", "claimed_at")),
    ("idx_interaction_settled", ("account_id", "settled_at")),
    ("idx_interaction_run", ("run_id",)),
)


def upgrade() -> None:
    for name, _ in _OLD:
        op.drop_index(name, _LEDGER)
    for name, table, columns, where in _NEW:
        condition = sa.text(where) if where else None
        op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
    op.add_column("accounts", sa.Column("audited_interaction_id", sa.Integer(), nullable=True))
    op.add_column("accounts", sa.Column("audited_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("audited_at", "audited_interaction_id"):
        op.drop_column("accounts", column)
    for name, table, _, _ in _NEW:
        op.drop_index(name, table)
    for name, columns in _OLD:
        op.create_index(name, _LEDGER, list(columns))
