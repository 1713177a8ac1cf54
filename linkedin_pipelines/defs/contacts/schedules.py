"""When address books and calendars on servers are read."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.contacts.jobs import import_contacts
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.contacts.sources import accounts_with_sources

SYNC = {"ops": {"contacts": {"config": {"sync_sources": True}}}}


@dg.schedule(
    job=import_contacts,
    cron_schedule="20 3 * * *",  # before the hours of any account in Europe begin
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Reads the CardDAV and CalDAV sources of every account that has any, once a day.",
)
def source_schedule(
    context: dg.ScheduleEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    known = set(context.instance.get_dynamic_partitions(accounts.name or ""))
    due = [account for account in accounts_with_sources(linkedin.database) if account in known]
    for account in due:
        yield dg.RunRequest(run_key=account, partition_key=account, run_config=SYNC)
    if not due:
        yield dg.SkipReason("No account has an address book or calendar on a server.")
