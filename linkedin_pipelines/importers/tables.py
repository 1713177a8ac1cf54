"""CSV files as a stream of pandas frames, each row with the true number of the line on which it starts.

The rows are read by Python's `csv` module and only then put into frames. pandas' own reader cannot say on which line a
row starts once a quoted cell holds line breaks, nor find a header that stands below a preamble without parsing the file
twice, and it reads a cell of a gigabyte before it can be refused. In frames, a column is normalized at once.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from linkedin_pipelines.domain.records import RefusedRow
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.text import WINDOWS, TextLines

if TYPE_CHECKING:
    import pandas as pd

ROWS_PER_FRAME = 5_000
ROW_LIMIT = 1024 * 1024
"""Characters of one row, its line breaks included."""
_HEADER_WITHIN = 100
"""Rows above the header: LinkedIn writes three, spreadsheets may add empty ones."""


class Rows(Iterator[tuple[int, list[str]]]):
    """Parsed rows with the line each starts on; quoted cells may span lines.

    Raises (while iterating):
        RefusedFileError: a cell or row is too long, or a quote is never closed.
    """

    def __init__(self, lines: TextLines, *, any_separator: bool = False) -> None:
        self._lines = lines
        self._start = 1
        self._taken = 0
        measured = self._measured()
        first = next(measured, "") if any_separator else ""
        separator = max(",;\t", key=first.count) if first else ","
        self._reader = csv.reader(chain([first] if first else [], measured), delimiter=separator)

    def _measured(self) -> Iterator[str]:
        for line in self._lines:
            self._taken += len(line)
            if self._taken > ROW_LIMIT or self._lines.cut:
                raise self._refused(f"the row at line {self._start} is longer than {ROW_LIMIT:,} characters")
            yield line

    def __next__(self) -> tuple[int, list[str]]:
        self._start = self._reader.line_num + 1
        self._taken = 0
        try:
            row = next(self._reader)
        except csv.Error as error:
            raise self._refused(f"the row at line {self._start} cannot be read ({error})") from error
        if self._lines.exhausted:  # the reader asked for more than there is, so a quote was still open
            raise self._refused(f"a quote opened in the row at line {self._start} is never closed")
        return self._start, row

    def _refused(self, fact: str) -> RefusedFileError:
        return RefusedFileError(f"{self._lines.name}: {fact}; the file is damaged: download it again")


HeaderTest = Callable[[AbstractSet[str]], bool]


class Table(Iterator[tuple[int, list[str]]]):
    """The rows below a header, each with the line it starts on and as many cells as there are `columns`.

    The header is the first parsed row that holds every `required` column; spaces around a column's name and its case do
    not matter, nor does the order. Rows without any text are no rows. A row that lacks its last cells alone is whole,
    since spreadsheets cut what is empty; it may not lack a required one. Any other row with more or fewer cells is put
    into `refused` rather than guessed at; the caller empties that list.

    Raises:
        RefusedFileError: there is no such header, or the file cannot be read to its end.
    """

    def __init__(
        self,
        part: Part,
        stream: BinaryIO,
        required: Sequence[str],
        refused: list[RefusedRow],
        *,
        lenient: bool = False,
        is_header: HeaderTest | None = None,
    ) -> None:
        self._part = part
        self._refused = refused
        self._rows = Rows(TextLines(stream, part.name, lenient=lenient, errors=WINDOWS), any_separator=lenient)
        self._header = _find_header(part.name, self._rows, required, is_header)
        self._keep = [at for at, column in enumerate(self._header) if column and self._header.index(column) == at]
        self._plain = len(self._keep) == len(self._header)
        self._least = 1 + max((self._header.index(column.casefold()) for column in required), default=-1)
        self.columns = [self._header[at] for at in self._keep]
        """Lower case."""

    def __next__(self) -> tuple[int, list[str]]:
        width = len(self._header)
        for line, row in self._rows:
            if len(row) != width:
                if not any(cell.strip() for cell in row):
                    continue
                self._part.rows += 1
                if self._least <= len(row) < width:
                    row.extend([""] * (width - len(row)))
                elif len(row) < width or any(cell.strip() for cell in row[width:]):
                    fact = f"the row has {len(row)} cells, the header {width}"
                    self._refused.append(self._part.refuse(line, fact, ",".join(row)))
                    if len(self._refused) >= ROWS_PER_FRAME:
                        return line, []
                    continue
            elif not row[0].strip() and not any(cell.strip() for cell in row):
                continue
            else:
                self._part.rows += 1
            return line, row if self._plain and len(row) == width else [row[at] for at in self._keep]
        raise StopIteration


def read_frames(
    part: Part, stream: BinaryIO, required: Sequence[str], refused: list[RefusedRow]
) -> Iterator[pd.DataFrame]:
    """The rows of a `Table` as frames of text whose index is the row's line and whose columns are lower-cased.

    Raises:
        RefusedFileError: there is no such header, or the file cannot be read to its end.
    """
    table = Table(part, stream, required, refused)
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in table:
        if row:
            lines.append(line)
            cells.append(row)
        if len(cells) + len(refused) >= ROWS_PER_FRAME:
            yield _frame(cells, table.columns, lines)
            lines, cells = [], []
    yield _frame(cells, table.columns, lines)


def _frame(cells: list[list[str]], columns: list[str], lines: list[int]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - takes a second and 50 MB, which only a process that imports has to pay

    return pd.DataFrame(cells, columns=columns, index=pd.Index(lines, name="line", dtype="int64"), dtype=object)


def _find_header(name: str, rows: Rows, required: Sequence[str], is_header: HeaderTest | None) -> list[str]:
    wanted = {column.casefold() for column in required}
    first: list[str] | None = None
    for count, (_, row) in enumerate(rows):
        header = [cell.strip() for cell in row]
        found = {cell.casefold() for cell in header}
        if wanted <= found and (is_header is None or is_header(found)):
            return [cell.casefold() for cell in header]
        if first is None and sum(bool(cell) for cell in header) > 1:
            first = header
        if first is None and any(separator in cell for cell in header for separator in (";", "\t")):
            first = header
        if count >= _HEADER_WITHIN:
            break
    raise RefusedFileError(f"{name}: {_missing(required, first)}")


def _missing(required: Sequence[str], first: list[str] | None) -> str:
    if not required:
        shown = ", ".join(first or [])[:120]
        return f"no row has the columns of an address book; the first table row reads: {shown or 'nothing'}"
    columns = " and ".join(f'"{column}"' for column in required)
    if first is None:
        return f"no row has the columns {columns}; the file is empty or no such table"
    if len(first) == 1 and all(column.casefold() in first[0].casefold() for column in required):
        return "the columns are separated by semicolons or tabs: save it again with commas"
    shown = ", ".join(first)
    shown = shown if len(shown) <= 120 else shown[:119] + "…"
    return (
        f"no row has the columns {columns}; the first table row reads: {shown}. "
        "LinkedIn writes English columns in every language: take the file as it was downloaded"
    )
