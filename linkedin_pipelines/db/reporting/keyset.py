"""Keyset pages: a page begins after the last row of the one before, never at a count of rows.

Rows that appear or vanish between two pages neither shift nor repeat the others. An order that could lose rows, because
a column of it may be null or because it does not end in a unique one, is refused when its module loads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

LONGEST_PAGE = 1000


@dataclass(frozen=True)
class Order:
    """The columns a listing goes by, all in one direction."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    descending: bool = False

    def __post_init__(self) -> None:
        """Refuse an order under which pages would lose rows.

        Raises:
            TypeError: a column may be null, or the last one is not the primary key.
        """
        expressions = [column.property.columns[0] for column in self.columns]
        if loose := [each.name for each in expressions if each.nullable]:
            raise TypeError(f"pages in the order of {', '.join(loose)} would lose rows: it may be null")
        if not expressions or not expressions[-1].primary_key or len(expressions[-1].table.primary_key) != 1:
            raise TypeError("pages would lose rows: the order must end in the table's primary key")

    def position(self, text: Sequence[str]) -> tuple[Any, ...]:
        """What `Page.next` held, read back.

        Raises:
            ValueError: these are no values of the order's columns.
        """
        if len(text) != len(self.columns):
            raise ValueError("a position has a value a column")
        kinds = [column.property.columns[0].type.python_type for column in self.columns]
        return tuple(
            date.fromisoformat(value) if kind is date else kind(value) for kind, value in zip(kinds, text, strict=True)
        )


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page begins."""

    rows: tuple[Row[Any], ...]
    next: tuple[str, ...] | None
    """Position of the last row, as texts; None on the last page."""


def page(session: Session, query: Select[Any], order: Order, after: tuple[Any, ...] | None, limit: int) -> Page:
    """The rows that come after the position `after`, at most `limit` of them; each ends with its own position.

    Raises:
        ValueError: the limit is not one of 1 to 1000.

    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise ValueError(f"a page has 1 to {LONGEST_PAGE} rows")
    if after is not None:
        left, right = tuple_(*order.columns), tuple_(*after)
        query = query.where(left < right if order.descending else left > right)
    query = query.order_by(*(column.desc() if order.descending else column.asc() for column in order.columns))
    labelled = query.add_columns(*(column.label(f"position_{n}") for n, column in enumerate(order.columns)))
    rows = session.execute(labelled.limit(limit + 1)).all()
    kept = tuple(rows[:limit])
    more = len(rows) > limit
    width = len(order.columns)
    return Page(kept, tuple(str(value) for value in kept[-1][-width:]) if more else None)
