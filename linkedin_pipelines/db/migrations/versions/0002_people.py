"""People, their birthdays with provenance, and the files that they came from.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_people"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("identity_key", sa.String(length=410), nullable=False),
        sa.Column("profile_slug", sa.String(length=400), nullable=True),
        sa.Column("full_name", sa.String(length=400), nullable=False),
        sa.Column("first_name", sa.String(length=400), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("company", sa.String(length=400), nullable=True),
        sa.Column("position", sa.String(length=400), nullable=True),
        sa.Column("connected_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "connected", "known", "removed", name="status", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("birth_month", sa.Integer(), nullable=True),
        sa.Column("birth_day", sa.Integer(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column(
            "birthday_source",
            sa.Enum(
                "vcard",
                "google",
                "outlook",
                "icalendar",
                "catch_up",
                "contact_info",
                name="birthday_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("birthday_disputed", sa.Boolean(), nullable=False),
        sa.Column("do_not_contact_since", _MOMENT, nullable=True),
        sa.Column("do_not_contact_reason", sa.String(length=1000), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "(birth_month IS NULL) = (birth_day IS NULL) AND (birth_year IS NULL OR birth_month IS NOT NULL)",
            name=op.f("ck_contacts_birthday_whole"),
        ),
        sa.CheckConstraint(
            "(do_not_contact_since IS NULL) = (do_not_contact_reason IS NULL)",
            name=op.f("ck_contacts_do_not_contact_explained"),
        ),
        sa.CheckConstraint(
            "birth_month IS NULL OR ((birth_month BETWEEN 1 AND 12) AND (birth_day BETWEEN 1 AND 31))",
            name=op.f("ck_contacts_birthday_real"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_contacts_account_id_id")),
        sa.UniqueConstraint("account_id", "identity_key", name=op.f("uq_contacts_account_id_identity_key")),
        sa.UniqueConstraint("account_id", "profile_slug", name=op.f("uq_contacts_account_id_profile_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index("idx_contact_birth_date", "contacts", ["account_id", "birth_month", "birth_day"])
    op.create_index("idx_contact_created_at", "contacts", ["account_id", "created_at"])
    op.create_index("idx_contact_email", "contacts", ["account_id", "email"])
    op.create_index("idx_contact_name_key", "contacts", ["account_id", "name_key"])
    op.create_index("idx_contact_status", "contacts", ["account_id", "status"])
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("importer_version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "linkedin_archive",
                "linkedin_connections",
                "linkedin_messages",
                "linkedin_invitations",
                "vcard",
                "google_csv",
                "outlook_csv",
                "icalendar",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_imports_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint(
            "account_id", "sha256", "importer_version", name=op.f("uq_imports_account_id_sha256_importer_version")
        ),
    )
    op.create_table(
        "refused_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("member_file", sa.String(length=400), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("excerpt", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_refused_rows_import_id_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_rows")),
    )
    op.create_index("idx_refused_row_import", "refused_rows", ["import_id", "line"])
    op.create_table(
        "birthday_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "vcard",
                "google",
                "outlook",
                "icalendar",
                "catch_up",
                "contact_info",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("profile_slugs", sa.JSON(), nullable=False),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("raw_date", sa.String(length=100), nullable=False),
        sa.Column("refusal", sa.String(length=1000), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column(
            "match_rule",
            sa.Enum(
                "profile_url",
                "email",
                "full_name",
                name="match_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("unmatched_reason", sa.String(length=1000), nullable=True),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(contact_id IS NULL) = (match_rule IS NULL)", name=op.f("ck_birthday_records_match_explained")
        ),
        sa.CheckConstraint(
            "(refusal IS NULL AND (month BETWEEN 1 AND 12) AND (day BETWEEN 1 AND 31))"
            " OR (refusal IS NOT NULL AND month IS NULL AND day IS NULL AND year IS NULL)",
            name=op.f("ck_birthday_records_date_or_refusal"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_birthday_records_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_birthday_records_account_id_accounts")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_birthday_records_import_id_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_birthday_records")),
        sa.UniqueConstraint(
            "account_id", "source", "record_key", name=op.f("uq_birthday_records_account_id_source_record_key")
        ),
    )
    op.create_index("idx_birthday_record_contact", "birthday_records", ["contact_id"])
    op.create_table(
        "stop_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("said_at", _MOMENT, nullable=False),
        sa.Column("excerpt", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_stop_requests_decision_whole")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_stop_requests_account_id_contact_id_contacts"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_stop_requests_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_requests")),
        sa.UniqueConstraint("contact_id", "said_at", name=op.f("uq_stop_requests_contact_id_said_at")),
    )


def downgrade() -> None:
    for table in ("stop_requests", "birthday_records", "refused_rows", "imports", "contacts"):
        op.drop_table(table)
