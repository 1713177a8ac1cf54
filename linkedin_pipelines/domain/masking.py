"""Pages made fit to be shown to others: what is built how stays, what is said of whom goes.

What belongs here: the rule, for markup and for accessibility snapshots. It keeps what it knows to be the site's own
(elements, roles, classes, states, the fixed parts of addresses, words of the interface) and masks everything else, so
that what nobody thought of is masked too. Every word becomes `xxx` and every number `0`: not even lengths tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

Known = Callable[[str], bool]
"""Whether a text, as a whole, is a word of the interface."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_KEPT_ATTRIBUTES = frozenset(
    {
        "class", "role", "type", "lang", "dir", "contenteditable", "tabindex", "hidden", "disabled", "open", "rel",
        "aria-atomic", "aria-busy", "aria-checked", "aria-disabled", "aria-expanded", "aria-haspopup", "aria-hidden",
        "aria-level", "aria-live", "aria-modal", "aria-multiline", "aria-pressed", "aria-selected", "data-testid",
        "data-sdui-screen", "data-view-name", "data-test-icon", "data-test-modal-close-btn", "shadowrootmode",
    }
)  # fmt: skip
_ADDRESSES = frozenset({"href", "src", "action", "poster", "srcset"})
_SEGMENTS = frozenset(
    {
        "authwall", "birthday", "catch-up", "celebrations", "checkpoint", "challenge", "compose", "connections",
        "contact-info", "custom-invite", "edit", "feed", "in", "intro", "invitation-manager", "invite-connect", "jobs",
        "job_changes", "login", "messaging", "mynetwork", "notifications", "overlay", "people", "preload", "premium",
        "results", "search", "sent", "thread", "uas", "work_anniversaries",
    }
)  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "use", "wbr"})
_LINE = re.compile(r'(\s*- )(/?[a-z]+)(?: "((?:[^"\\]|\\.)*)")?((?: \[[^\]"]*\])*)(:?)(.*)')
_STATES = re.compile(r" \[(?:level=\d+|checked(?:=\w+)?|disabled|expanded|pressed(?:=\w+)?|selected|active)\]")


def mask_text(text: str, known: Known) -> str:
    """The text if it is the interface's own, else its shape."""
    if known(text):
        return text
    return _NUMBER.sub("0", _WORD.sub("xxx", text))


def mask_address(address: str) -> str:
    """The fixed parts of an address of the site; names, ids and other hosts' names go."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "xxx"
    path = "/".join(part if part in _SEGMENTS or not part else "xxx" for part in parts.path.split("/"))
    query = "&".join(f"{mask_text(key, str.isidentifier)}=xxx" for key, _ in parse_qsl(parts.query)) if path else ""
    return ("//xxx" if parts.netloc else "") + path + (f"?{query}" if query else "")


def mask_markup(html: str, known: Known) -> str:
    """A page's markup, an element a line."""
    writer = _Masker(known)
    writer.feed(html)
    writer.close()
    return "".join(writer.lines)


def mask_snapshot(yaml: str, known: Known) -> str:
    """An accessibility snapshot: roles, states and depth stay."""
    return "".join(f"{_mask_line(line, known)}\n" for line in yaml.splitlines())


def _mask_line(line: str, known: Known) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        return mask_text(line, lambda _: False)
    indent, role, name, states, colon, rest = match.groups()
    if role == "/url":
        return f"{indent}{role}{colon} {mask_address(rest.strip())}"
    named = f' "{mask_text(name, known)}"' if name is not None else ""
    said = f" {mask_text(rest.strip(), known)}" if rest.strip() else ""
    return indent + role + named + "".join(_STATES.findall(states)) + colon + said


class _Masker(HTMLParser):
    def __init__(self, known: Known) -> None:
        super().__init__(convert_charrefs=True)
        self._known = known
        self._depth = 0
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = "".join(f' {name}="{escape(self._value(name, value or ""))}"' for name, value in attrs)
        self._write(f"<{tag}{written}>")
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._depth = max(0, self._depth - 1)
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self._write(escape(mask_text(text, self._known)))

    def _value(self, name: str, value: str) -> str:
        if name in _KEPT_ATTRIBUTES:
            return value
        return mask_address(value) if name in _ADDRESSES else mask_text(value, self._known)

    def _write(self, line: str) -> None:
        self.lines.append(f"{'  ' * self._depth}{line}\n")
