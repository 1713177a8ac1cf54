"""vCards and iCalendar events as a stream: one `BEGIN:X … END:X` at a time, with the line it starts on.

The libraries that understand these formats read a whole file at once, or lose the rest of it with the first bad card.
Cutting the file into components first keeps memory flat, a bad card's line honest and the good ones imported. Only the
properties that we understand are passed on: photos are heavy, notes are private, and a damaged line of either is no
reason to lose a birthday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import BinaryIO

from linkedin_pipelines.importers.content_lines import (
    Property,
    UnreadablePropertyError,
    is_quoted_printable,
    parse,
    property_name,
)
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.text import TextLines

COMPONENT_LIMIT = 256 * 1024
"""Characters of one component, without the properties that are left out."""
_ESSENTIAL = frozenset({"BDAY", "DTSTART", "SUMMARY"})
"""Damage of any other property is no reason to lose a birthday."""
_FRAME = re.compile(r"(BEGIN|END)\s*:\s*([A-Z][A-Z0-9-]*)\s*", re.IGNORECASE)


@dataclass
class Component:
    """One card or event, or something that should have been one."""

    line: int
    """Line on which it begins."""
    properties: list[Property] = field(default_factory=list)
    damage: str | None = None
    """Why it cannot be read, in a clause; None if it can."""
    excerpt: str = ""

    def all(self, name: str) -> list[Property]:
        """Every property of that name."""
        return [each for each in self.properties if each.name == name]

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next((each for each in self.properties if each.name == name), None)


def read_components(part: Part, stream: BinaryIO, kind: str, properties: AbstractSet[str]) -> Iterator[Component]:
    """The outermost components of that kind with those properties alone, and what cannot be read, with its damage.

    Text between components is such a thing too: it may be a card whose beginning was lost. A component within another
    (a card's AGENT, an event's alarm) belongs to somebody else and is left out.

    Raises:
        RefusedFileError: the file is no text at all.
    """
    reader = _Reader(part, TextLines(stream, part.name, lenient=True), kind, properties)
    yield from reader.components()


class _Reader:
    def __init__(self, part: Part, lines: TextLines, kind: str, properties: AbstractSet[str]) -> None:
        self._part = part
        self._lines = lines
        self._kind = kind
        self._wanted = properties
        self._current: Component | None = None
        self._indent = ""
        self._nested: list[str] = []
        self._outer: list[str] = []
        self._pending: list[list[str]] = []
        self._size = 0
        self._last = ""
        """Name of the property that the last line belongs to."""
        self._kept = False
        self._soft = False
        """Whether the next line continues a quoted-printable one."""
        self._coded = False
        self._stray: Component | None = None

    def components(self) -> Iterator[Component]:
        for raw in self._lines:
            line = raw.rstrip("\r\n").lstrip("\ufeff")
            if self._current is not None and self._indent and line.startswith(self._indent):
                line = line[len(self._indent) :]
            frame = None if self._soft and self._current is not None else _FRAME.fullmatch(line.strip("\ufeff \t"))
            if frame and line[:1] in {" ", "\t"} and self._current is not None:
                frame = None  # folded text that looks like one
            if frame is None:
                yield from self._text(line)
                continue
            name = frame[2].upper()
            yield from self._begin(name, line) if frame[1].upper() == "BEGIN" else self._end(name, line)
        if self._current is not None:
            yield self._damaged(f"the {self._kind} is never ended; the file is cut off")
        yield from self._strays()

    def _begin(self, name: str, line: str) -> Iterator[Component]:
        if self._current is not None:
            if name != self._kind or self._nested or self._last == "AGENT":
                self._nested.append(name)
                self._last = ""
                return
            yield self._damaged(f"the {self._kind} has no end before line {self._lines.line}")
        yield from self._strays()
        if name != self._kind:
            self._outer.append(name)
            return
        self._current = Component(self._lines.line)
        self._indent = line[: len(line) - len(line.lstrip(" \t"))]
        self._nested, self._pending, self._size = [], [], 0
        self._last, self._kept, self._soft = "", False, False

    def _end(self, name: str, line: str) -> Iterator[Component]:
        if self._current is None:
            if name in self._outer:
                while self._outer.pop() != name:
                    pass
            else:
                yield from self._text(line)
        elif self._nested and name in self._nested:
            while self._nested.pop() != name:
                pass
            self._last = ""
        elif name == self._kind:
            yield self._whole()
        elif name in self._outer:
            yield self._damaged(f"the {self._kind} has no end before line {self._lines.line}")
            yield from self._end(name, line)

    def _text(self, line: str) -> Iterator[Component]:  # noqa: C901, PLR0912 -- one kind of line a branch
        if self._current is None:
            if line.strip() and not self._outer:
                if self._stray is None:
                    self._part.rows += 1
                    self._stray = Component(self._lines.line, damage=f"text outside of any {self._kind}")
                if len(self._stray.excerpt) < 200:
                    self._stray.excerpt += line[:200] + " "
            return
        if self._nested:
            return
        continued = self._soft or (line[:1] in {" ", "\t"} and bool(self._last))
        if not line.strip() and not self._soft:
            return
        if not continued:
            self._last = property_name(line)
            self._kept = self._last in self._wanted
            self._coded = is_quoted_printable(line)
        self._soft = self._coded and line.rstrip().endswith("=")
        if not self._kept or self._current.damage:
            return
        self._size += len(line)
        if self._lines.cut:
            self._current.damage = f"its {self._last} is a line of over a million characters"
        elif "\0" in line:
            self._current.damage = f"its {self._last} holds a NUL"
        elif self._size > COMPONENT_LIMIT:
            self._current.damage = f"the {self._kind} is larger than {COMPONENT_LIMIT:,} characters"
        elif continued and self._pending:
            self._pending[-1].append(line)
        else:
            self._pending.append([line.lstrip(" \t")])
        yield from ()

    def _whole(self) -> Component:
        component = self._taken()
        if component.damage is None:
            for lines in self._pending:
                try:
                    component.properties.append(parse(lines))
                except UnreadablePropertyError as error:
                    if property_name(lines[0]) in _ESSENTIAL:
                        component.damage = f"the {self._kind} cannot be read: {error}"
        return component

    def _damaged(self, fact: str) -> Component:
        component = self._taken()
        component.damage = component.damage or fact
        return component

    def _taken(self) -> Component:
        component = self._current
        assert component is not None
        self._part.rows += 1
        component.excerpt = " ".join(lines[0][:80] for lines in self._pending[:4])
        self._current, self._nested, self._soft = None, [], False
        return component

    def _strays(self) -> Iterator[Component]:
        if self._stray is not None:
            yield self._stray
            self._stray = None
