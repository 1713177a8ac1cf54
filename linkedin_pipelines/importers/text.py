"""Opening a file as text that can be trusted: one encoding, no NULs, no endless lines.

What belongs here: the checks that hold for every text format, made while the file streams by, since a file may be
larger than memory. What does not: what the text means.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.errors import RefusedFileError

LINE_LIMIT = 1024 * 1024
"""Characters of one line. LinkedIn's longest messages are 8,000; photos in vCards are folded into short lines."""

RESAVE = 'save it again as "CSV UTF-8"'
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<!--", b"<body")


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
    """The lines of a UTF-8 file, with or without BOM, ends included.

    Raises (while iterating):
        RefusedFileError: another encoding, a NUL, a line beyond `LINE_LIMIT`.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.line = 0
        """Number of the line handed over last, 1-based."""
        self.exhausted = False
        buffered = io.BufferedReader(_Borrowed(stream), 64 * 1024)
        refuse_other_than_text(buffered.peek(512)[:512], name)
        self._text = io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="strict", newline="")

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
        if len(line) > LINE_LIMIT:
            raise RefusedFileError(
                f"{self.name}: line {self.line} is longer than {LINE_LIMIT:,} characters; "
                "the file is damaged or no export: download it again"
            )
        if "\0" in line:
            raise RefusedFileError(f"{self.name}: line {self.line} holds a NUL, so this is no text: download it again")
        return line


def refuse_other_than_text(head: bytes, name: str) -> None:
    """Look at a file's first bytes.

    Raises:
        RefusedFileError: they are UTF-16 or UTF-32, or those of a web page.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\0" or head[:1] == b"\0":
        raise RefusedFileError(f"{name}: UTF-16 or binary, not UTF-8 text: {RESAVE}")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_WEB_PAGE):
        raise RefusedFileError(
            f"{name}: a web page under another name, perhaps a sign-in page: sign in and download the file again"
        )
