"""Sent invitations as the page showed them, and what became of each.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062_sent_invitations"
down_revision = "0061_sourced_profiles"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("people >= 0 AND others >= 0", name=op.f("ck_invitation_snapshots_rows_counted")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invitation_snapshots_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_snapshots")),
    )
    op.create_index("idx_invitation_snapshot_day", "invitation_snapshots", ["account_id", "local_day"], unique=False)
    op.create_table(
        "sent_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("profile_slug", sa.String(length=400), nullable=False),
        sa.Column("full_name", sa.String(length=400), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "by_hand", "by_tool", "unknown", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("age_text", sa.String(length=400), nullable=False),
        sa.Column("at_least_days", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "withdrawn",
                "already_accepted",
                "gone",
                "refused",
                "in_doubt",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("re_invite_on", sa.Date(), nullable=True),
        sa.Column("explanation", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NOT NULL AND outcome IN ('withdrawn', 'already_accepted', 'gone')) = (ended_on IS NOT NULL)",
            name=op.f("ck_sent_invitations_end_dated"),
        ),
        sa.CheckConstraint(
            "outcome <> 'withdrawn' OR re_invite_on IS NOT NULL",
            name=op.f("ck_sent_invitations_withdrawn_tells_re_invite"),
        ),
        sa.CheckConstraint("at_least_days IS NULL OR at_least_days >= 0", name=op.f("ck_sent_invitations_age_counted")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_sent_invitations_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sent_invitations_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_invitations")),
        sa.UniqueConstraint(
            "account_id",
            "profile_slug",
            "first_seen_on",
            name=op.f("uq_sent_invitations_account_id_profile_slug_first_seen_on"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("idx_sent_invitation_contact", "sent_invitations", ["contact_id"], unique=False)
    op.create_index("idx_sent_invitation_outcome", "sent_invitations", ["account_id", "outcome"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_invitations")
    op.drop_table("invitation_snapshots")
