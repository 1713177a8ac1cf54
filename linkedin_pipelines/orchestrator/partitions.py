"""The two dimensions of everything: a date, and a member account."""

from datetime import UTC, date, datetime

import dagster as dg

from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.services.accounts.first_day import first_day_here
from linkedin_pipelines.settings import Settings

accounts = dg.DynamicPartitionsDefinition(name="account")
"""One key an account, by its slug; kept in step with accounts.yaml by `accounts_sensor` and `accounts apply`."""


def daily_from(first: date) -> dg.DailyPartitionsDefinition:
    """A partition for each local day from `first` on. One exists as soon as it has begun anywhere on Earth.

    Kiritimati is the first place to see a day.
    """
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), timezone="Pacific/Kiritimati", end_offset=1)


dates = daily_from(first_day_here(Settings.from_environment(), datetime.now(UTC)))
"""The accounts' local days, from the first account's first day here; read once, when the code location loads."""

campaigns = dg.MultiPartitionsDefinition({"date": dates, "account": accounts})
"""A day's campaign of an account.

Assets state no backfill policy: Dagster then makes a run for each partition, with the tags of its account and date. An
explicit `multi_run(1)` makes one for each too, but tags it as a range: the queue cannot keep an account's runs apart.
"""


def campaign_key(account: str, day: date) -> dg.MultiPartitionKey:
    """The partition key of an account's campaign of `day`."""
    return dg.MultiPartitionKey({"date": day.isoformat(), "account": account})


def partition_tags(account: str, day: date) -> dict[str, str]:
    """The tags by which a run is that account's and day's, as Dagster itself sets them."""
    tag = "dagster/partition"
    return {tag: str(campaign_key(account, day)), f"{tag}/account": account, f"{tag}/date": day.isoformat()}


def campaign_of(
    context: dg.OpExecutionContext | dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
) -> tuple[str, date]:
    """Account and date of the partition that a step works on.

    Raises:
        LinkedInPipelinesError: the run has no such partition.
    """
    key = context.partition_key if context.has_partition_key else None
    if not isinstance(key, dg.MultiPartitionKey):
        raise LinkedInPipelinesError("a campaign needs its partition: pick a date and an account, and launch it again")
    parts = key.keys_by_dimension
    return parts["account"], date.fromisoformat(parts["date"])
