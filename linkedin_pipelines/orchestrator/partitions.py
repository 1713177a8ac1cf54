"""The two dimensions of everything: a date, or a month for reports, and a member account."""

import warnings
from datetime import UTC, date, datetime

import dagster as dg

from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.services.accounts.first_day import first_day_here
from linkedin_pipelines.settings import Settings

_FIRST_PLACE = "Pacific/Kiritimati"
"""The first place to see a day."""
_MONTH = "%Y-%m"

accounts = dg.DynamicPartitionsDefinition(name="account")
"""One key an account, by its slug; kept in step with accounts.yaml by `accounts_sensor` and `accounts apply`."""


def daily_from(first: date) -> dg.DailyPartitionsDefinition:
    """A partition for each local day from `first` on. One exists as soon as it has begun anywhere on Earth."""
    return dg.DailyPartitionsDefinition(start_date=first.isoformat(), timezone=_FIRST_PLACE, end_offset=1)


_first_day = first_day_here(Settings.from_environment(), datetime.now(UTC))

dates = daily_from(_first_day)
"""The accounts' local days, from the first account's first day here; read once, when the code location loads."""

campaigns = dg.MultiPartitionsDefinition({"date": dates, "account": accounts})
"""A day's campaign of an account.

Assets state no backfill policy: Dagster then makes a run for each partition, with the tags of its account and date. An
explicit `multi_run(1)` makes one for each too, but tags it as a range: the queue cannot keep an account's runs apart.
"""


first_month = _first_day.replace(day=1)

months = dg.MultiPartitionsDefinition(
    {
        "month": dg.MonthlyPartitionsDefinition(
            start_date=f"{first_month:{_MONTH}}", fmt=_MONTH, timezone=_FIRST_PLACE, end_offset=1
        ),
        "account": accounts,
    }
)
"""A month of an account, as `2026-03`. Like a date, it exists as soon as it has begun anywhere."""

with warnings.catch_warnings():
    # Both are in beta. Without the parameter the first month fails: its days before the first day have no partition.
    warnings.simplefilter("ignore", dg.BetaWarning)
    days_of_month = dg.MultiPartitionMapping(
        {
            "date": dg.DimensionPartitionMapping(
                "month", dg.TimeWindowPartitionMapping(allow_nonexistent_upstream_partitions=True)
            ),
            "account": dg.DimensionPartitionMapping("account", dg.IdentityPartitionMapping()),
        }
    )
"""From a month of an account to its campaigns."""


def campaign_key(account: str, day: date) -> dg.MultiPartitionKey:
    """The partition key of an account's campaign of `day`."""
    return dg.MultiPartitionKey({"date": day.isoformat(), "account": account})


def month_key(account: str, day: date) -> dg.MultiPartitionKey:
    """The partition key of an account's month in which `day` lies."""
    return dg.MultiPartitionKey({"month": f"{day:{_MONTH}}", "account": account})


def partition_tags(account: str, day: date) -> dict[str, str]:
    """The tags by which a run is that account's and day's, as Dagster itself sets them."""
    return tags_of_key(campaign_key(account, day))


def tags_of_key(key: dg.MultiPartitionKey) -> dict[str, str]:
    """The tags by which a run is of that partition, as Dagster itself sets them."""
    tag = "dagster/partition"
    return {tag: str(key)} | {f"{tag}/{name}": part for name, part in key.keys_by_dimension.items()}


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


def month_of(context: dg.AssetExecutionContext) -> tuple[str, date]:
    """Account and first day of the month that a step works on.

    Raises:
        LinkedInPipelinesError: the run has no such partition.
    """
    key = context.partition_key if context.has_partition_key else None
    if not isinstance(key, dg.MultiPartitionKey):
        raise LinkedInPipelinesError("a report needs its partition: pick a month and an account, and launch it again")
    parts = key.keys_by_dimension
    return parts["account"], date.fromisoformat(f"{parts['month']}-01")
