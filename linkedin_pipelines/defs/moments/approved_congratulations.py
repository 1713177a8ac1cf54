"""`approved_congratulations`: the member's yes, given to exact words for exact people."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.moments.moments_seen import MOMENT_COLUMNS, moment_rows
from linkedin_pipelines.defs.shared.approving import tell_that_it_waits, who_approves
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import table
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_CONGRATULATIONS, MOMENTS, MOMENTS_SEEN, OWNERS
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.moments.approvals import approve, latest_approval
from linkedin_pipelines.services.moments.lists import read_list


@dg.asset(
    key=APPROVED_CONGRATULATIONS,
    group_name=MOMENTS,
    partitions_def=campaigns,
    deps=[MOMENTS_SEEN],
    output_required=False,
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": MOMENT_COLUMNS, "dagster/table_name": "plan_approvals"},
)
def approved_congratulations(
    context: dg.AssetExecutionContext, linkedin: LinkedIn
) -> Iterator[dg.MaterializeResult[None]]:
    """**Materialize this by hand to approve the day's list**: the planned rows in the table of `moments_seen`.

    The approval covers exactly these people and words. If the list gets anybody else, or other words, it is void and
    nothing is sent; one that has only become shorter stands. After a manual approval a sensor starts the sending,
    within the account's hours.

    Accounts with `approval: automatic` approve as part of the run. For the others a run that reads the list stops here,
    since nobody can have looked at it yet, unless all of it was approved before.
    """
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account).config
    approval_before = latest_approval(linkedin.database, account, day)
    covered = approval_before.approved_by if approval_before is not None and approval_before.covers_list else None
    by = who_approves(context, config, MOMENTS_SEEN, covered)
    if by is None:
        tell_that_it_waits(context, APPROVED_CONGRATULATIONS)
        return
    approval = approve(linkedin.database, linkedin.clock, account, day, by, context.run.run_id)
    view = read_list(linkedin.database, account, day)
    planned = view.planned if view is not None else ()
    context.log.info("%d congratulations approved by %s.", len(planned), by)
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(planned),
            "approved_by": by,
            "approved_at": dg.MetadataValue.timestamp(approval.approved_at),
            "content_hash": approval.content_hash,
            "people": table(MOMENT_COLUMNS, moment_rows(config, planned)),
        }
    )
