"""`interactions` and `campaign_report`: what the ledger holds of a campaign, and what it comes to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import dagster as dg

from linkedin_pipelines.defs.shared.images import embedded
from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.quotas import QUOTA_COLUMNS, quota_rows
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, counts, plain, table, tables
from linkedin_pipelines.defs.shared.vocabulary import (
    BIRTHDAY_MESSAGES,
    CAMPAIGN_REPORT,
    INTERACTIONS,
    INVITATION_WITHDRAWALS,
    LEDGER,
    MOMENT_MESSAGES,
    OWNERS,
    PROFILE_VISITS,
)
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.figures.chart import drawn
from linkedin_pipelines.services.figures.weeks import last_weeks
from linkedin_pipelines.services.reporting.reports import InteractionView, PersonReport, interactions_of
from linkedin_pipelines.services.reporting.reports import campaign_report as report_of

INTERACTION_COLUMNS = column_schema(
    kind=("string", "birthday_message, profile_visit, invitation_withdrawal or moment_message."),
    person=("string", "Full name, as the connection shows it."),
    status=("string", "sending, sent, failed, in_doubt or rehearsed."),
    text=("string", "Exactly the words sent."),
    explanation=("string", "Why it is not sent, for the member."),
    reason=("string", "The same as one word."),
    sent_at=("datetime", "When it was proven sent, in the account's zone."),
    claimed_at=("datetime", "When the quota was spent, in the account's zone."),
    origin=("string", "campaign, or by_hand for a wish that the member sent."),
    profile=("string", "The person's profile, below the address of the site."),
    interaction_id=("int", "The row of the ledger."),
    run_id=("string", "The run that did it."),
)


_ORDER = ("sent", "in_doubt", "failed", "sending", "rehearsed", "refused", "planned", "deferred", "skipped")
"""Statuses, in the order in which the report shows them."""
_LAST = datetime.max.replace(tzinfo=UTC)


REPORT_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    status=("string", "Of the last attempt: sent, failed, in_doubt, rehearsed; else planned, skipped or deferred."),
    text=("string", "The words."),
    explanation=("string", "Why, for the member."),
    reason=("string", "The same as one word."),
    sent_at=("datetime", "When the wish was proven sent, in the account's zone."),
    birthday=("date", "The day it is kept this time."),
    next_eligible_on=("date", "First day on which the person may be wished."),
    profile=("string", "The person's profile, below the address of the site."),
)


@dg.asset(
    key=INTERACTIONS,
    group_name=LEDGER,
    partitions_def=campaigns,
    deps=[BIRTHDAY_MESSAGES, PROFILE_VISITS, INVITATION_WITHDRAWALS, MOMENT_MESSAGES],
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": INTERACTION_COLUMNS, "dagster/table_name": "interactions"},
)
def interactions(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """The ledger's rows of this campaign: every attempt, with its proof or its reason.

    The rows themselves are written by the sending, in the moment of each step; this asset reads them back, so that the
    checks on it judge what the database really holds.
    """
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account, retired=True).config
    rows = interactions_of(linkedin.database, account, list_date=day)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(rows),
            "statuses": counts(row.status for row in rows),
            **tables(
                INTERACTION_COLUMNS,
                _rows(config, rows),
                interactions="person kind status sent_at",
                why="person explanation reason",
                letters="person text",
                rows="interaction_id claimed_at origin run_id",
                addresses="person profile",
            ),
        }
    )


def _rows(config: AccountConfig, rows: Iterable[InteractionView]) -> Iterator[Mapping[str, object]]:
    for row in rows:
        yield {
            "interaction_id": row.interaction_id,
            "kind": row.kind,
            "person": row.full_name,
            "profile": profile_path(row.slug),
            "status": row.status,
            "reason": row.reason,
            "explanation": row.explanation,
            "claimed_at": _local(config, row.claimed_at),
            "sent_at": _local(config, row.sent_at),
            "text": row.body,
            "origin": row.origin,
            "run_id": row.run_id,
        }


@dg.asset(
    key=CAMPAIGN_REPORT,
    group_name=LEDGER,
    partitions_def=campaigns,
    deps=[INTERACTIONS],
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": REPORT_COLUMNS},
)
def campaign_report(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """What became of everybody on the day's list, and what is left of the quotas: the page to read in the evening."""
    account, day = campaign_of(context)
    report = report_of(linkedin.database, linkedin.clock, account, day, context.run.run_id)
    config = get_account(linkedin.database, account, retired=True).config
    weeks = last_weeks(linkedin.database, account, day)
    today = weeks[-1]
    return dg.MaterializeResult(
        metadata={
            "summary": dg.MetadataValue.md(plain(report.summary) or ""),
            "last_weeks": embedded("svg+xml", drawn(weeks), "sent, deferred and failed wishes of the last four weeks"),
            # Numbers of their own: Dagster plots them over the partitions.
            "sent": today.sent,
            "deferred": today.deferred,
            "failed": today.failed,
            "in_doubt": today.in_doubt,
            "quota_left_today": report.quota.left_today,
            "quota_left_in_week": report.quota.left_in_week,
            "sent_in_four_weeks": sum(each.sent for each in weeks),
            "quotas": table(QUOTA_COLUMNS, quota_rows(use for quota in report.quotas for use in quota.uses)),
            "dagster/row_count": len(report.people),
            **tables(
                REPORT_COLUMNS,
                _report_rows(config, report.people),
                people="person status reason sent_at",
                why="person explanation next_eligible_on",
                letters="person text",
                addresses="person birthday profile",
            ),
            "counts": report.counts,
            "other_kinds": {kind.kind: kind.counts for kind in report.other_kinds},
            "reasons": report.reasons,
            "approved_by": report.approved_by or "nobody",
            "mode": report.mode,
        }
    )


def _report_rows(config: AccountConfig, people: Iterable[PersonReport]) -> Iterator[Mapping[str, object]]:
    """Whom a wish reached first, as they were reached; then whatever may want a decision; then who is left."""
    for person in sorted(people, key=lambda each: (_ORDER.index(each.status), each.sent_at or _LAST)):
        yield {
            "person": person.full_name,
            "profile": profile_path(person.slug),
            "birthday": person.occurs_on,
            "status": person.status,
            "reason": person.reason,
            "explanation": person.explanation,
            "next_eligible_on": person.next_eligible_on,
            "sent_at": _local(config, person.sent_at),
            "text": person.text,
        }


def _local(config: AccountConfig, moment: datetime | None) -> str | None:
    """A moment as the member's clock showed it, to the minute."""
    return f"{moment.astimezone(config.zone):%Y-%m-%d %H:%M}" if moment is not None else None
