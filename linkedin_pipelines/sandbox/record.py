"""What happened on the sandbox, in order: the oracle.

With a file, each entry is one JSON line that is on the disk before anybody is answered, so that the record is right
even when the sandbox is killed. A last line that a kill cut short was never answered for; it is dropped.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Record:
    """An append-only list of entries, each a dictionary with `kind` and `number`."""

    def __init__(self, path: Path | None = None) -> None:
        """Read what `path` holds already.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: a line other than the last is damaged.
        """
        self.entries: list[Entry] = []
        self._file: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                self.close()
                raise OSError(error.errno, f"{path} is the record of a sandbox that is running") from error
            self._read(path)

    def append(self, kind: str, **fields: Any) -> Entry:
        """Keep one entry for good, and return it."""
        entry: Entry = {"kind": kind, "number": len(self.entries) + 1, **fields}
        if self._file is not None:
            os.write(self._file, json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            os.fsync(self._file)
        self.entries.append(entry)
        return entry

    def of(self, kind: str) -> list[Entry]:
        """The entries of one kind, oldest first."""
        return [entry for entry in self.entries if entry["kind"] == kind]

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _read(self, path: Path) -> None:
        assert self._file is not None
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(self._file, whole)
        for number, line in enumerate(content[:whole].splitlines(), start=1):
            try:
                self.entries.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}: line {number} is no entry of a sandbox record") from error
