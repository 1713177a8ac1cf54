"""People who asked to be forgotten: marks without names, and erasures under way; and the picture of a stop sign.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_forgotten"
down_revision = "0006_canary"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "forgotten_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "profile",
                "email",
                "name",
                "shared_name",
                "connection",
                "words",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("forgotten_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_forgotten_marks_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_marks")),
        sa.UniqueConstraint("account_id", "kind", "mark", name=op.f("uq_forgotten_marks_account_id_kind_mark")),
    )
    op.create_table(
        "forgettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("forgotten_at", _MOMENT, nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_forgettings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgettings")),
    )
    op.add_column("account_breakers", sa.Column("evidence", sa.String(length=400), nullable=True))


def downgrade() -> None:
    op.drop_column("account_breakers", "evidence")
    op.drop_table("forgettings")
    op.drop_table("forgotten_marks")
