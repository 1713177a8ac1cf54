"""Taking in the files that a member owns.

Each file is read and checked to its end first (`import_reading`); only then is it written, in one transaction with
everything that follows from it (`matching`). If one of several files is refused, none of them is imported. The same
content imported again is found by its hash and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import birthdays as birthday_rows
from linkedin_pipelines.db import hand_sent, people
from linkedin_pipelines.db import imports as import_rows
from linkedin_pipelines.db.database import Database, Session
from linkedin_pipelines.db.forgotten import known_to
from linkedin_pipelines.db.people import Counts
from linkedin_pipelines.domain.contact_facts import UNDATED
from linkedin_pipelines.domain.occasions import occurrences_within
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import IMPORTER_VERSION
from linkedin_pipelines.services import matching
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.import_reading import FileRows, PartRows, Progress, files_at, read_file
from linkedin_pipelines.services.import_reports import (
    SHOWN_ROWS,
    BirthdayRow,
    FileReport,
    ImportReport,
    PartReport,
    RefusedRowView,
    Totals,
    UnmatchedView,
)

NO_CONNECTIONS = (
    "holds no Connections.csv, which is normal: LinkedIn sends large exports as two archives about a day apart; "
    "import the other one too"
)


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

    with ExitStack() as stack:
        files = _read_all(
            [Path(path) for path in paths],
            lambda file: read_file(file, account, now, stack, progress or (lambda _name, _rows: None), is_known),
        )
        reports = [_write(database, account, file, now) for file in files]
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


def _write(database: Database, account: AccountView, file: FileRows, now: datetime) -> FileReport:
    """Write a file that was read, and derive what follows from it, in one transaction."""
    assert file.kind is not None
    with database.writing() as session:
        import_rows.lock_imports(session, account.id)
        name = known_to(session, account.id).masked(str(file.path))
        if found := import_rows.find_import(session, account.id, file.sha256, IMPORTER_VERSION):
            return FileReport(
                file=name,
                sha256=file.sha256,
                kind=found.kind,
                outcome="already_imported",
                imported_at=found.imported_at,
            )
        import_id = import_rows.add_import(
            session,
            account.id,
            file_name=Path(name).name[:400],
            sha256=file.sha256,
            importer_version=IMPORTER_VERSION,
            kind=file.kind,
            now=now,
        )
        parts = [_write_part(session, account.id, import_id, file, part, now) for part in file.parts]
        people.settle_people_without_address(session, account.id, now)
        matching.rederive(session, account.id, account.config, now)
        import_rows.set_counts(
            session,
            import_id,
            read=sum(part.rows_read for part in parts),
            new=sum(part.rows_new for part in parts),
            changed=sum(part.rows_changed for part in parts),
            unchanged=sum(part.rows_unchanged for part in parts),
            refused=sum(part.rows_refused for part in parts),
        )
        refused = import_rows.refused_rows(session, import_id, SHOWN_ROWS)
        return FileReport(
            file=name,
            sha256=file.sha256,
            kind=file.kind,
            outcome="imported",
            imported_at=now,
            parts=tuple(parts),
            refused_rows=tuple(
                RefusedRowView(file=row.member_file, line=row.line, reason=row.reason, excerpt=row.excerpt)
                for row in refused
            ),
            refused_rows_total=sum(part.rows_refused for part in parts),
            notes=_notes(file),
        )


def _write_part(
    session: Session, account_id: int, import_id: int, file: FileRows, rows: PartRows, now: datetime
) -> PartReport:
    counts = Counts()
    notes = list(rows.part.notes)
    as_of = file.exported_on or rows.part.newest_connection or UNDATED
    newest_before = people.newest_facts(session, account_id)
    for connections in rows.connections.batches():
        counts.add(people.put_connections(session, account_id, connections, as_of, now))
    for wishes in rows.wishes.batches():
        counts.add(hand_sent.put_wishes(session, account_id, import_id, wishes, now))
    for stops in rows.stops.batches():
        counts.add(hand_sent.put_stop_requests(session, account_id, stops, now))
    for stated in rows.birthdays.batches():
        counts.add(birthday_rows.put_birthdays(session, account_id, import_id, stated, now))
    for refused in rows.refused.batches():
        import_rows.add_refused_rows(session, account_id, import_id, refused)
    if rows.part.kind is FileKind.CONNECTIONS and newest_before is not None:
        notes += _compared(session, account_id, as_of, newest_before)
    handled = counts.new + counts.changed + counts.unchanged + counts.forgotten + rows.refused.rows
    return PartReport(
        file=known_to(session, account_id).masked(rows.part.name),
        kind=rows.part.kind,
        rows_read=rows.part.rows,
        rows_new=counts.new,
        rows_changed=counts.changed,
        rows_unchanged=counts.unchanged,
        rows_refused=rows.refused.rows,
        rows_forgotten=counts.forgotten,
        rows_left_out=rows.part.rows - handled,
        notes=tuple(notes),
    )


def _compared(session: Session, account_id: int, as_of: date, newest_before: date) -> list[str]:
    """What to say of an export of connections beside those imported before it."""
    if as_of < newest_before:
        return [f"connections of {newest_before} are known already; these, of {as_of}, only add people missing there"]
    missing = people.count_connected(session, account_id, older_than=as_of)
    if not missing or as_of == newest_before:
        return []
    return [f"{missing} people imported before are not in this file; they are kept, since an export may be partial"]


def _notes(file: FileRows) -> tuple[str, ...]:
    if file.kind is FileKind.ARCHIVE and all(rows.part.kind is not FileKind.CONNECTIONS for rows in file.parts):
        return (NO_CONNECTIONS,)
    return ()


def _totals(session: Session, account_id: int) -> Totals:
    return Totals(
        contacts=people.count_connected(session, account_id),
        contacts_without_address=people.count_connected(session, account_id, without_address=True),
        birthdays=people.count_birthdays(session, account_id),
        disputed_birthdays=people.count_birthdays(session, account_id, disputed=True),
        unmatched_birthdays=birthday_rows.count_unmatched(session, account_id),
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
            for row in birthday_rows.unmatched_birthdays(session, account.id)
        ]
