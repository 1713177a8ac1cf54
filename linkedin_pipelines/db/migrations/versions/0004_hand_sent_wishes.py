"""Wishes that the member sent by hand, and the day that a contact's facts are of.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_hand_sent_wishes"
down_revision = "0003_ledger"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("facts_as_of", sa.Date(), nullable=True))
    op.create_table(
        "hand_sent_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_hand_sent_wishes_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hand_sent_wishes_account_id_accounts")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_hand_sent_wishes_import_id_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_sent_wishes")),
        sa.UniqueConstraint("contact_id", "sent_at", name=op.f("uq_hand_sent_wishes_contact_id_sent_at")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("hand_sent_wishes")
    op.drop_column("contacts", "facts_as_of")
