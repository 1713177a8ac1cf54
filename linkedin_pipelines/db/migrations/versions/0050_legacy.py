"""Databases of the reference product: what their rows stated, what was derived, and occasions held for the member.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linkedin_pipelines.db.migrations.enumerations import replace_values

revision = "0050_legacy"
down_revision = "0031_launch_requests"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SOURCES = ("vcard", "google", "outlook", "icalendar", "catch_up", "contact_info")
_MORE = (*_SOURCES, "legacy")
_COLUMNS = (("birthday_records", "source"), ("contacts", "birthday_source"))


def _account() -> sa.Column[int]:
    return sa.Column("account_id", sa.Integer(), nullable=False)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f(f"fk_{table}_account_id_accounts"))


def _of_contact(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_contact_id_contacts")
    return sa.ForeignKeyConstraint(["account_id", "contact_id"], ["contacts.account_id", "contacts.id"], name=name)


def _has_check(table: str, column: str) -> bool:
    """Whether the column's values are still held by a CHECK; a schema may have given that up."""
    name = f"ck_{table}_{column}"
    return any(check["name"] == name for check in sa.inspect(op.get_bind()).get_check_constraints(table))


def upgrade() -> None:
    for table, column in _COLUMNS:
        if _has_check(table, column):
            replace_values(table, column, _SOURCES, _MORE)
    op.create_table(
        "legacy_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("schema", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        _of_account("legacy_imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_imports")),
        sa.UniqueConstraint("account_id", "sha256", "zone", name=op.f("uq_legacy_imports_account_id_sha256_zone")),
    )
    op.create_table(
        "legacy_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.JSON(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("into_row", sa.String(length=140), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("derived_status", sa.String(length=32), nullable=True),
        sa.Column("occurrence_year", sa.Integer(), nullable=True),
        sa.Column("repeat_at", _MOMENT, nullable=True),
        sa.Column("repeat_day", sa.Date(), nullable=True),
        _of_account("legacy_rows"),
        _of_contact("legacy_rows"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["legacy_imports.id"], name=op.f("fk_legacy_rows_import_id_legacy_imports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_rows")),
        sa.UniqueConstraint(
            "import_id", "table_name", "row_id", name=op.f("uq_legacy_rows_import_id_table_name_row_id")
        ),
    )
    op.create_index("idx_legacy_row_account", "legacy_rows", ["account_id"])
    op.create_index("idx_legacy_row_contact", "legacy_rows", ["contact_id"])
    op.create_table(
        "legacy_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.String(length=1000), nullable=True),
        _of_account("legacy_contacts"),
        _of_contact("legacy_contacts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_contacts")),
        sa.UniqueConstraint("account_id", "contact_id", name=op.f("uq_legacy_contacts_account_id_contact_id")),
    )
    op.create_table(
        "occasion_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        _account(),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_year", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=1000), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        _of_account("occasion_holds"),
        _of_contact("occasion_holds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_holds")),
        sa.UniqueConstraint("contact_id", "occurrence_year", name=op.f("uq_occasion_holds_contact_id_occurrence_year")),
    )


def downgrade() -> None:
    for table in ("occasion_holds", "legacy_contacts", "legacy_rows", "legacy_imports"):
        op.drop_table(table)
    op.execute(
        "UPDATE contacts SET birth_month = NULL, birth_day = NULL, birth_year = NULL, birthday_source = NULL "
        "WHERE birthday_source = 'legacy'"
    )
    op.execute("DELETE FROM birthday_records WHERE source = 'legacy'")
    for table, column in _COLUMNS:
        if _has_check(table, column):
            replace_values(table, column, _MORE, _SOURCES)
