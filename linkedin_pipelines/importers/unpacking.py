"""Unpacking one file of a zip while counting, since everything that a zip says of itself is whatever its maker wrote.

What belongs here: how much a member may unpack to, measured on the bytes that were really read and really came out.
What does not: which members are read (`archive`).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import IO

from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.part import UntrustedFileError

RATIO_LIMIT = 100
"""How many times its packed size a file may unpack to; CSV comes to 3 to 30, a bomb to 1,000."""
RATIO_FREE = 2 * 1024**2
"""Bytes below which the ratio says nothing: an almost empty table packs as well as a bomb."""
DIRECTORY_LIMIT = 4 * 1024**2
"""Bytes of a zip's directory. `zipfile` reads it at once and makes an object of every entry; exports have a few KB."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""LinkedIn deflates. `zipfile` unpacks bzip2 and LZMA without a limit a step: 64 KB of them are gigabytes of memory."""
_STEP = 64 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
AGAIN = "download the archive again"


class Bounded(io.RawIOBase):
    """The zip as `zipfile` reads its table of contents: refused where that is larger than any export's."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(DIRECTORY_LIMIT + 1 if size < 0 else min(size, DIRECTORY_LIMIT + 1))
        if len(data) > DIRECTORY_LIMIT:
            raise UntrustedFileError(f"{self._name}: its table of contents is larger than that of any export")
        return data


def open_member(stream: IO[bytes], info: zipfile.ZipInfo, name: str, limit: int) -> IO[bytes]:
    """One member as a stream of at most `limit` bytes, seen to unpack to an honest size before any of it is used.

    It is unpacked twice: once into nothing, which costs a fraction of reading its rows, so that a bomb is refused
    before a single row of it is parsed or parked.

    Raises:
        UntrustedFileError: its packing is not LinkedIn's, or it is or says that it is a bomb.
        RefusedFileError: it is damaged.
    """
    label = f"{name}: {info.filename}"
    if info.compress_type not in _METHODS:
        raise UntrustedFileError(f"{label} is not packed as LinkedIn packs its files; unpack it and import it alone")
    if info.file_size > limit:
        raise _too_large(label, limit)
    if info.file_size > max(RATIO_FREE, RATIO_LIMIT * info.compress_size):
        raise _bomb(label)
    trial, step = Unpacked(stream, info, label, limit), bytearray(_STEP)
    while trial.readinto(step):
        pass
    return io.BufferedReader(Unpacked(stream, info, label, limit), _STEP)


def _too_large(label: str, limit: int) -> UntrustedFileError:
    return UntrustedFileError(f"{label} unpacks to more than {limit:,} bytes; it is no export")


def _bomb(label: str) -> UntrustedFileError:
    return UntrustedFileError(f"{label} unpacks to more than {RATIO_LIMIT} times its size, like a zip bomb")


class Unpacked(io.RawIOBase):
    """The content of one member, compared with the packed bytes that it really came from.

    `zipfile` reads ahead of what it unpacks, so bytes counted there could be anything that lies behind the member.
    """

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo, label: str, limit: int) -> None:
        self._stream = stream
        self._info = info
        self._label = label
        self._limit = limit
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
        self._waiting = b""
        self._at = self._start()
        self._left = info.compress_size
        self.consumed = 0
        """Packed bytes that came to something so far."""
        self.came_out = 0
        self._checksum = 0

    def _start(self) -> int:
        self._stream.seek(self._info.header_offset)
        header = self._stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise self._damaged("it is not where the archive says")
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        return self._info.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)

    def _damaged(self, fact: str) -> RefusedFileError:
        return RefusedFileError(f"{self._label} is damaged ({fact}); {AGAIN}")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = b""
        while not data and not (self._inflate is not None and self._inflate.eof):
            packed = self._waiting or self._packed()
            if not packed:
                break
            data = self._unpack(packed, len(buffer))
        if not data:
            self._conclude()
            return 0
        self.came_out += len(data)
        self._checksum = zlib.crc32(data, self._checksum)
        if self.came_out > self._limit:
            raise _too_large(self._label, self._limit)
        if self.came_out > max(RATIO_FREE, RATIO_LIMIT * self.consumed):
            raise _bomb(self._label)
        buffer[: len(data)] = data
        return len(data)

    def _packed(self) -> bytes:
        self._stream.seek(self._at)
        data = self._stream.read(min(_STEP, self._left))
        self._at += len(data)
        self._left -= len(data)
        return data

    def _unpack(self, packed: bytes, most: int) -> bytes:
        if self._inflate is None:
            data, self._waiting = packed[:most], packed[most:]
        else:
            try:
                data = self._inflate.decompress(packed, most)
            except zlib.error as error:
                raise self._damaged(str(error)) from error
            self._waiting = self._inflate.unconsumed_tail
        self.consumed += len(packed) - len(self._waiting)
        return data

    def _conclude(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise self._damaged("it ends too early")
        if self.came_out != self._info.file_size or self._checksum != self._info.CRC:
            raise self._damaged("its checksum or its size is another")
