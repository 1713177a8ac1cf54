"""The file and its logs copied aside, so that the source is never written to, not even its `-shm`."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from linkedin_pipelines.errors import RefusedFileError

_LOGS = ("-wal", "-journal")
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class CopiedFile:
    """A private copy of a database that can be opened."""

    path: Path
    sha256: str
    """Of the file and, where one lies beside it, of its log."""


@contextmanager
def copied(path: Path) -> Iterator[CopiedFile]:
    """A copy that lasts as long as the block.

    Raises:
        RefusedFileError: it is no regular file, no SQLite database, or was written to while it was copied.
    """
    if not path.is_file():
        raise RefusedFileError(f"{path}: there is no such file, or it is no regular one")
    with TemporaryDirectory(prefix="linkedin-legacy-") as folder:
        target = Path(folder) / "copy.db"
        try:
            before = _states(path)
            shutil.copyfile(path, target)
            digest = hashlib.sha256(_content(target))
            for log in _LOGS:
                beside = path.with_name(path.name + log)
                if beside.is_file() and beside.stat().st_size:
                    shutil.copyfile(beside, target.with_name(target.name + log))
                    digest.update(log.encode() + _content(target.with_name(target.name + log)))
            after = _states(path)
        except OSError as error:
            raise RefusedFileError(f"{path}: cannot be read ({error.strerror or error})") from error
        if before != after:
            raise RefusedFileError(f"{path}: was written to while it was read; stop the product, then import it")
        with target.open("rb") as stream:
            start = stream.read(len(_MAGIC))
        if start != _MAGIC and not (start == b"" and target.with_name(target.name + "-wal").exists()):
            raise RefusedFileError(f"{path}: not_sqlite: this is no SQLite database")
        yield CopiedFile(target, digest.hexdigest())


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _states(path: Path) -> list[tuple[int, int, int] | None]:
    states: list[tuple[int, int, int] | None] = []
    for each in (path, *(path.with_name(path.name + log) for log in _LOGS)):
        try:
            found = each.stat()
        except FileNotFoundError:
            states.append(None)
        else:
            states.append((found.st_size, found.st_mtime_ns, found.st_ino))
    return states
