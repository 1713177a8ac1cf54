"""Metadata that a person reads in the Dagster UI: tables of people, with outcome and reason."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum

import dagster as dg

Cell = str | int | float | bool | None


def column_schema(**columns: tuple[str, str]) -> dg.TableSchema:
    """A schema of `name=(type, description)` columns, in that order."""
    return dg.TableSchema(
        columns=[dg.TableColumn(name, kind, description=description) for name, (kind, description) in columns.items()]
    )


def table(schema: dg.TableSchema, rows: Iterable[Mapping[str, object]]) -> dg.TableMetadataValue:
    """The rows as a table of that schema; a column that a row lacks stays empty."""
    records = [dg.TableRecord({c.name: cell(row.get(c.name)) for c in schema.columns}) for row in rows]
    return dg.MetadataValue.table(records=records, schema=schema)


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


def counts(values: Iterable[object]) -> dict[str, int]:
    """How often each value occurs, by the value's own word."""
    result: dict[str, int] = {}
    for value in values:
        word = str(cell(value))
        result[word] = result.get(word, 0) + 1
    return dict(sorted(result.items()))
