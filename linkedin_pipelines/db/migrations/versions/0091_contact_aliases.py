"""Former profile addresses of contacts.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0091_contact_aliases"
down_revision = "0090_reconciled_threads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("profile_slug", sa.String(length=400), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_contact_aliases_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contact_aliases_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_aliases")),
        sa.UniqueConstraint("account_id", "profile_slug", name=op.f("uq_contact_aliases_account_id_profile_slug")),
    )
    op.create_index("idx_contact_alias_contact", "contact_aliases", ["contact_id"], unique=False)


def downgrade() -> None:
    op.drop_table("contact_aliases")
