"""Many rows of one shape into one table, at nearly the price of the driver alone.

One statement a call, whatever columns are NULL in whichever row. On SQLite, values that all rows share are converted
once, not once a row; on Postgres, SQLAlchemy already sends many rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Date, Table, insert
from sqlalchemy.orm import Session


def insert_rows(
    session: Session,
    model: type[Any],
    shared: Mapping[str, object],
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Insert `rows`, a value for each of `columns`, with the same `shared` values in all of them.

    Column defaults of the model are not applied. The varying columns hold texts, numbers and days.
    """
    if not rows:
        return
    table = cast("Table", model.__table__)
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), [dict(shared, **dict(zip(columns, row, strict=True))) for row in rows])
        return

    def converted(column: str, value: object) -> object:
        processor = cast(
            "Callable[[object], object] | None",
            table.c[column].type.dialect_impl(connection.dialect).bind_processor(connection.dialect),
        )
        return value if processor is None else processor(value)

    same = tuple(converted(column, value) for column, value in shared.items())
    days = {at for at, column in enumerate(columns) if isinstance(table.c[column].type, Date)}
    names = ", ".join(f'"{column}"' for column in (*shared, *columns))
    marks = ", ".join("?" * (len(shared) + len(columns)))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 -- names of our own models alone
    written = zip(
        *(_as_text(cells) if at in days else cells for at, cells in enumerate(zip(*rows, strict=True))), strict=True
    )
    connection.exec_driver_sql(statement, [same + row for row in written])


def _as_text(days: Sequence[object]) -> list[str | None]:
    """Days as SQLite keeps them; few are many rows' own, so each is converted once."""
    known = {day: day.isoformat() if isinstance(day, date) else None for day in set(days)}
    return [known[day] for day in days]
