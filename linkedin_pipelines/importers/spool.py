"""Rows on their way from a reader to the database, parked in an unnamed temporary file.

A file is read and checked to its end before anything is written, so that a defect in its last line leaves nothing by
halves and the database's only write lock is never held while a file is parsed. A million rows do not fit into memory:
they wait on disk, as JSON lines of a few hundred rows each.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from typing import IO, Generic, TypeVar

from pydantic import TypeAdapter

from linkedin_pipelines.importers.part import UntrustedFileError

T = TypeVar("T")

ROWS_PER_BATCH = 500


class Room:
    """How many bytes all spools of one import may take together: half of what the disk has free when it begins."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = shutil.disk_usage(tempfile.gettempdir()).free // 2 if limit is None else limit
        self.taken = 0

    def take(self, size: int) -> None:
        """Count bytes that are about to be written.

        Raises:
            UntrustedFileError: there is no room for them; nothing of the import is kept.
        """
        if self.taken + size > self.limit:
            raise UntrustedFileError(
                f"its rows need more than {self.limit:,} bytes of temporary space, half of what is free in "
                f"{tempfile.gettempdir()}: free some, or split the file"
            )
        self.taken += size


class Spool(Generic[T]):
    """Rows of one type, written once, then read in batches. The file vanishes when it is closed or the program ends."""

    def __init__(self, row_type: type[T], room: Room | None = None) -> None:
        self._room = room or Room()
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
        data = self._adapter.dump_json(self._waiting) + b"\n"
        self._room.take(len(data))
        self._file.write(data)
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
