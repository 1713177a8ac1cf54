"""Looking through files for words of people who asked to be forgotten, without knowing the words."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from linkedin_pipelines.domain.forgetting import Forgotten

_LINE_LIMIT = 1_000_000
"""Bytes; a longer line is looked at in pieces."""


def holds(path: Path, forgotten: Forgotten) -> bool | None:
    """Whether a file holds words of theirs; None where it cannot be looked into."""
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                return any(
                    _any_line(archive.open(member), forgotten) for member in archive.infolist() if not member.is_dir()
                )
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            return None
    return _holds(path, forgotten)


def _holds(path: Path, forgotten: Forgotten) -> bool:
    try:
        with path.open("rb") as stream:
            return _any_line(stream, forgotten)
    except FileNotFoundError:
        return False


def _any_line(stream: IO[bytes], forgotten: Forgotten) -> bool:
    return any(forgotten.mentions(_text(line)) for line in iter(lambda: stream.readline(_LINE_LIMIT), b""))


def _text(line: bytes) -> str:
    if b"\0" in line:  # UTF-16, whichever way round
        line = line.replace(b"\0", b"")
    return line.decode("utf-8", "surrogateescape")


def overwrite(path: Path, forgotten: Forgotten, *, really: bool) -> bool:
    """Put x's over their words, byte for byte, so that whoever appends to the file is not disturbed; whether any."""
    found = False
    try:
        with path.open("r+b" if really else "rb") as stream:
            start = 0
            for line in iter(lambda: stream.readline(_LINE_LIMIT), b""):
                for first, last in _places(line, forgotten):
                    found = True
                    if really:
                        stream.seek(start + first)
                        stream.write(b"x" * (last - first))
                start += len(line)
                stream.seek(start)
    except FileNotFoundError:
        return False
    return found


def _places(line: bytes, forgotten: Forgotten) -> Iterator[tuple[int, int]]:
    text = line.decode("utf-8", "surrogateescape")
    for first, last in forgotten.spans(text):
        offset = len(text[:first].encode("utf-8", "surrogateescape"))
        yield offset, offset + len(text[first:last].encode("utf-8", "surrogateescape"))
