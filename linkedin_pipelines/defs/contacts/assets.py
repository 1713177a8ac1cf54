"""`contacts`: the people an account is connected to, from files that the member owns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, table, tables
from linkedin_pipelines.defs.shared.vocabulary import CONTACTS, OWNERS, PEOPLE
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.accounts.installation import Database
from linkedin_pipelines.services.contacts.import_reports import FileReport
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.services.contacts.inbox import left_alone, take_in
from linkedin_pipelines.services.contacts.sources import sync
from linkedin_pipelines.services.contacts.unmatched import unmatched_entries
from linkedin_pipelines.services.reporting.status import account_status
from linkedin_pipelines.settings import Settings

FILE_COLUMNS = column_schema(
    file=("string", "The file, or one file of an archive."),
    kind=("string", "What it was recognised as."),
    rows_read=("int", "Rows of it."),
    rows_new=("int", "Rows that brought somebody or something new."),
    rows_changed=("int", "Rows that changed something known."),
    rows_unchanged=("int", "Rows that were known already."),
    rows_refused=("int", "Rows that could not be taken; each is kept with its reason."),
    rows_forgotten=("int", "Rows of people who asked to be forgotten; nothing of them is kept."),
    rows_left_out=("int", "Rows that hold nothing for us."),
    notes=("string", "What else there is to say."),
)
REFUSED_COLUMNS = column_schema(
    file=("string", "The file."),
    line=("int", "Line on which the row starts."),
    reason=("string", "Why it was not taken."),
    excerpt=("string", "How it begins."),
)

UNMATCHED_COLUMNS = column_schema(
    entry=("string", "What `birthdays settle` calls it."),
    name=("string", "The name as the file has it."),
    date=("string", "The birthday as the file has it."),
    source=("string", "Where it was read."),
    reason=("string", "Why no connection was found."),
    may_be=("string", "The likeliest connections."),
)


class ImportConfig(dg.Config):
    """What to import."""

    sync_sources: bool = Field(
        default=False, description="Read the account's address books and calendars on servers as well."
    )

    files: list[str] = Field(
        default=[], description="Paths of files on this machine, instead of those that wait in the account's inbox."
    )


@dg.asset(
    key=CONTACTS,
    group_name=PEOPLE,
    partitions_def=accounts,
    owners=OWNERS,
    kinds={"python", "pandas", "sqlalchemy"},
    metadata={"dagster/table_name": "contacts"},
)
def contacts(context: dg.AssetExecutionContext, config: ImportConfig, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """Contacts and their birthdays, from files in the account's inbox: LinkedIn's archive, address books, calendars.

    Importing a file again changes nothing. Every row that could not be taken is kept with its file, line and reason; a
    file that cannot be trusted as a whole is moved to `refused/`, and nothing of it is imported.
    """
    account = context.partition_key
    refused: dict[str, str] = {}
    if config.files:
        paths = [Path(file) for file in config.files]
        files = list(import_files(linkedin.database, linkedin.clock, account, paths).files)
    else:
        taken = take_in(linkedin.database, linkedin.clock, linkedin.settings.inbox, account)
        files = [file for each in taken if each.report for file in each.report.files]
        refused = {each.file: each.reason or "" for each in taken if each.outcome == "refused"}
    if config.sync_sources:
        read = sync(linkedin.database, linkedin.settings, linkedin.clock, account)
        files += [file for each in read for file in each.files]
        refused |= {each.name: each.failure for each in read if each.failure}
    context.log.info("%d files imported, %d refused.", len(files), len(refused))
    return dg.MaterializeResult(
        metadata=facts_of(linkedin.settings, linkedin.database, linkedin.clock, account, files, refused)
    )


def facts_of(
    settings: Settings,
    database: Database,
    clock: Clock,
    account: str,
    files: Sequence[FileReport],
    refused: Mapping[str, str],
) -> dict[str, Any]:
    """What a materialization tells: the account's contacts as they are now, and what became of these files.

    `refused` has the reason of each file that was refused.
    """
    known = account_status(database, clock, account)
    return {
        "dagster/row_count": sum(known.contacts.values()),
        "contacts": known.contacts,
        "birthdays": known.birthdays,
        "birthdays_unmatched": known.unmatched_birthdays,
        "birthdays_disputed": known.disputed_birthdays,
        "birthdays_to_settle": table(
            UNMATCHED_COLUMNS,
            (
                each.model_dump(exclude={"likeliest", "settled"})
                | {"may_be": ", ".join(f"{person.name} ({person.key})" for person in each.likeliest)}
                for each in unmatched_entries(database, account)
                if not each.settled
            ),
        ),
        "stop_requests_to_decide": len(known.stop_requests),
        **tables(
            FILE_COLUMNS,
            _parts(files),
            files="file kind rows_read rows_new rows_refused",
            other_rows="file rows_changed rows_unchanged rows_forgotten rows_left_out",
            notes="file notes",
        ),
        "rows_refused": table(REFUSED_COLUMNS, (row.model_dump() for file in files for row in file.refused_rows)),
        "files_refused": dict(refused),
        "left_in_inbox": left_alone(settings.inbox, account),
    }


def _parts(files: Iterable[FileReport]) -> Iterator[Mapping[str, object]]:
    for file in files:
        name = Path(file.file).name
        if not file.parts:
            yield {"file": name, "kind": file.kind, "notes": "already imported; nothing changed"}
        for part in file.parts:
            where = name if part.file == name else f"{name}: {part.file}"
            yield part.model_dump() | {"file": where, "kind": part.kind, "notes": " ".join(part.notes)}
