"""The month's report as a job of its own."""

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import MONTHLY_REPORT

report_month = dg.define_asset_job(
    "report_month",
    selection=[MONTHLY_REPORT],
    executor_def=dg.in_process_executor,
    description=(
        "Reports a month of one account: outcomes, reasons, quotas used, and the birthdays of the month after. Reads "
        "the database alone, opens no page, and may be run at any time."
    ),
)
