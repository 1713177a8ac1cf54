"""Metadata that a person reads in the Dagster UI: tables of people, with outcome and reason."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import islice

import dagster as dg

Cell = str | int | float | bool | None


def column_schema(**columns: tuple[str, str]) -> dg.TableSchema:
    """A schema of `name=(type, description)` columns, in that order."""
    return dg.TableSchema(
        columns=[dg.TableColumn(name, kind, description=description) for name, (kind, description) in columns.items()]
    )


SHOWN_ROWS = 100
"""Rows of a table in metadata. All of it goes through Dagster's log, and each check of the asset reads it back: a day's
list out of a million people would cost seconds each time. The rows themselves are in the database."""


SHOWN_HASH = 12
"""As many letters of a hash are shown: enough to compare two by eye, and no wider than the page."""


def table(schema: dg.TableSchema, rows: Iterable[Mapping[str, object]]) -> dg.TableMetadataValue:
    """The first `SHOWN_ROWS` rows as a table of that schema; a column that a row lacks stays empty."""
    shown = islice(rows, SHOWN_ROWS)
    records = [dg.TableRecord({c.name: cell(row.get(c.name)) for c in schema.columns}) for row in shown]
    return dg.MetadataValue.table(records=records, schema=schema)


def tables(
    schema: dg.TableSchema, rows: Iterable[Mapping[str, object]], /, **shown: str
) -> dict[str, dg.TableMetadataValue]:
    """Several narrow tables of the same rows, by name: `people="person outcome"` shows these columns.

    A partition's page leaves 500 pixels to a value, and its widest table sets the width of all: one of ten columns cuts
    off every text above it. A row that has nothing beside the first column of a table is left out there.
    """
    columns = {column.name: column for column in schema.columns}
    kept = list(islice(rows, SHOWN_ROWS))
    made = {}
    for name, names in shown.items():
        first, *others = names.split()
        narrow = dg.TableSchema(columns=[columns[each] for each in (first, *others)])
        made[name] = table(narrow, (row for row in kept if any(cell(row.get(each)) != "" for each in others)))
    return made


def cell(value: object) -> Cell:
    """A value as a table shows it: nothing as an empty cell, moments to the second, words of ours as they read."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool):
        return value
    return str(value)


def plain(text: str | None) -> str | None:
    """A text for Dagster to draw without links and images: what begins one in markdown is escaped.

    The UI draws descriptions and `MetadataValue.md` as markdown and loads remote images in them. Names, replies
    and what pages show are other people's words; an image in them would tell a stranger who reads them, and when.
    """
    return None if text is None else re.sub(r"[\\\[\]<]|(?<=:)/(?=/)|(?<=www)\.", r"\\\g<0>", text)


def counts(values: Iterable[object]) -> dict[str, int]:
    """How often each value occurs, by the value's own word."""
    result: dict[str, int] = {}
    for value in values:
        word = str(cell(value))
        result[word] = result.get(word, 0) + 1
    return dict(sorted(result.items()))
