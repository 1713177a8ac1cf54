"""`approved_withdrawals`: the member's yes, given to the exact people whose invitation is to be withdrawn."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.invitations.pending_invitations import (
    INVITATION_COLUMNS,
    INVITATION_TABLES,
    invitation_rows,
)
from linkedin_pipelines.defs.shared.approving import approved_plan
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import tables
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_WITHDRAWALS, INVITATIONS, OWNERS, PENDING_INVITATIONS
from linkedin_pipelines.orchestrator.partitions import campaigns
from linkedin_pipelines.services.invitations.lists import WITHDRAWALS


@dg.asset(
    key=APPROVED_WITHDRAWALS,
    group_name=INVITATIONS,
    partitions_def=campaigns,
    deps=[PENDING_INVITATIONS],
    output_required=False,
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": INVITATION_COLUMNS, "dagster/table_name": "plan_approvals"},
)
def approved_withdrawals(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> Iterator[dg.MaterializeResult[None]]:
    """**Materialize this by hand to approve the day's list**: the planned rows in the table of `pending_invitations`.

    The approval covers exactly these people. If the list is read again and names anybody else, it is void and nothing
    is withdrawn; one that has only become shorter stands. After a manual approval a sensor starts the withdrawals,
    within the account's hours.

    Accounts with `approval: automatic` approve as part of the run. For the others a run that reads the list stops here,
    since nobody can have looked at it yet, unless everybody on it was approved before.
    """
    yield from approved_plan(
        context,
        linkedin,
        WITHDRAWALS,
        lambda planned: tables(INVITATION_COLUMNS, invitation_rows(planned), **INVITATION_TABLES),
    )
