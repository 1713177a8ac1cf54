"""Taking in the files that a member owns.

Each file is read and checked to its end first (`import_reading`); only then is it written (`import_writing`), with
everything that follows from it (`matching`). If one of several files is refused, none of them is imported. The same
content imported again is found by its hash and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import unmatched as unmatched_rows
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts import people
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.occasions import occurrences_within
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import IMPORTER_VERSION
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.contacts.import_reading import (
    FileRows,
    Parked,
    Progress,
    files_at,
    read_file,
)
from linkedin_pipelines.services.contacts.import_reports import (
    BirthdayRow,
    ImportReport,
    Totals,
    UnmatchedView,
)
from linkedin_pipelines.services.contacts.import_writing import Writing


def import_files(
    database: Database,
    clock: Clock,
    account_slug: str,
    paths: Sequence[Path],
    *,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files of an account: LinkedIn's archive (zip or unpacked folder) or files of it, address books, calendars.

    Raises:
        UnknownAccountError: there is no such account.
        RefusedFileError: at least one file cannot be trusted; all such are named, and nothing was imported.
    """
    account = get_account(database, account_slug)
    now = clock.now()

    def is_known(sha256: str) -> bool:
        with database.reading() as session:
            return import_rows.find_import(session, account.id, sha256, IMPORTER_VERSION) is not None

    with Parked() as stack:
        files = _read_all(
            [Path(path) for path in paths],
            lambda file: read_file(file, account, now, stack, progress or (lambda _name, _rows: None), is_known),
        )
        reports = [Writing(database, account, file, now).write() for file in files]
    with database.reading() as session:
        return ImportReport(account=account.slug, files=tuple(reports), totals=_totals(session, account.id))


def _read_all(paths: Sequence[Path], read: Callable[[FileRows], None]) -> list[FileRows]:
    files: list[FileRows] = []
    refusals: list[str] = []
    for path in paths:
        try:
            found = files_at(path)
            for file in found:
                read(file)
            files += found
        except RefusedFileError as error:
            refusals.append(str(error))
    if refusals:
        raise RefusedFileError("; ".join(refusals) + ("; nothing was imported" if len(paths) > 1 else ""))
    return files


def _totals(session: Session, account_id: int) -> Totals:
    return Totals(
        contacts=people.count_connected(session, account_id),
        contacts_without_address=people.count_connected(session, account_id, without_address=True),
        birthdays=people.count_birthdays(session, account_id),
        disputed_birthdays=people.count_birthdays(session, account_id, disputed=True),
        unmatched_birthdays=unmatched_rows.count_unmatched(session, account_id),
        wished_by_hand=import_rows.count_by_hand(session, account_id),
        stop_requests=import_rows.count_stop_requests(session, account_id),
    )


def list_birthdays(
    database: Database, account_slug: str, *, on: date | None, days: int | None = None, everyone: bool = False
) -> list[BirthdayRow]:
    """The birthdays known of connected people: those kept on the `days` days from `on`, or with `everyone` all.

    By day, then by name. Without `on` every birthday is listed too, since no day was asked for.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        known = people.people_with_birthday(session, account.id)
    rows: list[tuple[date | None, people.PersonWithBirthday]] = []
    for person in known:
        if everyone or on is None:
            rows.append((None, person))
            continue
        last = on + timedelta(days=max(1, days or 1) - 1)
        kept = occurrences_within(person.month, person.day, on, last, account.config.leap_day)
        rows += [(occurrence.on, person) for occurrence in kept[:1]]
    rows.sort(key=lambda row: row[0] or date.min)  # stable: within a day the order of the query stays
    return [
        BirthdayRow(
            slug=person.identity_key,
            name=person.full_name,
            month=person.month,
            day=person.day,
            year=person.year,
            source=person.source,
            disputed=person.disputed,
            occurs_on=None if occurs_on is None else occurs_on.isoformat(),
        )
        for occurs_on, person in rows
    ]


def list_unmatched(database: Database, account_slug: str) -> list[UnmatchedView]:
    """The birthdays of the member's files for which no contact was found, each with the reason, by name."""
    account = get_account(database, account_slug)
    with database.reading() as session:
        return [
            UnmatchedView(
                name=row.name,
                date=row.raw_date,
                source=row.source,
                reason="; ".join(filter(None, (row.reason, row.refusal))),
            )
            for row in unmatched_rows.unmatched_birthdays(session, account.id)
        ]
