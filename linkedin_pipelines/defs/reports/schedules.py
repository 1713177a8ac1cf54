"""When a month is reported by itself."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from linkedin_pipelines.defs.reports.jobs import report_month
from linkedin_pipelines.orchestrator.partitions import accounts, first_month, month_key


@dg.schedule(
    job=report_month,
    cron_schedule="0 13 1 * *",  # the month has then ended everywhere on Earth
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Off until you switch it on. On the first of the month, reports the month before for every account.",
)
def report_month_schedule(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    day = context.scheduled_execution_time.date().replace(day=1) - timedelta(days=1)
    if day < first_month:
        yield dg.SkipReason(f"Nothing happened here in {day:%B %Y}.")
        return
    for account in context.instance.get_dynamic_partitions(accounts.name or ""):
        key = month_key(account, day)
        yield dg.RunRequest(run_key=str(key), partition_key=key)
