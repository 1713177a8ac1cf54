"""Sends that were cut off, noticed and handed to upkeep."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.birthdays.launches import GOING_ON, ready_accounts
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import ACCOUNT_SLOT_TAG
from linkedin_pipelines.defs.upkeep.jobs import upkeep
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.actions.doubts import readable_doubts


@dg.sensor(
    job=upkeep,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts upkeep for an account with sends whose end nobody saw, within its hours and while no run of it is "
        "under way. The same doubts are tried once an hour at most; what three readings could not tell waits for the "
        "member."
    ),
)
def in_doubt_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
    now = linkedin.clock.now()
    asked = 0

    def has_open_matters(account: AccountView) -> bool:
        return account.settle_first_since is not None or bool(readable_doubts(linkedin.database, account.id))

    for account in ready_accounts(context, linkedin, has_open_matters):
        doubts = readable_doubts(linkedin.database, account.id)
        if context.instance.get_runs_count(dg.RunsFilter(tags={ACCOUNT_SLOT_TAG: account.slug}, statuses=GOING_ON)):
            continue
        asked += 1
        rows = ",".join(f"{row.interaction_id}.{row.doubt_readings}" for row in doubts)
        yield dg.RunRequest(
            run_key=f"{account.slug}:{rows}:{now:%Y%m%dT%H}",
            partition_key=account.slug,
            tags={ACCOUNT_SLOT_TAG: account.slug},
        )
    if not asked:
        yield dg.SkipReason("Nothing is in doubt that may be settled now.")
