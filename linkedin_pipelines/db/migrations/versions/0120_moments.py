"""Work anniversaries and new jobs, as the catch-up page told of them.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0120_moments"
down_revision = "0093_member_numbers"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _kind() -> sa.Column[str]:
    kinds = sa.Enum("work_anniversary", "new_job", name="kind", native_enum=False, create_constraint=True, length=32)
    return sa.Column("kind", kinds, nullable=False)


def upgrade() -> None:
    op.create_table(
        "moment_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _kind(),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("people >= 0", name=op.f("ck_moment_readings_people_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_moment_readings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment_readings")),
    )
    op.create_index("idx_moment_reading_day", "moment_readings", ["account_id", "kind", "local_day"], unique=False)
    op.create_table(
        "contact_moments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        _kind(),
        sa.Column("occasion_key", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.CheckConstraint("first_seen_on <= seen_on", name=op.f("ck_contact_moments_seen_in_order")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contact_moments_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_contact_moments_account_id_contact_id_contacts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_moments")),
        sa.UniqueConstraint(
            "account_id",
            "contact_id",
            "occasion_key",
            name=op.f("uq_contact_moments_account_id_contact_id_occasion_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("idx_contact_moment_contact", "contact_moments", ["contact_id"], unique=False)
    op.create_index("idx_contact_moment_seen", "contact_moments", ["account_id", "seen_on"], unique=False)


def downgrade() -> None:
    op.drop_table("contact_moments")
    op.drop_table("moment_readings")
