"""The main job: a day's campaign of an account, from its list to its report."""

import dagster as dg

from linkedin_pipelines.defs.birthdays.account_checks import no_stop_sign, session_lasts
from linkedin_pipelines.defs.shared.vocabulary import (
    APPROVED_MESSAGES,
    BIRTHDAY_LIST,
    BIRTHDAY_MESSAGES,
    BIRTHDAYS_SEEN,
    CAMPAIGN_REPORT,
    INTERACTIONS,
    SITE_CANARY,
)

birthday_campaign = dg.define_asset_job(
    "birthday_campaign",
    selection=[BIRTHDAY_LIST, APPROVED_MESSAGES, SITE_CANARY, BIRTHDAY_MESSAGES, INTERACTIONS, CAMPAIGN_REPORT],
    executor_def=dg.in_process_executor,
    description=(
        "A day's birthday wishes of one account: the list, its approval, a look at the site's pages, the messages one "
        "by one, the ledger and the report. For an account with manual approval it ends after the list; approving that "
        "starts the rest."
    ),
)

read_birthdays = dg.define_asset_job(
    "read_birthdays",
    # Its own job, not a part of the campaign: a page that cannot be read must not keep back wishes that are certain.
    selection=[BIRTHDAYS_SEEN],
    executor_def=dg.in_process_executor,
    description=(
        "Reads the catch-up page of one account's present day to its end, and looks at a few contact infos if the "
        "member chose that. Writes to nobody. A day that cannot be read fails the run and stays unknown."
    ),
)

account_checks = dg.define_asset_job(
    "account_checks",
    selection=dg.AssetSelection.checks(no_stop_sign, session_lasts),
    executor_def=dg.in_process_executor,
    description="Judges whether one account may be used today: no stop sign, and a session that lasts.",
)
