"""The first half of an import: files read and checked to their end, their rows parked on disk.

Nothing is written to the database here, and no lock of it is held, so a file may take as long as it takes, and one that
turns out to be bad in its last line leaves nothing by halves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, cast

from linkedin_pipelines.domain.records import ConnectionRow, RefusedRow, SentWish, StatedBirthday, StopReply
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import archive, sniffing
from linkedin_pipelines.importers.part import Part, UntrustedFileError
from linkedin_pipelines.importers.registry import READERS
from linkedin_pipelines.importers.spool import Room, Spool
from linkedin_pipelines.services.accounts.registry import AccountView

Progress = Callable[[str, int], None]
"""Told the name of a file and how many of its rows were read so far."""

_TELL_EVERY = 1_000


class Parked(ExitStack):
    """All rows that one import has parked, and the room that they may take."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room()


class PartRows:
    """One part of a file with its rows, parked; closing the stack lets go of them."""

    def __init__(self, part: Part, stack: Parked) -> None:
        self.part = part
        self.refusal: str | None = None
        """Why nothing of this part of an archive was taken."""
        self.connections = Spool(ConnectionRow, stack.room)
        self.wishes = Spool(SentWish, stack.room)
        self.stops = Spool(StopReply, stack.room)
        self.birthdays = Spool(StatedBirthday, stack.room)
        self.refused = Spool(RefusedRow, stack.room)
        for spool in (self.connections, self.wishes, self.stops, self.birthdays, self.refused):
            stack.callback(spool.close)

    def add(self, row: ConnectionRow | SentWish | StopReply | StatedBirthday | RefusedRow) -> None:
        """Park one row."""
        match row:
            case ConnectionRow():
                self.connections.add(row)
            case SentWish():
                self.wishes.add(row)
            case StopReply():
                self.stops.add(row)
            case StatedBirthday():
                self.birthdays.add(row)
                if row.refusal is not None:  # the person is kept, the date refused: shown with file and line
                    self.refused.add(self.part.refuse(row.line, row.refusal, row.name))
            case RefusedRow():
                self.refused.add(row)


@dataclass
class FileRows:
    """One file with all that was read from it."""

    path: Path
    exported_on: date | None
    """By the name of the archive."""
    kind: FileKind | None = None
    """Known beforehand for the files of an unpacked archive."""
    sha256: str = ""
    parts: list[PartRows] = field(default_factory=list)


def files_at(path: Path) -> list[FileRows]:
    """The file at `path`, or those of an unpacked archive in that folder; nothing is read yet.

    Raises:
        RefusedFileError: there is no such file, or it is none to be opened.
    """
    sniffing.refuse_private(path)
    if path.is_dir():
        members = archive.folder_members(path)
        if not members:
            raise RefusedFileError(f"{path}: a folder without Connections.csv, messages.csv or Invitations.csv")
        exported_on = archive.date_in_name(path.name)
        return [FileRows(path / member.name, exported_on, member.kind) for member in members]
    if not path.exists():
        raise RefusedFileError(f"{path}: there is no such file")
    if not path.is_file():
        raise RefusedFileError(f"{path}: not a regular file")
    return [FileRows(path, archive.date_in_name(path.name))]


def read_file(
    file: FileRows,
    account: AccountView,
    now: datetime,
    stack: Parked,
    tell: Progress,
    is_known: Callable[[str], bool],
) -> None:
    """Fill in hash, kind and parts; only hash and kind where `is_known` says so of the hash.

    Raises:
        RefusedFileError: the file cannot be trusted, cannot be read, or was written to meanwhile.
    """
    try:
        with file.path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            file.sha256 = _sha256(stream)
            if file.kind is None:
                file.kind = sniffing.kind_of(stream, file.path)
            if is_known(file.sha256):
                return
            today = now.astimezone(account.config.zone).date()
            for kind, name, source in _sources(file, stream):
                rows = PartRows(Part(kind, name, account.config.profile_slug, today, zone=account.config.zone), stack)
                try:
                    _park(rows, source, tell)
                except RefusedFileError as error:
                    text, whole = str(error), f"{file.path.name}: "  # a part of an archive knows its own name alone
                    text = text if text.startswith(whole) else whole + text
                    if file.kind is not FileKind.ARCHIVE or isinstance(error, UntrustedFileError):
                        raise RefusedFileError(text) from error
                    rows = _refused_part(rows.part, str(error), stack)
                file.parts.append(rows)
            if file.parts and all(rows.refusal for rows in file.parts):
                raise RefusedFileError(f"{file.path.name}: " + "; ".join(str(rows.refusal) for rows in file.parts))
            after = file.path.stat()
    except OSError as error:
        raise RefusedFileError(f"{file.path}: cannot be read ({error.strerror or error})") from error
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
        raise RefusedFileError(f"{file.path}: was written to while it was read; import it once it is whole")


def _refused_part(part: Part, reason: str, stack: Parked) -> PartRows:
    """The part as it stands in the report: one refusal, and nothing of what was read before it."""
    rows = PartRows(Part(part.kind, part.name, part.owner_slug, part.today, rows=1, zone=part.zone), stack)
    rows.refusal = reason
    rows.part.notes.append(f"nothing of it was taken: {reason}")
    rows.add(rows.part.refuse(1, f"the whole file: {reason}"[:1000]))
    return rows


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest


def _sources(file: FileRows, stream: BinaryIO) -> Iterator[tuple[FileKind, str, BinaryIO]]:
    """Each part with an open stream at its start."""
    stream.seek(0)
    assert file.kind is not None
    if file.kind is not FileKind.ARCHIVE:
        yield file.kind, file.path.name, stream
        return
    name = file.path.name
    with archive.open_zip(stream, name) as opened:
        for member in archive.zip_members(opened, name):
            with member.open() as source:
                yield member.kind, member.name, cast("BinaryIO", source)


def _park(rows: PartRows, source: BinaryIO, tell: Progress) -> None:
    name, told = rows.part.name, 0
    for record in READERS[rows.part.kind](rows.part, source):
        rows.add(record)
        if rows.part.rows - told >= _TELL_EVERY:
            told = rows.part.rows
            tell(name, told)
    tell(name, rows.part.rows)
