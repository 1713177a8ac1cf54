"""The job that withdraws stale invitations."""

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import (
    APPROVED_WITHDRAWALS,
    CAMPAIGN_REPORT,
    INTERACTIONS,
    INVITATION_WITHDRAWALS,
    PENDING_INVITATIONS,
)

invitation_cleanup = dg.define_asset_job(
    "invitation_cleanup",
    selection=[PENDING_INVITATIONS, APPROVED_WITHDRAWALS, INVITATION_WITHDRAWALS, INTERACTIONS, CAMPAIGN_REPORT],
    executor_def=dg.in_process_executor,
    description=(
        "Reads the sent invitations of one account's present day, and withdraws those that are stale, oldest first, "
        "within their quota. A person whose invitation was withdrawn cannot be invited again for up to three weeks. "
        "For an account with manual approval it ends after the list; approving that starts the rest."
    ),
)
