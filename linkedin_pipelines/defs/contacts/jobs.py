"""Importing as a job of its own: it needs no browser, and may run beside a campaign."""

import dagster as dg

from linkedin_pipelines.defs.shared.vocabulary import CONTACTS

import_contacts = dg.define_asset_job(
    "import_contacts",
    selection=[CONTACTS],
    executor_def=dg.in_process_executor,
    description="Imports what lies in an account's inbox: contacts and birthdays, each refused row with its reason.",
)
