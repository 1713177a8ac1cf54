"""The job that looks for people, visits their profiles and scores them."""

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import (
    CAMPAIGN_REPORT,
    FIT_SCORES,
    INTERACTIONS,
    PROFILE_VISITS,
    SOURCED_PROFILES,
)

sourcing_campaign = dg.define_asset_job(
    "sourcing_campaign",
    selection=[SOURCED_PROFILES, PROFILE_VISITS, FIT_SCORES, INTERACTIONS, CAMPAIGN_REPORT],
    executor_def=dg.in_process_executor,
    description=(
        "Reads a people search of one account, visits the profiles found within the quota of visits, and scores how "
        "well they fit. Every visit tells the other member who looked. A rehearsal, the default, reads the results "
        "and visits nobody."
    ),
)
