"""`monthly_report`: what a month came to, and the birthdays of the month after it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dagster as dg

from linkedin_pipelines.defs.shared.images import embedded
from linkedin_pipelines.defs.shared.quotas import QUOTA_COLUMNS, quota_rows
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, plain, table
from linkedin_pipelines.defs.shared.vocabulary import CONTACTS, INTERACTIONS, LEDGER, MONTHLY_REPORT, OWNERS
from linkedin_pipelines.orchestrator.partitions import days_of_month, month_of, months
from linkedin_pipelines.services.figures.chart import drawn

if TYPE_CHECKING:
    from linkedin_pipelines.services.figures.months import BirthdaysAhead, MonthReport

SHOWN_NAMES = 4
"""People of one day that are named; a table of 500 pixels has no room for more."""

OUTCOME_COLUMNS = column_schema(
    kind=("string", "birthday_message, profile_visit, invitation_withdrawal or moment_message."),
    outcome=("string", "sent, failed, in_doubt, rehearsed, refused, planned, skipped or deferred."),
    times=("int", "On how many days' lists, one for each person."),
    people=("int", "For how many people."),
)
REASON_COLUMNS = column_schema(
    reason=("string", "Why it was not sent, as one word."),
    outcome=("string", "What it led to."),
    times=("int", "On how many days' lists, one for each person."),
    people=("int", "For how many people."),
)
WEEK_COLUMNS = column_schema(
    begins=("date", "Monday of the week; only its days within the month count."),
    sent=("int", "Birthday messages sent."),
    deferred=("int", "Deferred to another day."),
    failed=("int", "Failed."),
    in_doubt=("int", "In doubt."),
)
AHEAD_COLUMNS = column_schema(
    day=("date", "A day of the month after."),
    birthdays=("int", "Connections with a birthday that may be wished."),
    people=("string", "Who."),
)


@dg.asset(
    key=MONTHLY_REPORT,
    group_name=LEDGER,
    partitions_def=months,
    deps=[dg.AssetDep(INTERACTIONS, partition_mapping=days_of_month), CONTACTS],
    owners=OWNERS,
    kinds={"python", "pandas"},
    metadata={"dagster/column_schema": OUTCOME_COLUMNS},
)
def monthly_report(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """What an account's month came to: outcomes by kind, reasons, weeks, quotas used, and the next month's birthdays.

    It is the sum of the month's campaign reports, so someone on the lists of three days counts three times; `people`
    counts each person once. A month that has not ended has its numbers so far. Replies are not kept, so none are
    counted; of what others wrote, only replies that seem to ask not to be written to.
    """
    from linkedin_pipelines.services.figures.months import month_report  # noqa: PLC0415 - pandas takes a second

    account, month = month_of(context)
    report = month_report(linkedin.database, linkedin.clock, account, month)
    context.log.info("%s: %s", account, report.summary)
    return dg.MaterializeResult(metadata=_facts(report))


def _facts(report: "MonthReport") -> dict[str, Any]:
    numbers = ("sent", "rehearsed", "deferred", "skipped", "failed", "in_doubt")
    return {
        "summary": dg.MetadataValue.md(plain(report.summary) or ""),
        "days": embedded("svg+xml", drawn(report.days), "sent, deferred and failed wishes of each day of the month"),
        # Numbers of their own: Dagster plots them over the partitions.
        **{word: report.counts.get(word, 0) for word in numbers},
        "sent_by_hand": report.by_hand,
        "requests_to_stop": report.requests_to_stop,
        "birthdays_ahead": sum(len(day.names) for day in report.ahead),
        **{f"{kind}_quota_used": count for kind, count in report.quota_used.items()},
        "outcomes": table(OUTCOME_COLUMNS, map(asdict, report.outcomes)),
        "reasons": table(REASON_COLUMNS, map(asdict, report.reasons)),
        "quotas": table(QUOTA_COLUMNS, quota_rows(report.busiest)),
        "weeks": table(WEEK_COLUMNS, map(asdict, report.weeks)),
        "ahead": table(AHEAD_COLUMNS, _ahead(report.ahead)),
    }


def _ahead(days: "tuple[BirthdaysAhead, ...]") -> Iterator[Mapping[str, object]]:
    for day in days:
        more = len(day.names) - SHOWN_NAMES
        people = ", ".join(day.names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
        yield {"day": day.day, "birthdays": len(day.names), "people": people}
