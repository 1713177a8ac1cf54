"""Google Contacts CSV, both generations: `First Name,…` since October 2024, `Name,Given Name,…` before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.domain.birth_dates import read_birth_date
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slug, whole_name
from linkedin_pipelines.importers.stated import stated_birthday
from linkedin_pipelines.importers.tables import read_frames

_NAMES = (("first name", "middle name", "last name"), ("given name", "additional name", "family name"), ("name",))
_SEVERAL = " ::: "
"""Between the values of one cell, where a person has several of the same label."""
_EMAIL = re.compile(r"e-mail \d+ - value")
_ADDRESS = re.compile(r"(?:website|custom field|im|relation) \d+ - value")


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; rows without a birthday are counted and left out.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    without = 0
    for frame in read_frames(part, stream, ("Birthday",), refused):
        yield from refused
        refused.clear()
        emails = [column for column in frame.columns if _EMAIL.fullmatch(column)]
        addresses = [column for column in frame.columns if _ADDRESS.fullmatch(column)]
        names = [columns for columns in _NAMES if any(column in frame for column in columns)]
        stated = frame["birthday"].str.strip() != ""
        without += int((~stated).sum())
        for line, row in zip(frame.index[stated].tolist(), frame[stated].to_dict("records"), strict=True):
            written = row["birthday"].strip()
            yield stated_birthday(
                part,
                line,
                BirthdaySource.GOOGLE,
                name=next(filter(None, (whole_name(*(row.get(c, "") for c in columns)) for columns in names)), ""),
                slugs=distinct(profile_slug(v) for column in addresses for v in row[column].split(_SEVERAL)),
                emails=distinct(email_of(v) for column in emails for v in row[column].split(_SEVERAL)),
                birthday=read_birth_date(written, today=part.today),
                raw=written,
            )
    if without:
        part.notes.append(f"{without} people have no birthday")
