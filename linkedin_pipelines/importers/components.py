"""vCards and iCalendar events as a stream: one `BEGIN:X … END:X` at a time, with the line it starts on.

The libraries that understand these formats read a whole file at once, or lose the rest of it with the first bad card.
Cutting the file into components first keeps memory flat, a bad card's line honest and the good ones imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.text import TextLines

COMPONENT_LIMIT = 256 * 1024
"""Characters of one component without its embedded pictures and keys."""
_HEAVY = ("PHOTO", "LOGO", "SOUND", "KEY", "ATTACH", "IMAGE")


def read_components(part: Part, stream: BinaryIO, kind: str) -> Iterator[tuple[int, str]]:
    """The outermost components of that kind: line of `BEGIN`, and text with pictures and keys left out.

    Raises:
        RefusedFileError: a component is never ended, is too large, or the file holds none.
    """
    lines = TextLines(stream, part.name)
    begin, end = f"BEGIN:{kind}", f"END:{kind}"
    start, size, skipping = 0, 0, False
    kept: list[str] = []
    for line in lines:
        bare = line.strip().upper()
        if not start:
            if bare == begin:
                start, size, kept, skipping = lines.line, 0, [line], False
            continue
        if bare == begin:
            raise RefusedFileError(f"{part.name}: the {kind} of line {start} is not ended before line {lines.line}")
        if line[:1] not in {" ", "\t"}:  # not the continuation of the line above
            skipping = _property(line) in _HEAVY
        if skipping:
            continue
        kept.append(line)
        size += len(line)
        if size > COMPONENT_LIMIT:
            raise RefusedFileError(
                f"{part.name}: the {kind} of line {start} is larger than {COMPONENT_LIMIT:,} characters"
            )
        if bare == end:
            part.rows += 1
            yield start, "".join(kept)
            start = 0
    if start:
        raise RefusedFileError(f"{part.name}: the {kind} of line {start} is never ended; the file is cut off")


def _property(line: str) -> str:
    """`item1.PHOTO;ENCODING=b:…` is PHOTO."""
    return line.split(":", 1)[0].split(";", 1)[0].rpartition(".")[2].strip().upper()
