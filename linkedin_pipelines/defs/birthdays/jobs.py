"""The main job: a day's campaign of an account, from its list to its report."""

import dagster as dg

from linkedin_pipelines.defs.partitions import campaigns
from linkedin_pipelines.defs.vocabulary import (
    APPROVED_MESSAGES,
    BIRTHDAY_LIST,
    BIRTHDAY_MESSAGES,
    CAMPAIGN_REPORT,
    INTERACTIONS,
)

birthday_campaign = dg.define_asset_job(
    "birthday_campaign",
    selection=[BIRTHDAY_LIST, APPROVED_MESSAGES, BIRTHDAY_MESSAGES, INTERACTIONS, CAMPAIGN_REPORT],
    partitions_def=campaigns,
    executor_def=dg.in_process_executor,
    description=(
        "A day's birthday wishes of one account: the list, its approval, the messages one by one, the ledger and the "
        "report. For an account with manual approval it ends after the list; approving that starts the rest."
    ),
)
