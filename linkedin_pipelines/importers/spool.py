"""Rows on their way from a reader to the store, parked in an unnamed temporary file.

A file is read and checked to its end before anything is written, so that a defect in its last line leaves nothing by
halves and the store's only write lock is never held while a file is parsed. A million rows do not fit into memory, so
they wait on disk, as JSON lines of a few hundred rows each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

ROWS_PER_BATCH = 500


class Spool(Generic[T]):
    """Rows of one type, written once, then read in batches. The file vanishes when it is closed or the program ends."""

    def __init__(self, row_type: type[T]) -> None:
        self._adapter: TypeAdapter[list[T]] = TypeAdapter(list[row_type])  # type: ignore[valid-type]
        self._file: IO[bytes] | None = None
        self._waiting: list[T] = []
        self.rows = 0

    def add(self, row: T) -> None:
        """Park one row."""
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) >= ROWS_PER_BATCH:
            self._park()

    def _park(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="linkedin-import-")  # noqa: SIM115 -- closed with the spool
        self._file.write(self._adapter.dump_json(self._waiting))
        self._file.write(b"\n")
        self._waiting.clear()

    def batches(self) -> Iterator[list[T]]:
        """All rows in their order, at most `ROWS_PER_BATCH` at once."""
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                yield self._adapter.validate_json(line)
        if self._waiting:
            yield list(self._waiting)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
