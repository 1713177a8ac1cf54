"""`approved_withdrawals`: the member's yes, given to the exact people whose invitation is to be withdrawn."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.invitations.pending_invitations import (
    INVITATION_COLUMNS,
    INVITATION_TABLES,
    invitation_rows,
)
from linkedin_pipelines.defs.shared.approving import tell_that_it_waits, who_approves
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import tables
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_WITHDRAWALS, INVITATIONS, OWNERS, PENDING_INVITATIONS
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.invitations.lists import approve, latest_approval, read_list


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
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account).config
    approval_before = latest_approval(linkedin.database, account, day)
    covered = approval_before.approved_by if approval_before is not None and approval_before.covers_list else None
    by = who_approves(context, config, PENDING_INVITATIONS, covered)
    if by is None:
        tell_that_it_waits(context, APPROVED_WITHDRAWALS)
        return
    approval = approve(linkedin.database, linkedin.clock, account, day, by, context.run.run_id)
    view = read_list(linkedin.database, account, day)
    planned = view.planned if view is not None else ()
    context.log.info("%d withdrawals approved by %s.", len(planned), by)
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(planned),
            "approved_by": by,
            "approved_at": dg.MetadataValue.timestamp(approval.approved_at),
            "content_hash": approval.content_hash,
            **tables(INVITATION_COLUMNS, invitation_rows(config, planned), **INVITATION_TABLES),
        }
    )
