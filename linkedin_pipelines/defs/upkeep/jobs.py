"""Upkeep of one account: what was left in doubt is settled by reading, and old pictures go."""

import dagster as dg

from linkedin_pipelines.defs.partitions import accounts
from linkedin_pipelines.defs.resources import BirthdayCampaign, LinkedIn
from linkedin_pipelines.services.upkeep import expire_evidence, settle_open_interactions


class EvidenceConfig(dg.Config):
    """How long pictures are kept."""

    keep_days: int = 180


@dg.op(out=dg.Out(dg.Nothing), tags={"dagster/kind": "playwright"})
def settle_in_doubt(context: dg.OpExecutionContext, linkedin: LinkedIn, birthday_campaign: BirthdayCampaign) -> None:
    """Read the conversations of sends whose end nobody saw, and settle each: sent, failed, or still in doubt.

    Nothing is read while the account must leave the site alone: paused, outside its hours, breaker open.
    """
    account = context.partition_key
    settled = settle_open_interactions(
        linkedin.database,
        linkedin.settings,
        linkedin.clock,
        account,
        context.run.run_id,
        birthday_campaign.messenger_factory(),
    )
    context.log.info("%d interactions in doubt, %d still are.", settled.found, settled.left)
    context.add_output_metadata({"found_in_doubt": settled.found, "still_in_doubt": settled.left})


@dg.op(ins={"settled": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def expire_pictures(context: dg.OpExecutionContext, config: EvidenceConfig, linkedin: LinkedIn) -> None:
    """Remove pictures older than `keep_days`, except those by which the member decides what is still in doubt."""
    days = expire_evidence(
        linkedin.database, linkedin.settings, linkedin.clock, context.partition_key, config.keep_days
    )
    context.add_output_metadata({"days_removed": days, "keep_days": config.keep_days})


@dg.job(
    partitions_def=accounts,
    executor_def=dg.in_process_executor,
    description=(
        "Looks after one account: reads the conversations of sends that were cut off and settles them, and removes "
        "pictures that are old enough. Sends nothing, and may be run at any time."
    ),
)
def upkeep() -> None:
    """Settling comes first: it decides which pictures are still needed."""
    expire_pictures(settle_in_doubt())
