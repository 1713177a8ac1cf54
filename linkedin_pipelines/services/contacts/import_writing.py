"""The second half of an import: the rows of a file written, and all that follows from them, in short transactions.

SQLite has one write lock, and a campaign beside an import renews its lease with it. So no transaction here is longer
for a longer file. What makes that safe: every step is consistent in itself and repeats without harm, and the file
counts as imported with the last one alone. After an interruption the same file is taken up again under the same row.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from linkedin_pipelines.db.birthdays import birthdays as birthday_rows
from linkedin_pipelines.db.contacts import connections, hand_sent, moves, people
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts.people import Counts
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.contact_facts import UNDATED
from linkedin_pipelines.domain.records import ConnectionRow
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.importers import IMPORTER_VERSION
from linkedin_pipelines.importers.spool import Spool
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.contacts.import_reading import FileRows, PartRows
from linkedin_pipelines.services.contacts.import_reports import SHOWN_ROWS, FileReport, PartReport, RefusedRowView
from linkedin_pipelines.services.contacts.matching import Derivation

T = TypeVar("T")

BATCHES_AT_ONCE = 4
"""Batches of at most 500 rows, or steps of a derivation, that share one transaction: a fraction of a second."""
NO_CONNECTIONS = (
    "holds no Connections.csv, which is normal: LinkedIn sends large exports as two archives about a day apart; "
    "import the other one too"
)


class Writing:
    """One file that was read, on its way into the database."""

    def __init__(self, database: Database, account: AccountView, file: FileRows, now: datetime) -> None:
        self._database = database
        self._account = account
        self._file = file
        self._now = now

    def write(self) -> FileReport:
        """Write it, and derive what follows from it; nothing but a report where it was imported before."""
        assert self._file.kind is not None
        with self._step() as session:
            if (known := self._imported_before(session)) is not None:
                return known
            import_id = import_rows.begin_import(
                session,
                self._account.id,
                file_name=Path(self._name(session)).name[:400],
                sha256=self._file.sha256,
                importer_version=IMPORTER_VERSION,
                kind=self._file.kind,
                now=self._now,
            )
        parts = [self._part(import_id, rows) for rows in self._file.parts]
        while True:
            derivation = Derivation(self._account.id, self._account.config, self._now, importing=import_id)
            steps = derivation.steps()
            while self._next_steps(steps):
                pass
            if (report := self._finished(import_id, parts, held=derivation.held)) is not None:
                return report

    @contextmanager
    def _step(self) -> Iterator[Session]:
        with self._database.writing() as session:
            import_rows.lock_imports(session, self._account.id)
            yield session

    def _name(self, session: Session) -> str:
        return known_to(session, self._account.id).masked(str(self._file.path))

    def _imported_before(self, session: Session) -> FileReport | None:
        found = import_rows.find_import(session, self._account.id, self._file.sha256, IMPORTER_VERSION)
        if found is None:
            return None
        return FileReport(
            file=self._name(session),
            sha256=self._file.sha256,
            kind=found.kind,
            outcome="already_imported",
            imported_at=found.imported_at,
        )

    def _next_steps(self, steps: Iterator[Callable[[Session], object]]) -> bool:
        first = next(steps, None)
        if first is None:
            return False
        with self._step() as session:
            first(session)
            for step in islice(steps, BATCHES_AT_ONCE - 1):
                step(session)
        return True

    def _put(self, spool: Spool[T], counts: Counts, put: Callable[[Session, list[T]], Counts]) -> None:
        batches = spool.batches()
        while some := list(islice(batches, BATCHES_AT_ONCE)):
            with self._step() as session:
                for batch in some:
                    counts.add(put(session, batch))

    def _put_connections(
        self, session: Session, batch: Sequence[ConnectionRow], as_of: date, shown: _Addresses
    ) -> Counts:
        """Store connections, and follow those who moved in the same transaction: no mark is ever without its person."""
        counts = connections.put_connections(session, self._account.id, batch, as_of, self._now)
        if counts.new and shown:
            moves.follow(session, self._account.id, [row.slug for row in batch if row.slug], shown, self._now)
        return counts

    def _part(self, import_id: int, rows: PartRows) -> PartReport:
        account_id, now = self._account.id, self._now
        counts = Counts()
        as_of = self._file.exported_on or rows.part.newest_connection or UNDATED
        with self._database.reading() as session:
            newest_before = people.newest_facts(session, account_id)
        shown = _Addresses(rows.connections if newest_before is not None else None)
        self._put(
            rows.connections,
            counts,
            lambda session, batch: self._put_connections(session, batch, as_of, shown),
        )
        self._put(
            rows.wishes,
            counts,
            lambda session, batch: hand_sent.put_wishes(session, account_id, import_id, batch, now),
        )
        self._put(
            rows.stops, counts, lambda session, batch: hand_sent.put_stop_requests(session, account_id, batch, now)
        )
        self._put(
            rows.birthdays,
            counts,
            lambda session, batch: birthday_rows.put_birthdays(session, account_id, import_id, batch, now),
        )
        notes = list(rows.part.notes)
        with self._database.reading() as session:
            if rows.part.kind is FileKind.CONNECTIONS and newest_before is not None:
                notes += _compared(session, account_id, as_of, newest_before)
            name = known_to(session, account_id).masked(rows.part.name)
        handled = counts.new + counts.changed + counts.unchanged + counts.forgotten + rows.refused.rows
        return PartReport(
            file=name,
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

    def _finished(self, import_id: int, parts: Sequence[PartReport], *, held: bool) -> FileReport | None:
        """The last transaction: refused rows and counts, unless another import of the same file was faster.

        Two imports that end together held back each other's matches. Whoever is last derives once more: None.
        """
        assert self._file.kind is not None
        with self._step() as session:
            if (known := self._imported_before(session)) is not None:
                return known
            if held and not import_rows.others_unfinished(session, self._account.id, import_id, self._now):
                return None
            for rows in self._file.parts:
                for refused in rows.refused.batches():
                    import_rows.add_refused_rows(session, self._account.id, import_id, refused)
            import_rows.finish_import(
                session,
                import_id,
                read=sum(part.rows_read for part in parts),
                new=sum(part.rows_new for part in parts),
                changed=sum(part.rows_changed for part in parts),
                unchanged=sum(part.rows_unchanged for part in parts),
                refused=sum(part.rows_refused for part in parts),
            )
            shown = import_rows.refused_rows(session, import_id, SHOWN_ROWS)
            return FileReport(
                file=self._name(session),
                sha256=self._file.sha256,
                kind=self._file.kind,
                outcome="imported",
                imported_at=self._now,
                parts=tuple(parts),
                refused_rows=tuple(
                    RefusedRowView(file=row.member_file, line=row.line, reason=row.reason, excerpt=row.excerpt)
                    for row in shown
                ),
                refused_rows_total=sum(part.rows_refused for part in parts),
                notes=_notes(self._file),
            )


class _Addresses:
    """The profile addresses of an export, eight bytes each, so that a million of them fit into memory.

    Empty for an account's first export, where nobody was known before who could have moved.
    """

    def __init__(self, connections: Spool[ConnectionRow] | None) -> None:
        batches = connections.batches() if connections is not None else ()
        self._hashes = array("q", sorted(hash(row.slug) for batch in batches for row in batch if row.slug is not None))

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, slug: object) -> bool:
        place = bisect_left(self._hashes, hash(slug))
        return place < len(self._hashes) and self._hashes[place] == hash(slug)


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
