"""HTML as a tree that can be changed and written again.

For the sandbox's own templates alone, whose every element is closed: no browser's repairs are made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"})
RAW = frozenset({"script", "style"})


@dataclass(eq=False)
class Node:
    """An element with its children; without a tag, a text as it is written, entities included."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    parent: Node | None = field(default=None, repr=False)

    def add(self, child: Node, place: int | None = None) -> None:
        """Take `child` in at `place`; at the end where none is given."""
        child.parent = self
        self.children.insert(len(self.children) if place is None else place, child)

    def elements(self) -> Iterator[Node]:
        """All elements below this one, in order, itself left out."""
        for child in list(self.children):
            if child.tag:
                yield child
                yield from child.elements()

    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def within(self, *tags: str) -> bool:
        """Whether this or an element around it has one of these tags."""
        return self.tag in tags or (self.parent is not None and self.parent.within(*tags))

    def copy(self) -> Node:
        """A deep copy without a parent."""
        twin = Node(self.tag, dict(self.attributes), text=self.text)
        for child in self.children:
            twin.add(child.copy())
        return twin

    def html(self) -> str:
        """The HTML of this element and everything in it."""
        if not self.tag:
            return self.text
        written = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in self.attributes.items()
        )
        inner = "".join(child.html() for child in self.children)
        if self.tag == "#":
            return inner
        return f"<{self.tag}{written}>" + ("" if self.tag in VOID else f"{inner}</{self.tag}>")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Node("#")
        self._open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self._open.add(node)
        if tag not in VOID:
            self._open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.add(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open.tag != tag or self._open.parent is None:
            raise ValueError(f"<{self._open.tag}> is closed by </{tag}>")
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.add(Node("", text=data))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.handle_data(f"<!{decl}>")

    def finished(self) -> Node:
        self.close()
        if self._open is not self.root:
            raise ValueError(f"<{self._open.tag}> is not closed")
        return self.root


def parse(html: str) -> Node:
    """The tree of a page or a piece of one, below a nameless root.

    Raises:
        ValueError: an element is not closed, or closed by another's end.
    """
    reader = _Reader()
    reader.feed(html)
    return reader.finished()


def element(html: str) -> Node:
    """The one element that `html` is."""
    found = next(child for child in parse(html).children if child.tag)
    found.parent = None
    return found
