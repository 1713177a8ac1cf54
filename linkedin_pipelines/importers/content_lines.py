"""One property of a vCard or calendar event: `item1.FN;CHARSET=…;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB`.

What belongs here: unfolding, parameters in any spelling of twenty-five years, quoted-printable, and character sets that
are declared, wrong or missing. The general libraries for these formats lose a card to what phones and Outlook write.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_BARE = {"QUOTED-PRINTABLE": "ENCODING", "BASE64": "ENCODING", "B": "ENCODING", "8BIT": "ENCODING"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class UnreadablePropertyError(ValueError):
    """A property cannot be read; the message says why, in a clause."""


@dataclass(frozen=True)
class Property:
    """A property as it was meant."""

    name: str
    """Upper case, without its group."""
    value: str
    """Decoded; backslashes are as they were written."""
    params: dict[str, list[str]] = field(default_factory=dict)
    """Names upper case; a parameter without a name is a TYPE."""

    @property
    def text(self) -> str:
        """The value without its backslashes."""
        return unescaped(self.value)

    def param(self, name: str) -> str:
        """The first value of a parameter, lower case; empty if there is none."""
        return (self.params.get(name) or [""])[0].strip().lower()

    def pieces(self) -> list[str]:
        """The fields of a structured value, such as N."""
        return [unescaped(piece) for piece in re.split(r"(?<!\\)((?:\\\\)*);", self.value)[::2]]


def unescaped(value: str) -> str:
    """The text that backslashes protect."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def property_name(line: str) -> str:
    """`item1.PHOTO;ENCODING=b:…` is PHOTO."""
    return re.split(r"[:;\s]", line.strip(), maxsplit=1)[0].rpartition(".")[2].upper()


def is_quoted_printable(line: str) -> bool:
    """Whether the line says that its value is quoted-printable, in large or small letters."""
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def parse(lines: Sequence[str]) -> Property:
    """A property out of its physical lines, ends removed; bytes that are not UTF-8 are surrogates in them.

    Raises:
        UnreadablePropertyError: it has no colon, or says that it is encoded and is not.
    """
    coded = is_quoted_printable(lines[0])
    if coded:
        whole = _joined(lines, strip=False)
    else:
        whole = lines[0] + "".join(line[1:] if line[:1] in " \t" else line for line in lines[1:])
    head, value = _split_head(whole)
    name, *written = _split_outside_quotes(head, ";")
    params: dict[str, list[str]] = {}
    for param in written:
        key, equals, values = param.partition("=")
        if not equals:
            key, values = _BARE.get(param.strip().upper(), "TYPE"), param
        found = params.setdefault(key.strip().upper(), [])
        found += [each.strip().strip('"') for each in _split_outside_quotes(values, ",")]
    charset = (params.get("CHARSET") or [""])[0]
    encoding = (params.get("ENCODING") or [""])[0].upper()
    if coded:
        loose = _split_head(_joined(lines, strip=True))[1]
        value = _decoded([quopri.decodestring(_bytes(text)) for text in (value, loose)], charset)
    elif encoding in {"B", "BASE64"}:
        try:
            value = _decoded([base64.b64decode(value, validate=True)], charset)
        except (binascii.Error, ValueError) as error:
            raise UnreadablePropertyError(f"its {property_name(name)} is no base64") from error
    elif not value.isascii():
        value = _decoded([_bytes(value)], charset)
    return Property(property_name(name), value.strip(), params)


def _joined(lines: Sequence[str], *, strip: bool) -> str:
    """Quoted-printable lines as one; `strip` takes a blank before a continued line for folding, not for text."""
    whole = lines[0]
    for line in lines[1:]:
        if whole.rstrip().endswith("="):
            whole = whole.rstrip()[:-1] + (line.lstrip(" \t") if strip else line)
        else:
            whole += line[1:] if line[:1] in " \t" else line
    return whole


def _split_head(line: str) -> tuple[str, str]:
    quoted = False
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return line[:position], line[position + 1 :]
    head, colon, value = line.partition(":")  # a quote that is never closed
    if not colon:
        raise UnreadablePropertyError(f"its {property_name(line)[:40] or 'line'} has no colon")
    return head, value


def _split_outside_quotes(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    return re.split(rf'{re.escape(separator)}(?=(?:[^"]*"[^"]*")*[^"]*$)', text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _decoded(candidates: Sequence[bytes], charset: str) -> str:
    """The text of bytes: UTF-8 if they are, else the declared set, else Windows-1252, as most are."""
    declared = charset.strip().lower()
    if declared and declared.replace("-", "") != "utf8":
        try:
            return candidates[0].decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass  # declared in vain; what follows is tried for every text
    for data in candidates:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return candidates[0].decode("cp1252", "replace")
