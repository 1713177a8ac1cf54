"""Imports are written in several short transactions; a row says whether its file was written to the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0110_imports_in_steps"
down_revision = "0100_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("complete", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    """An earlier version takes every row for a whole file: those that were interrupted must be imported again."""
    op.execute(sa.text("UPDATE imports SET sha256 = 'interrupted-' || id WHERE NOT complete"))
    op.drop_column("imports", "complete")
