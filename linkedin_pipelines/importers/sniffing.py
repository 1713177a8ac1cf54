"""What kind of file this is: by its content, and by its name where contents are alike.

`messages.csv` is known by its name, since LinkedIn's archive has other files with the same columns that hold no
messages to people. Files of the archive that are private are refused by their names, before they are opened.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import archive, connections, invitations, messages, outlook
from linkedin_pipelines.importers.tables import Rows
from linkedin_pipelines.importers.text import UTF16, WINDOWS, TextLines, refuse_other_than_text

PRIVATE = {
    "email_addresses.csv",
    "registration.csv",
    "phonenumbers.csv",
    "phone_numbers.csv",
    "logins.csv",
    "security_challenges.csv",
    "searchqueries.csv",
    "search_queries.csv",
    "ad_targeting.csv",
    "receipts.csv",
    "inferences_about_you.csv",
}
_BEGIN = re.compile(r"^[\s\ufeff]*BEGIN\s*:\s*(VCARD|VCALENDAR|VEVENT)\s*$", re.IGNORECASE | re.MULTILINE)
_HEAD = 4096
_HEADER_ROWS = 100
_COPY = re.compile(r"(?:_?\(\d+\)|[_-]copy(?:_?\d+)?)(?=\.csv$)")
"""What browsers and file managers put before the extension of a second copy, in a `canonical` name."""
KNOWN = (
    "LinkedIn's archive (zip) or its Connections.csv, messages.csv or Invitations.csv, vCard (.vcf), "
    "Google Contacts CSV, Outlook or Thunderbird CSV, and iCalendar (.ics)"
)


def refuse_private(path: Path) -> None:
    """Keep away from files that are nobody's business.

    Raises:
        RefusedFileError: by its name the file is one of them.
    """
    if archive.canonical(path.name) in PRIVATE:
        raise RefusedFileError(f"{path}: private; this product never reads it")


def kind_of(stream: BinaryIO, path: Path) -> FileKind:
    """The kind of an open file, whose position is moved.

    Raises:
        RefusedFileError: it is none that can be imported.
    """
    head = stream.read(_HEAD)
    name = str(path)
    if not head.strip():
        raise RefusedFileError(f"{name}: empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return FileKind.ARCHIVE
    refuse_other_than_text(head, name, lenient=True)
    if b"\0" in head and not head.startswith(UTF16):
        raise RefusedFileError(f"{name}: binary, not UTF-8 text; {KNOWN} can be imported")
    text = head.decode("utf-16" if head.startswith(UTF16) else "utf-8-sig", "replace")
    if begins := _BEGIN.search(text):
        return FileKind.VCARD if begins[1].upper() == "VCARD" else FileKind.ICALENDAR
    stream.seek(0)
    return _kind_of_table(stream, path)


def _kind_of_table(stream: BinaryIO, path: Path) -> FileKind:
    first = ""
    lines = TextLines(stream, str(path), lenient=True, errors=WINDOWS)
    for _, row in islice(Rows(lines, any_separator=True), _HEADER_ROWS):
        header = {cell.strip().casefold() for cell in row}
        if kind := _kind_of_header(header):
            if kind is FileKind.MESSAGES and _COPY.sub("", archive.canonical(path.name)) != "messages.csv":
                raise RefusedFileError(
                    f"{path}: has the columns of messages.csv and another name; LinkedIn's archive has such files that "
                    "hold no messages to people. If these are your messages, call the file messages.csv"
                )
            return kind
        if not first and (len(header - {""}) > 1 or any(";" in cell or "\t" in cell for cell in header)):
            first = ", ".join(cell.strip() for cell in row if cell.strip())[:120]
    if expected := archive.WANTED.get(_COPY.sub("", archive.canonical(path.name))):
        return expected  # its own reader says what is wrong with the header
    shown = f" (its first table row reads: {first})" if first else ""
    raise RefusedFileError(f"{path}: none of the files that can be imported{shown}: {KNOWN}")


def _kind_of_header(header: set[str]) -> FileKind | None:
    def has(*columns: str) -> bool:
        return {column.casefold() for column in columns} <= header

    if has(*connections.REQUIRED):
        return FileKind.CONNECTIONS
    if has(*messages.REQUIRED):
        return FileKind.MESSAGES
    if has(*invitations.REQUIRED):
        return FileKind.INVITATIONS
    if has("Birthday") and (has("Given Name") or has("File As") or any("- value" in column for column in header)):
        return FileKind.GOOGLE
    return FileKind.OUTLOOK if outlook.is_header(header) else None
