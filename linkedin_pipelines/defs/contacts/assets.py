"""`contacts`: the people an account is connected to, from files that the member owns."""

from pathlib import Path

import dagster as dg

from linkedin_pipelines.defs.partitions import accounts, one_by_one
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import CONTACTS, OWNERS, PEOPLE
from linkedin_pipelines.services.audits import audit_contacts
from linkedin_pipelines.services.imports import import_files
from linkedin_pipelines.services.inbox import take_in


class ImportConfig(dg.Config):
    """What to import."""

    files: list[str] = []  # noqa: RUF012 - dagster copies the default


@dg.asset(
    key=CONTACTS,
    group_name=PEOPLE,
    partitions_def=accounts,
    backfill_policy=one_by_one,
    owners=OWNERS,
    kinds={"python", "pandas", "sqlalchemy"},
    metadata={"dagster/table_name": "contacts"},
)
def contacts(context: dg.AssetExecutionContext, config: ImportConfig, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """Contacts and their birthdays, from files in the account's inbox: LinkedIn's archive, address books, calendars.

    Importing the same file again changes nothing. Every row that could not be taken is kept with its file, line and
    reason.
    """
    account = context.partition_key
    raise NotImplementedError
