"""The job that congratulates on work anniversaries and new jobs."""

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import (
    APPROVED_CONGRATULATIONS,
    CAMPAIGN_REPORT,
    INTERACTIONS,
    MOMENT_MESSAGES,
    MOMENTS_SEEN,
)

moments_campaign = dg.define_asset_job(
    "moments_campaign",
    selection=[MOMENTS_SEEN, APPROVED_CONGRATULATIONS, MOMENT_MESSAGES, INTERACTIONS, CAMPAIGN_REPORT],
    executor_def=dg.in_process_executor,
    description=(
        "Reads the work anniversaries and new jobs of one account's present day, and congratulates on those that the "
        "account's settings name, within its own quota and the day's messages. Birthdays go first. For an account with "
        "manual approval it ends after the list; approving that starts the rest."
    ),
)
