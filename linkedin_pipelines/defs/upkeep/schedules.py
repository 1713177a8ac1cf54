"""Upkeep of every account, once a day."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import ACCOUNT_SLOT_TAG
from linkedin_pipelines.defs.upkeep.jobs import upkeep
from linkedin_pipelines.orchestrator.partitions import accounts


@dg.schedule(
    job=upkeep,
    cron_schedule="35 11 * * *",  # within most accounts' hours, so that doubts may be read as well
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Looks after every account once a day: doubts that nobody settled, screenshots past their time.",
)
def upkeep_schedule(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    for account in context.instance.get_dynamic_partitions(accounts.name or ""):
        yield dg.RunRequest(run_key=account, partition_key=account, tags={ACCOUNT_SLOT_TAG: account})
