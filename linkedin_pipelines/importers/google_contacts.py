"""Google Contacts CSV, both generations: `First Name,…` since October 2024, `Name,Given Name,…` before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, read_birth_date
from linkedin_pipelines.domain.names import DEATH_MARKS, CardName, display_name, structured_name
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.date_order import DateOrder
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slugs, visible
from linkedin_pipelines.importers.stated import row_of_table
from linkedin_pipelines.importers.tables import Table

_NAMES = (("first name", "middle name", "last name"), ("given name", "additional name", "family name"))
_SHOWN = ("name", "file as")
_SEVERAL = " ::: "
"""Between the values of one cell, where a person has several of the same label."""
_EMAIL = re.compile(r"e-mail \d+ - value")
_ADDRESS = re.compile(r"(?:website|custom field|im|relation) \d+ - value")
_EVENT = re.compile(r"(event|custom field) (\d+) - (?:label|type)")
_DEATH = re.compile(
    r"\W*(?:death(?: ?date| day)?|died|deceased|date of death|todestag|gestorben|décès|mort|fallecimiento|decesso|"
    r"morte|falecimento|overleden|sterfdag)\W*",
    re.IGNORECASE,
)


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; rows without a birthday are counted and left out.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    without = 0
    order = DateOrder(part.today)
    table = Table(part, stream, ("Birthday",), refused, lenient=True, is_header=_is_header)
    emails = [column for column in table.columns if _EMAIL.fullmatch(column)]
    addresses = [column for column in table.columns if _ADDRESS.fullmatch(column)]
    events = [column for column in table.columns if _EVENT.fullmatch(column)]
    for line, cells in table:
        yield from refused
        refused.clear()
        row = dict(zip(table.columns, cells, strict=False))
        written = row.get("birthday", "").strip()
        name = _name(row)
        died = any(_DEATH.fullmatch(row[column]) and row.get(_value_of(column), "").strip() for column in events)
        died = died or bool(DEATH_MARKS.search(name.name))
        if not row or not (written or died):
            without += bool(row)
            continue
        yield from order.take(
            written,
            _birthday(written, part),
            partial(
                row_of_table,
                part,
                line,
                BirthdaySource.GOOGLE,
                written,
                name,
                distinct(slug for column in addresses for slug in profile_slugs(row[column])),
                distinct(email_of(v) for column in emails for v in row[column].split(_SEVERAL)),
                died,
            ),
        )
    yield from refused
    yield from order.rest()
    if without:
        part.notes.append(f"{without} people have no birthday")


def _is_header(columns: object) -> bool:
    return isinstance(columns, set) and any(column in columns for names in (*_NAMES, _SHOWN) for column in names)


def _value_of(column: str) -> str:
    return column.rpartition(" - ")[0] + " - value"


def _birthday(written: str, part: Part) -> BirthDate | RefusedDate:
    if not written:
        return RefusedDate("the address book says that this person has died")
    several = dict.fromkeys(each.strip() for each in written.split(_SEVERAL.strip()) if each.strip())
    if len(several) > 1:
        return RefusedDate(f"the cell holds several birthdays: {written[:60]}")
    return read_birth_date(next(iter(several), ""), today=part.today, zone=part.zone)


def _name(row: dict[str, str]) -> CardName:
    shown = next(filter(None, (display_name(visible(row.get(column, ""))) for column in _SHOWN)), ())
    for columns in _NAMES:
        given, middle, family = (visible(row.get(column, "")) for column in columns)
        if given or middle or family:
            return structured_name(given, middle, family, shown)
    return structured_name("", "", "", shown)
