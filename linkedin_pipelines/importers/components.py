"""vCards and iCalendar events as a stream: one `BEGIN:X … END:X` at a time, with the line it starts on.

The libraries that understand these formats read a whole file at once, or lose the rest of it with the first bad card.
Cutting the file into components first keeps memory flat, a bad card's line honest and the good ones imported. Only the
properties that we understand are passed on: photos are heavy, notes are private, and a damaged line of either is no
reason to lose a birthday.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import BinaryIO

from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.text import TextLines

COMPONENT_LIMIT = 256 * 1024
"""Characters of one component, without the properties that are left out."""
_FRAME = frozenset({"BEGIN", "END", "VERSION"})


def read_components(part: Part, stream: BinaryIO, kind: str, properties: AbstractSet[str]) -> Iterator[tuple[int, str]]:
    """The outermost components of that kind: line of `BEGIN`, and text with those properties alone.

    Raises:
        RefusedFileError: a component is never ended, or is too large.
    """
    lines = TextLines(stream, part.name)
    wanted = properties | _FRAME
    start, size, kept, soft_end = 0, 0, False, False
    component: list[str] = []
    for raw in lines:
        bare = raw.strip().upper()
        # Indented by somebody's hand, a beginning has no line above that it could continue.
        line = raw.lstrip() if bare == f"BEGIN:{kind}" else raw
        if bare == f"BEGIN:{kind}":
            if start:
                raise RefusedFileError(f"{part.name}: the {kind} of line {start} has no end before line {lines.line}")
            start, size, component, soft_end = lines.line, 0, [], False
        if not start:
            continue
        if not (line[:1] in {" ", "\t"} or soft_end):  # else it continues the line above
            kept = _property(line) in wanted
            quoted_printable = "QUOTED-PRINTABLE" in bare.split(":", 1)[0]
        soft_end = quoted_printable and bare.endswith("=")
        if kept:
            component.append(line)
            size += len(line)
        if size > COMPONENT_LIMIT:
            raise RefusedFileError(
                f"{part.name}: the {kind} of line {start} is larger than {COMPONENT_LIMIT:,} characters"
            )
        if bare == f"END:{kind}":
            part.rows += 1
            yield start, "".join(component)
            start = 0
    if start:
        raise RefusedFileError(f"{part.name}: the {kind} of line {start} is never ended; the file is cut off")


def _property(line: str) -> str:
    """`item1.PHOTO;ENCODING=b:…` is PHOTO."""
    return line.split(":", 1)[0].split(";", 1)[0].rpartition(".")[2].strip().upper()
