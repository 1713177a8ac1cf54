"""Services that are read beside files, with sealed passwords and tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0111_sources"
down_revision = "0110_imports_in_steps"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("username", sa.String(length=320), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("synced_at", _MOMENT, nullable=True),
        sa.Column("failure", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sources_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_sources_account_id_name")),
    )


def downgrade() -> None:
    op.drop_table("sources")
