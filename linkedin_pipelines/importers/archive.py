"""LinkedIn's "Get a copy of your data": the zip that was downloaded, or the folder it was unpacked into.

What belongs here: which files of an archive are ours to read, and reading them without trusting what the zip says of
itself. Nothing is ever unpacked to disk under a name that the zip chose. Files with private matters (`Email
Addresses.csv`, `Registration.csv` and the like) are not opened, whatever else is.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.unpacking import AGAIN, Bounded, open_member

WANTED = {
    "connections.csv": FileKind.CONNECTIONS,
    "messages.csv": FileKind.MESSAGES,
    "invitations.csv": FileKind.INVITATIONS,
    "contacts.csv": FileKind.OUTLOOK,
    "imported_contacts.csv": FileKind.OUTLOOK,
    "importedcontacts.csv": FileKind.OUTLOOK,
}
"""By `canonical` name, exactly: `guide_messages.csv` has the columns of `messages.csv` and is another thing.
The last three are one file, the address book that the member once uploaded; until 2022 it has birthdays."""

MEMBER_LIMITS = {FileKind.MESSAGES: 1024**3}
"""Bytes of one unpacked file: five times the messages of the busiest members."""
MEMBER_LIMIT = 256 * 1024**2
"""The same of every other file: twenty-five times the most connections that LinkedIn lets a member have."""
_FILES_LIMIT = 10_000
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """One file of an archive that is ours to read."""

    kind: FileKind
    name: str
    open: Callable[[], IO[bytes]]


def canonical(name: str) -> str:
    """A file name as it is compared: lower case, a space is an underscore."""
    return name.lower().replace(" ", "_")


def date_in_name(name: str) -> date | None:
    """`Complete_LinkedInDataExport_11-20-2026.zip` is of 20 November 2026."""
    match = re.search(r"LinkedInDataExport_(\d{2})-(\d{2})-(\d{4})", name, re.IGNORECASE)
    try:
        return date(int(match[3]), int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def open_zip(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive, if it looks like an honest one.

    Raises:
        RefusedFileError: it is damaged, encrypted or an office document, or its files are too many or lead out.
    """
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", Bounded(stream, name)))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise RefusedFileError(f"{name}: not a whole zip file ({error}); {AGAIN}") from error
    infos = archive.infolist()
    if len(infos) > _FILES_LIMIT:
        raise RefusedFileError(f"{name}: holds {len(infos):,} files; LinkedIn's archive has a few dozen")
    for info in infos:
        if _leads_out(info.orig_filename):
            raise RefusedFileError(
                f"{name}: names a file outside itself ({info.orig_filename[:80]!r}); it is no export"
            )
        if info.flag_bits & _ENCRYPTED:
            raise RefusedFileError(f"{name}: is encrypted; unpack it yourself and import the files")
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise RefusedFileError(f'{name}: an office document, not an export: save the table as "CSV UTF-8"')
    return archive


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\0" in name or bool(re.match(r"[A-Za-z]:", name))


def zip_members(archive: zipfile.ZipFile, name: str, member_limit: int | None = None) -> list[Member]:
    """The files of the archive that are ours to read, at its root or in one folder; there may be none.

    Raises:
        RefusedFileError: one of them occurs twice, or the archive only wraps another zip.
    """
    found = [info for info in archive.infolist() if not info.is_dir()]
    members = _chosen(name, [(info.filename, partial(_open, archive, info, name, member_limit)) for info in found])
    if not members and (nested := [info.filename for info in found if info.filename.lower().endswith(".zip")]):
        raise RefusedFileError(f"{name}: holds another zip ({nested[0][:80]}); unpack it and import that one")
    return members


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int | None) -> IO[bytes]:
    kind = WANTED[canonical(PurePosixPath(info.filename).name)]
    assert archive.fp is not None
    return open_member(archive.fp, info, name, limit or MEMBER_LIMITS.get(kind, MEMBER_LIMIT))


def folder_members(folder: Path) -> list[Member]:
    """The same of an unpacked archive; links are not followed.

    Raises:
        RefusedFileError: one of them occurs twice.
    """
    found = [path for depth in ("*", "*/*") for path in sorted(folder.glob(depth)) if _is_plain_below(folder, path)]
    return _chosen(str(folder), [(path.relative_to(folder).as_posix(), partial(_open_plain, path)) for path in found])


def _is_plain_below(folder: Path, path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and (path.parent == folder or not path.parent.is_symlink())


def _chosen(name: str, files: Sequence[tuple[str, Callable[[], IO[bytes]]]]) -> list[Member]:
    chosen: dict[FileKind, Member] = {}  # one file a kind
    for path, opener in files:
        parts = PurePosixPath(path).parts
        kind = WANTED.get(canonical(parts[-1])) if parts and len(parts) <= 2 else None
        if kind is None:
            continue
        if kind in chosen:
            raise RefusedFileError(f"{name}: holds {chosen[kind].name} and {path}; import the right one alone")
        chosen[kind] = Member(kind, path, opener)
    return [chosen[kind] for kind in dict.fromkeys(WANTED.values()) if kind in chosen]


def _open_plain(path: Path) -> IO[bytes]:
    return path.open("rb")
