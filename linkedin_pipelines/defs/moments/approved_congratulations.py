"""`approved_congratulations`: the member's yes, given to exact words for exact people."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.moments.moments_seen import MOMENT_COLUMNS, MOMENT_TABLES, moment_rows
from linkedin_pipelines.defs.shared.approving import approved_plan
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import tables
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_CONGRATULATIONS, MOMENTS, MOMENTS_SEEN, OWNERS
from linkedin_pipelines.orchestrator.partitions import campaigns
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS


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
    yield from approved_plan(
        context,
        linkedin,
        CONGRATULATIONS,
        lambda planned: tables(MOMENT_COLUMNS, moment_rows(planned), **MOMENT_TABLES),
    )
