"""Files of a member for tests: written by hand, row by row, so that a test shows what it is about."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from linkedin_pipelines.domain.records import RefusedRow
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.registry import READERS

DATA = Path(__file__).parent / "data"
SAMPLES = sorted(path for path in DATA.iterdir() if path.suffix in {".zip", ".vcf", ".csv", ".ics"})
TODAY = date(2026, 11, 23)
PREAMBLE = 'Notes:\n"When exporting your connection data, you may notice that some of the e-mail, is missing."\n\n'
CONNECTIONS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
MESSAGES = (
    "CONVERSATION ID",
    "CONVERSATION TITLE",
    "FROM",
    "SENDER PROFILE URL",
    "TO",
    "RECIPIENT PROFILE URLS",
    "DATE",
    "SUBJECT",
    "CONTENT",
    "FOLDER",
    "ATTACHMENTS",
    "IS MESSAGE DRAFT",
)
OWN_URL = "https://www.linkedin.com/in/demo-member"


def truth() -> dict[str, Any]:
    """What an import of all samples comes to."""
    facts: dict[str, Any] = json.loads((DATA / "expected.json").read_text("utf-8"))
    return facts


def table(header: Sequence[str], *rows: Mapping[str, str], before: str = "") -> str:
    """A CSV file with those cells; the others are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return before + text.getvalue()


def connection(name: str, slug: str = "", **cells: str) -> dict[str, str]:
    """A row of Connections.csv; `name` is split at its first blank."""
    first, _, last = name.partition(" ")
    url = f"https://www.linkedin.com/in/{slug}" if slug else ""
    row = {"First Name": first, "Last Name": last, "URL": url, "Connected On": "08 Feb 2026"}
    return row | {key.replace("_", " ").title(): value for key, value in cells.items()}


def connections_csv(*rows: Mapping[str, str]) -> str:
    """Connections.csv as LinkedIn writes it."""
    return table(CONNECTIONS, *rows, before=PREAMBLE)


def sent(slug: str, text: str = "Happy birthday!", on: str = "2026-03-18 09:00:00 UTC", **cells: str) -> dict[str, str]:
    """A message from the member to one person."""
    return {
        "FROM": "Demo Member",
        "SENDER PROFILE URL": OWN_URL,
        "TO": slug.replace("-", " ").title(),
        "RECIPIENT PROFILE URLS": f"https://www.linkedin.com/in/{slug}",
        "DATE": on,
        "CONTENT": text,
        "IS MESSAGE DRAFT": "No",
    } | cells


def received(slug: str, text: str, on: str = "2026-03-18 10:00:00 UTC", **cells: str) -> dict[str, str]:
    """A message from one person to the member."""
    return {
        "FROM": slug.replace("-", " ").title(),
        "SENDER PROFILE URL": f"https://www.linkedin.com/in/{slug}",
        "TO": "Demo Member",
        "RECIPIENT PROFILE URLS": OWN_URL,
        "DATE": on,
        "CONTENT": text,
        "IS MESSAGE DRAFT": "No",
    } | cells


def messages_csv(*rows: Mapping[str, str]) -> str:
    """messages.csv as LinkedIn writes it."""
    return table(MESSAGES, *rows)


def vcard(name: str, birthday: str, *lines: str) -> str:
    """One card; `birthday` is its whole line, such as `BDAY:--0412`."""
    return "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", f"FN:{name}", birthday, *lines, "END:VCARD", ""])


def zip_of(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip with those files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def written(path: Path, content: str | bytes) -> Path:
    """A file with that content, line ends as they are."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(kind: FileKind, content: str | bytes, name: str = "file") -> tuple[list[Any], list[RefusedRow], Part]:
    """All rows that the reader of that kind takes, those it refuses, and the part with its notes."""
    part = Part(kind, name, "demo-member", TODAY)
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    records = list(READERS[kind](part, stream))
    refused = [record for record in records if isinstance(record, RefusedRow)]
    return [record for record in records if not isinstance(record, RefusedRow)], refused, part
