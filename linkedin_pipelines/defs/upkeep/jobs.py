"""Upkeep of one account: what was left in doubt is settled by reading; old screenshots and profiles go."""

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.maintenance.upkeep import (
    drop_old_moments,
    drop_old_profiles,
    expire_evidence,
    settle_open_interactions,
)


class EvidenceConfig(dg.Config):
    """How long screenshots are kept."""

    keep_days: int = Field(
        default=180,
        ge=1,
        le=3650,
        description="Days for which screenshots are kept; those of what is in doubt stay until that is settled.",
    )


@dg.op(out=dg.Out(dg.Nothing), tags={"dagster/kind": "playwright"})
def settle_in_doubt(context: dg.OpExecutionContext, linkedin: LinkedIn, campaign: Campaign) -> None:
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
        campaign.site_factory(),
    )
    context.log.info("%d interactions in doubt, %d still are.", settled.found, settled.left)
    context.add_output_metadata({"found_in_doubt": settled.found, "still_in_doubt": settled.left})


@dg.op(ins={"settled": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def expire_screenshots(context: dg.OpExecutionContext, config: EvidenceConfig, linkedin: LinkedIn) -> None:
    """Remove screenshots older than `keep_days`, except those by which the member decides what is still in doubt."""
    days = expire_evidence(
        linkedin.database, linkedin.settings, linkedin.clock, context.partition_key, config.keep_days
    )
    context.add_output_metadata({"days_removed": days, "keep_days": config.keep_days})


@dg.op(ins={"expired": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def drop_profiles(context: dg.OpExecutionContext, linkedin: LinkedIn) -> None:
    """Drop profiles of people who are no connections, once the account's `sourcing.keep_days` are over; old moments."""
    dropped = drop_old_profiles(linkedin.database, linkedin.clock, context.partition_key)
    moments = drop_old_moments(linkedin.database, linkedin.clock, context.partition_key)
    context.add_output_metadata({"profiles_dropped": dropped, "moments_dropped": moments})


@dg.job(
    partitions_def=accounts,
    executor_def=dg.in_process_executor,
    description=(
        "Looks after one account: reads what became of attempts that were cut off and settles them, and removes "
        "screenshots and profiles of strangers that are old enough. Sends nothing, and may be run at any time."
    ),
)
def upkeep() -> None:
    """Settling comes first: it decides which screenshots are still needed."""
    drop_profiles(expire_screenshots(settle_in_doubt()))
