"""An archive that unpacks to far more than it is costs nothing: it is refused before one row is parked or written.

Counted in bytes and rows, not in seconds: what is never unpacked, parsed or written takes no time on any machine.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import registry, spool, unpacking
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.importing import everything, imported
from linkedin_pipelines_tests.member_files import CONNECTIONS, connection, connections_csv, table, written, zip_of

HEADER = ",".join(CONNECTIONS) + "\n"
ROWS = HEADER + "Jo,Doe,,,,,08 Feb 2026\n" * 500_000
"""12 MB of rows, each of them honest, that pack into 0.05 MB."""


def _deflated(path: Path) -> Path:
    return zip_of(path, {"Connections.csv": ROWS})


def _beside_an_honest_part(path: Path) -> Path:
    return zip_of(path, {"Connections.csv": connections_csv(connection("Jo Doe", "jo")), "messages.csv": ROWS})


def _field(path: Path, offset: int, value: int) -> Path:
    """Both headers of the first member say `value` in the four bytes at `offset` of the central directory's entry."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + offset
    data[at : at + 4] = value.to_bytes(4, "little")
    data[offset - 2 : offset + 2] = value.to_bytes(4, "little")
    return written(path, bytes(data))


def _says_it_is_small(path: Path) -> Path:
    return _field(_deflated(path), 24, 1_000)


def _says_it_is_packed_badly(path: Path) -> Path:
    """The packed size is said to be 40 MB, so that the ratio that the headers tell is an honest one."""
    return _field(_deflated(path), 20, 40_000_000)


def _padded(path: Path) -> Path:
    """The same, and the bytes are there: of another file that nobody unpacks."""
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("Connections.csv", ROWS, zipfile.ZIP_DEFLATED)
        opened.writestr("Rich Media.bin", bytes(1_000_000), zipfile.ZIP_STORED)
    return _field(path, 20, 1_000_000)


def _bzip2(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("Connections.csv", HEADER)
    return path


def _lzma(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as opened:
        opened.writestr("Connections.csv", HEADER)
    return path


def _nested(path: Path) -> Path:
    inner = _deflated(path.with_name("inner.zip"))
    return zip_of(path, {"inner.zip": inner.read_bytes()})


def _many_small_files(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(9_000):
            opened.writestr(f"{number:0500}", b"")
    return path


@pytest.fixture
def account(sqlite: Database) -> Database:
    an_account(sqlite)
    return sqlite


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Bytes parked, rows read and bytes read from the zip, as they happen."""
    count = {"parked": 0, "rows": 0, "packed": 0}
    take, readers, read = spool.Room.take, dict(registry.READERS), unpacking.Bounded.read

    def counting_take(room: spool.Room, size: int) -> None:
        count["parked"] += size
        take(room, size)

    def counting(reader: Callable[..., object]) -> Callable[..., object]:
        def counted_reader(part: object, stream: IO[bytes]) -> object:
            for record in reader(part, stream):  # type: ignore[attr-defined]
                count["rows"] += 1
                yield record

        return counted_reader

    def counting_read(source: unpacking.Bounded, size: int = -1) -> bytes:
        data = read(source, size)
        count["packed"] += len(data)
        return data

    monkeypatch.setattr(spool.Room, "take", counting_take)
    monkeypatch.setattr(unpacking.Bounded, "read", counting_read)
    for kind, reader in readers.items():
        monkeypatch.setitem(registry.READERS, kind, counting(reader))
    return count


@pytest.mark.parametrize(
    ("make", "fact", "rows"),
    [
        (_deflated, "like a zip bomb", 0),
        (_beside_an_honest_part, "like a zip bomb", 1),
        (_says_it_is_small, "like a zip bomb", 0),
        (_says_it_is_packed_badly, "like a zip bomb", 0),
        (_padded, "like a zip bomb", 0),
        (_bzip2, "not packed as LinkedIn packs", 0),
        (_lzma, "not packed as LinkedIn packs", 0),
        (_nested, "holds another zip", 0),
        (_many_small_files, "table of contents", 0),
    ],
)
def test_a_bomb_is_refused_before_a_row_is_parked_or_written(
    account: Database,
    tmp_path: Path,
    counted: dict[str, int],
    make: Callable[[Path], Path],
    fact: str,
    rows: int,
) -> None:
    before = everything(account)
    path = make(tmp_path / "Basic_LinkedInDataExport_11-20-2026.zip")
    with pytest.raises(RefusedFileError, match=fact):
        imported(account, path)
    assert counted["parked"] == 0
    assert counted["rows"] == rows
    assert counted["packed"] < 10_000_000
    assert everything(account) == before


def test_a_repetitive_but_honest_archive_is_imported(account: Database, tmp_path: Path) -> None:
    rows = [connection(f"Jo Doe{number}", f"jo-doe-{number}") for number in range(2_000)]
    report = imported(account, zip_of(tmp_path / "x.zip", {"Connections.csv": table(CONNECTIONS, *rows)}))
    assert report.totals.contacts == 2_000


def test_rows_that_would_fill_the_disk_are_refused_and_leave_nothing(
    account: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short row takes twenty times its size while it waits, so a file may be far smaller than what it needs."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 200_000})())
    before = everything(account)
    with pytest.raises(RefusedFileError, match=r"more than 100,000 bytes of temporary space.*" + tempfile.gettempdir()):
        imported(account, written(tmp_path / "Connections.csv", HEADER + "Jo,Doe,,,,,08 Feb 2026\n" * 5_000))
    assert everything(account) == before
