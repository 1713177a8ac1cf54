"""What the member decided about people on lists, apart from the lists, which are built anew.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0092_list_decisions"
down_revision = "0091_contact_aliases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_year", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.String(length=1000), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("text_for", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(words IS NULL) = (text_for IS NULL)", name=op.f("ck_list_decisions_words_of_a_list")),
        sa.CheckConstraint(
            "left_out IS NOT NULL OR words IS NOT NULL", name=op.f("ck_list_decisions_decides_something")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_list_decisions_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_list_decisions_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_decisions")),
        sa.UniqueConstraint(
            "account_id",
            "contact_id",
            "occurrence_year",
            name=op.f("uq_list_decisions_account_id_contact_id_occurrence_year"),
        ),
    )
    # The newest list that says so stands for each person and birthday.
    for condition, left_out, words, text_for in (
        ("reason = 'left_out'", "COALESCE(e.explanation, '')", "NULL", "NULL"),
        ("template = 'own' AND body IS NOT NULL", "NULL", "e.body", "l.list_date"),
    ):
        op.execute(
            "INSERT INTO list_decisions "  # noqa: S608 - our own words
            "(account_id, contact_id, occurrence_year, left_out, words, text_for, decided_at) "
            f"SELECT l.account_id, e.contact_id, e.occurrence_year, {left_out}, {words}, {text_for}, l.built_at "
            "FROM list_entries e JOIN birthday_lists l ON l.id = e.list_id "
            f"WHERE e.id IN (SELECT max(id) FROM list_entries WHERE {condition} GROUP BY contact_id, occurrence_year) "
            "AND NOT EXISTS (SELECT 1 FROM list_decisions d WHERE d.contact_id = e.contact_id "
            "AND d.occurrence_year = e.occurrence_year)"
        )


def downgrade() -> None:
    # The lists as built last still say it.
    op.drop_table("list_decisions")
