"""Attempts of any kind: an occasion is known by a text, a purpose has its column, sets that grow have no CHECK.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linkedin_pipelines.db.migrations.enumerations import add_values, drop_values, rebuild, replace_values

revision = "0008_action_kinds"
down_revision = "0007_forgotten"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OCCUPYING = sa.text("status IN ('sending', 'sent', 'in_doubt')")
_KINDS = ("birthday_message", "profile_visit", "invitation_withdrawal")
_STATUSES = ("sending", "sent", "failed", "in_doubt", "rehearsed")
_REASONS = (
    "already_wished",
    "wished_by_hand",
    "in_doubt",
    "in_flight",
    "do_not_contact",
    "stop_requested",
    "not_connected",
    "no_profile_url",
    "no_safe_name",
    "too_late",
    "too_many_failures",
    "is_self",
    "no_template",
    "left_out",
    "birthday_disputed",
    "not_yet",
    "run_quota",
    "day_quota",
    "week_quota",
    "outside_hours",
    "account_paused",
    "account_retired",
    "breaker_open",
    "settle_first",
    "unsettled_in_doubt",
    "terms_not_accepted",
    "not_approved",
    "not_live",
    "interrupted",
    "wrong_person",
    "text_mismatch",
    "page_unreadable",
    "stop_sign",
    "browser_failed",
    "not_delivered",
    "click_unproven",
    "run_died",
)
_FILE_KINDS = (
    "linkedin_archive",
    "linkedin_connections",
    "linkedin_messages",
    "linkedin_invitations",
    "vcard",
    "google_csv",
    "outlook_csv",
    "icalendar",
)
_SOURCES = ("vcard", "google", "outlook", "icalendar", "catch_up", "contact_info")
_GROWING = (
    ("interactions", "kind", _KINDS),
    ("interactions", "reason", _REASONS),
    ("list_entries", "reason", _REASONS),
    ("imports", "kind", _FILE_KINDS),
    ("birthday_records", "source", _SOURCES),
    ("contacts", "birthday_source", _SOURCES),
)
_CHECKS = {
    # name of the constraint: what it said before, what it says now
    "campaign_is_whole": (
        "origin <> 'campaign' OR (run_id IS NOT NULL AND lease_token IS NOT NULL AND body IS NOT NULL)",
        "origin <> 'campaign' OR (run_id IS NOT NULL AND lease_token IS NOT NULL)",
    ),
    "rehearsed_never_clicked": (
        "status <> 'rehearsed' OR clicked_at IS NULL",
        "status NOT IN ('rehearsed', 'refused') OR clicked_at IS NULL",
    ),
    "reason_given": (
        "status NOT IN ('failed', 'in_doubt') OR reason IS NOT NULL",
        "status NOT IN ('failed', 'in_doubt', 'refused') OR reason IS NOT NULL",
    ),
}
_SAID_ONCE = "uq_stop_requests_contact_id_said_at"


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    for table, column, values in _GROWING:
        drop_values(table, column, values)
    op.add_column("interactions", sa.Column("occasion_key", sa.String(length=100), nullable=True))
    op.add_column("interactions", sa.Column("purpose", sa.String(length=64), nullable=True))
    op.add_column("interactions", sa.Column("events_before", sa.JSON(), nullable=True))
    op.add_column("accounts", sa.Column("unknown_from", _MOMENT, nullable=True))
    op.add_column("accounts", sa.Column("unknown_until", _MOMENT, nullable=True))
    op.execute("UPDATE interactions SET occasion_key = CAST(occurrence_year AS VARCHAR(100))")
    op.drop_index("uq_interaction_occasion", "interactions")
    replace_values("interactions", "status", _STATUSES, (*_STATUSES, "refused"))
    _replace_checks(old=0, new=1)
    if _is_sqlite():
        rebuild(
            "interactions",
            {
                "occurrence_year INTEGER NOT NULL": "occurrence_year INTEGER",
                "occasion_key VARCHAR(100)": "occasion_key VARCHAR(100) NOT NULL",
            },
        )
        rebuild("stop_requests", {f", \n\tCONSTRAINT {_SAID_ONCE} UNIQUE (contact_id, said_at)": ""})
    else:
        op.alter_column("interactions", "occurrence_year", nullable=True)
        op.alter_column("interactions", "occasion_key", nullable=False)
        op.drop_constraint(op.f(_SAID_ONCE), "stop_requests", type_="unique")
    op.create_index("idx_stop_request_contact", "stop_requests", ["contact_id", "said_at"])
    # A visit said what it was for in the column that names a message's template.
    op.execute(
        "UPDATE interactions SET purpose = 'contact_info', template = NULL, body = NULL, occurrence_year = NULL, "
        "occasion_key = 'contact_info:' || occasion_key WHERE kind = 'profile_visit' AND template = 'contact_info'"
    )
    op.execute("UPDATE interactions SET status = 'refused' WHERE status = 'rehearsed' AND reason IS NOT NULL")
    _create_occasion_index("occasion_key")


def downgrade() -> None:
    op.drop_index("uq_interaction_occasion", "interactions")
    # Kinds that the older schema does not know cannot be held by it; what they did is lost with them.
    op.execute(f"DELETE FROM interactions WHERE kind NOT IN ({_listed(_KINDS)})")  # noqa: S608 - words of ours
    op.execute("UPDATE interactions SET status = 'rehearsed' WHERE status = 'refused'")
    for table in ("interactions", "list_entries"):
        op.execute(  # the sentence beside it stays, so nothing is lost but the word
            f"UPDATE {table} SET reason = 'interrupted' "  # noqa: S608 - words of ours
            f"WHERE reason IS NOT NULL AND reason NOT IN ({_listed(_REASONS)})"
        )
    op.execute("UPDATE interactions SET template = purpose WHERE kind = 'profile_visit' AND purpose IS NOT NULL")
    op.execute("UPDATE interactions SET body = '' WHERE origin = 'campaign' AND body IS NULL")
    op.execute(
        "UPDATE interactions SET occurrence_year = CAST(substr(CAST(claimed_at AS VARCHAR(40)), 1, 4) AS INTEGER) "
        "WHERE occurrence_year IS NULL"
    )
    # Several occasions of one year are one to the older schema: all but the first are told apart by years to come.
    op.execute(
        "UPDATE interactions SET occurrence_year = 2200 - (SELECT count(*) FROM interactions AS earlier "
        "WHERE earlier.account_id = interactions.account_id AND earlier.contact_id = interactions.contact_id "
        "AND earlier.kind = interactions.kind AND earlier.id < interactions.id) "
        "WHERE status IN ('sending', 'sent', 'in_doubt') AND EXISTS (SELECT 1 FROM interactions AS other "
        "WHERE other.account_id = interactions.account_id AND other.contact_id = interactions.contact_id "
        "AND other.kind = interactions.kind AND other.occurrence_year = interactions.occurrence_year "
        "AND other.status IN ('sending', 'sent', 'in_doubt') AND other.id < interactions.id)"
    )
    op.drop_index("idx_stop_request_contact", "stop_requests")
    op.execute(
        "DELETE FROM stop_requests WHERE EXISTS (SELECT 1 FROM stop_requests AS other WHERE "
        "other.contact_id = stop_requests.contact_id AND other.said_at = stop_requests.said_at "
        "AND other.id > stop_requests.id)"
    )
    if _is_sqlite():
        rebuild("interactions", {"occurrence_year INTEGER, ": "occurrence_year INTEGER NOT NULL, "})
        rebuild("stop_requests", {"\n)": f", \n\tCONSTRAINT {_SAID_ONCE} UNIQUE (contact_id, said_at)\n)"})
    else:
        op.alter_column("interactions", "occurrence_year", nullable=False)
        op.create_unique_constraint(op.f(_SAID_ONCE), "stop_requests", ["contact_id", "said_at"])
    _replace_checks(old=1, new=0)
    replace_values("interactions", "status", (*_STATUSES, "refused"), _STATUSES)
    for column in ("unknown_until", "unknown_from"):
        op.drop_column("accounts", column)
    for column in ("events_before", "purpose", "occasion_key"):
        op.drop_column("interactions", column)
    for table, column, values in reversed(_GROWING):
        add_values(table, column, values)
    _create_occasion_index("occurrence_year")


def _replace_checks(*, old: int, new: int) -> None:
    if _is_sqlite():
        rebuild("interactions", {f"({said[old]})": f"({said[new]})" for said in _CHECKS.values()})
        return
    for name, said in _CHECKS.items():
        op.drop_constraint(op.f(f"ck_interactions_{name}"), "interactions", type_="check")
        op.create_check_constraint(op.f(f"ck_interactions_{name}"), "interactions", said[new])


def _create_occasion_index(column: str) -> None:
    op.create_index(
        "uq_interaction_occasion",
        "interactions",
        ["account_id", "contact_id", "kind", column],
        unique=True,
        sqlite_where=_OCCUPYING,
        postgresql_where=_OCCUPYING,
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
