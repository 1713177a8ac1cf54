"""Outlook and Thunderbird CSV.

Thunderbird and some Outlooks write `Birth Year,Birth Month,Birth Day`; others one `Birthday` column in the form of the
machine that wrote it, which is read only where day and month cannot be mistaken for each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, from_parts, read_birth_date
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slug, whole_name
from linkedin_pipelines.importers.stated import stated_birthday
from linkedin_pipelines.importers.tables import read_frames

PARTS = ("Birth Year", "Birth Month", "Birth Day")
_NAMES = (("first name", "middle name", "last name"), ("display name",))
_EMAIL = re.compile(r"e-mail(?: \d+)? address|primary email|secondary email|additional email|e-mail \d+|email")
_ADDRESS = re.compile(r"(?:personal |business )?web ?page(?: \d+)?|custom \d+|user \d+|website(?: \d+)?")
_NONE = re.compile(r"0+/0+/0+")
"""What Outlook writes where there is no birthday."""


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; rows without a birthday are counted and left out.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    without = 0
    for frame in read_frames(part, stream, ("First Name", "Last Name"), refused):
        yield from refused
        refused.clear()
        emails = [column for column in frame.columns if _EMAIL.fullmatch(column)]
        addresses = [column for column in frame.columns if _ADDRESS.fullmatch(column)]
        for line, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True):
            found = _birthday(row, part)
            if found is None:
                without += 1
                continue
            birthday, written = found
            yield stated_birthday(
                part,
                line,
                BirthdaySource.OUTLOOK,
                name=next(filter(None, (whole_name(*(row.get(c, "") for c in columns)) for columns in _NAMES)), ""),
                slugs=distinct(profile_slug(row[column]) for column in addresses),
                emails=distinct(email_of(row[column]) for column in emails),
                birthday=birthday,
                raw=written,
            )
    if without:
        part.notes.append(f"{without} people have no birthday")


def _birthday(row: dict[Any, str], part: Part) -> tuple[BirthDate | RefusedDate, str] | None:
    year, month, day = (row.get(column.casefold(), "").strip() for column in PARTS)
    if year or month or day:
        return from_parts(year, month, day, today=part.today), "-".join(cell or "?" for cell in (year, month, day))
    written = row.get("birthday", "").strip()
    if not written or _NONE.fullmatch(written):
        return None
    return read_birth_date(written, today=part.today), written
