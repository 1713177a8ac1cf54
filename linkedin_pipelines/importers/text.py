"""Opening a file as text that can be trusted: no NULs, no endless lines, and an encoding that fits its kind.

What belongs here: the checks that hold for every text format, made while the file streams by, since a file may be
larger than memory. What does not: what the text means.

LinkedIn writes UTF-8 and nothing else, so anything else in its tables is damage. Address books come from thirty years
of programs: a byte that is not UTF-8 costs nothing but itself there (`lenient`).
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.errors import RefusedFileError

LINE_LIMIT = 1024 * 1024
"""Characters of one line. LinkedIn's longest messages are 8,000; photos in vCards are folded into short lines."""

RESAVE = 'save it again as "CSV UTF-8"'
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<!--", b"<body")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
WINDOWS = "windows-1252-where-not-utf-8"
"""Error handler: bytes that are not UTF-8 are read as Windows-1252, which Outlook writes."""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(WINDOWS, _as_windows)


class _Borrowed(io.RawIOBase):
    """A stream that somebody else will close: text wrappers close what they wrap when they are forgotten."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class TextLines(Iterator[str]):
    """The lines of a text file, with or without BOM, ends included.

    A `lenient` reader takes UTF-16 with its mark too, gives bytes that are not UTF-8 as `errors` says, hands NULs over
    and cuts endless lines, for the caller to judge.

    Raises (while iterating):
        RefusedFileError: another encoding, a NUL, a line beyond `LINE_LIMIT`; a web page even if lenient.
    """

    def __init__(self, stream: BinaryIO, name: str, *, lenient: bool = False, errors: str = "surrogateescape") -> None:
        self.name = name
        self.line = 0
        """Number of the line handed over last, 1-based."""
        self.exhausted = False
        self.cut = False
        """Whether the line handed over last was too long and lost its end."""
        self._lenient = lenient
        buffered = io.BufferedReader(_Borrowed(stream), 64 * 1024)
        head = buffered.peek(512)[:512]
        refuse_other_than_text(head, name, lenient=lenient)
        encoding = "utf-16" if lenient and head.startswith(UTF16) else "utf-8-sig"
        errors = ("replace" if encoding == "utf-16" else errors) if lenient else "strict"
        self._text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")

    def __next__(self) -> str:
        try:
            line = self._text.readline(LINE_LIMIT + 1)
        except UnicodeDecodeError as error:
            raise RefusedFileError(
                f"{self.name}: not UTF-8 text (near line {self.line + 1}; perhaps Windows-1252): {RESAVE}"
            ) from error
        if not line:
            self.exhausted = True
            raise StopIteration
        self.line += 1
        self.cut = len(line) > LINE_LIMIT
        if self.cut and self._lenient:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(LINE_LIMIT)
        elif self.cut:
            raise RefusedFileError(
                f"{self.name}: line {self.line} is longer than {LINE_LIMIT:,} characters; "
                "the file is damaged or no export: download it again"
            )
        if "\0" in line and not self._lenient:
            raise RefusedFileError(f"{self.name}: line {self.line} holds a NUL, so this is no text: download it again")
        return line


def refuse_other_than_text(head: bytes, name: str, *, lenient: bool = False) -> None:
    """Look at a file's first bytes.

    Raises:
        RefusedFileError: they are UTF-16 (unless `lenient` and marked) or UTF-32, or those of a web page.
    """
    marked = head.startswith(UTF16)
    if not (lenient and marked and head[2:4] != b"\0\0") and (marked or head[1:2] == b"\0" or head[:1] == b"\0"):
        raise RefusedFileError(f"{name}: UTF-16 or binary, not UTF-8 text: {RESAVE}")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_WEB_PAGE):
        raise RefusedFileError(
            f"{name}: a web page under another name, perhaps a sign-in page: sign in and download the file again"
        )
