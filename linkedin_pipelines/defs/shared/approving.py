"""A list that is read off the site, shown, and said yes to: by the member, or by the account's own setting.

The member says yes by materializing the approval alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import counts, plain
from linkedin_pipelines.domain.account import AccountConfig, Approval
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.orchestrator.partitions import campaign_of
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import MEMBER
from linkedin_pipelines.services.plans.listed import ListedPlan, PlannedEntry

SCHEDULE = "schedule"

_BY_ITSELF = ("dagster/schedule_name", "dagster/sensor_name")
"""Tags of runs that nobody started by hand."""


def chosen_by_hand(context: dg.AssetExecutionContext, built: dg.AssetKey) -> bool:
    """Whether a person chose an approval for a list, the asset `built`, that had been there to look at.

    A run, or a backfill, that also builds the list shows it to nobody before the approval; a run that a schedule or
    sensor started had nobody in front of it.
    """
    run = context.run
    if any(tag in run.tags for tag in _BY_ITSELF):
        return False
    chosen = set(run.asset_selection or ())
    if (backfill_id := run.tags.get("dagster/backfill")) and (backfill := context.instance.get_backfill(backfill_id)):
        chosen |= set(backfill.asset_selection or ())
    # A run without a selection runs the whole job, and every job that approves builds the list first.
    return bool(chosen) and built not in chosen


def who_approves(
    context: dg.AssetExecutionContext, config: AccountConfig, built: dg.AssetKey, approved_by: str | None
) -> str | None:
    """Who says yes to the list in this run; None if it waits for the member.

    `approved_by` is who approved exactly this list before: that yes stands.
    """
    if chosen_by_hand(context, built):
        return MEMBER
    return SCHEDULE if config.approval is Approval.AUTOMATIC else approved_by


def tell_that_it_waits(context: dg.AssetExecutionContext, approval: dg.AssetKey) -> None:
    """Say in the log and on the asset that the list waits for the member."""
    name = approval.to_user_string()
    waiting = f"The list waits for its approval: read it, then materialize {name} of this partition alone."
    context.log.info(waiting)
    context.log_event(dg.AssetObservation(approval, description=waiting, partition=context.partition_key))


Row = TypeVar("Row", bound=PlannedEntry)


class ReadEntry(Protocol):
    """Whatever a list read off the site holds."""

    @property
    def outcome(self) -> EntryOutcome: ...


class ReadList(Protocol):
    """A list as it was read off the site."""

    @property
    def entries(self) -> Sequence[ReadEntry]: ...
    @property
    def content_hash(self) -> str: ...


def list_metadata(
    config: AccountConfig, read: ReadList, shown: Mapping[str, dg.TableMetadataValue], doubts: Iterable[str | None]
) -> dict[str, Any]:
    """What an asset shows of the list that it read; `doubts` are sentences why these may not be all."""
    doubt = "\n\n".join(filter(None, map(plain, doubts)))
    return {
        "dagster/row_count": len(read.entries),
        **shown,
        "outcomes": counts(entry.outcome for entry in read.entries),
        "content_hash": read.content_hash,
        "approval": config.approval.value,
        **({"doubt": dg.MetadataValue.md(doubt)} if doubt else {}),
    }


def approved_plan(
    context: dg.AssetExecutionContext,
    linkedin: LinkedIn,
    plan: ListedPlan[Row],
    described: Callable[[Sequence[Row]], Mapping[str, dg.MetadataValue]],
) -> Iterator[dg.MaterializeResult[None]]:
    """The body of an asset whose materialization approves a plan; nothing is materialized where the list waits.

    `described` draws the tables of those whom the yes covers.
    """
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account).config
    before = plan.latest_approval(linkedin.database, account, day)
    covered = before.approved_by if before is not None and before.covers_list else None
    by = who_approves(context, config, dg.AssetKey(plan.built_by), covered)
    if by is None:
        tell_that_it_waits(context, dg.AssetKey(plan.approved_at))
        return
    approval = plan.approve(linkedin.database, linkedin.clock, account, day, by, context.run.run_id)
    planned = plan.approved_entries(linkedin.database, account, day)
    context.log.info("%d approved by %s.", len(planned), by)
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(planned),
            "approved_by": by,
            "approved_at": dg.MetadataValue.timestamp(approval.approved_at),
            "content_hash": approval.content_hash,
            **described(planned),
        }
    )
