"""LinkedIn's archive is read without believing what a zip says of itself."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import archive
from linkedin_pipelines_tests.member_files import written, zip_of


def members(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [member.name for member in archive.zip_members(archive.open_zip(stream, path.name), path.name)]


def content(path: Path, **limits: int) -> int:
    size = 0
    with path.open("rb") as stream:
        for member in archive.zip_members(archive.open_zip(stream, path.name), path.name, **limits):
            with member.open() as source:
                while data := source.read(65_536):
                    size += len(data)
    return size


@pytest.mark.parametrize(
    "names",
    [
        ["Connections.csv", "messages.csv", "Invitations.csv"],
        ["export/CONNECTIONS.CSV", "export/Messages.csv"],
        ["Connections.csv", "Jobs/Saved Jobs.csv", "a/b/Connections.csv", "__MACOSX/._Connections.csv"],
    ],
)
def test_our_files_are_found_at_the_root_or_in_one_folder(tmp_path: Path, names: list[str]) -> None:
    found = members(zip_of(tmp_path / "x.zip", dict.fromkeys(names, "x")))
    assert found == [name for name in names if archive.canonical(name.rsplit("/")[-1]) in archive.WANTED][: len(found)]
    assert found


def test_files_with_like_names_and_private_ones_are_not_opened(tmp_path: Path) -> None:
    names = ("guide_messages.csv", "learning_role_play_messages.csv", "Email Addresses.csv", "Registration.csv")
    assert members(zip_of(tmp_path / "x.zip", dict.fromkeys(names, "secret"))) == []


def test_the_day_of_the_export_stands_in_its_name() -> None:
    assert archive.date_in_name("Complete_LinkedInDataExport_11-20-2026.zip") == date(2026, 11, 20)
    assert archive.date_in_name("basic_linkedindataexport_02-30-2026 (1).zip") is None
    assert archive.date_in_name("export.zip") is None


@pytest.mark.parametrize(
    "name", ["../Connections.csv", "/etc/Connections.csv", "a\\..\\..\\Connections.csv", "C:\\x.csv"]
)
def test_names_that_lead_out_of_the_archive_refuse_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedFileError, match="names a file outside itself"):
        members(zip_of(tmp_path / "x.zip", {name: "x"}))


def test_two_files_of_one_name_are_not_chosen_between(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"holds Connections\.csv and old/connections\.csv"):
        members(zip_of(tmp_path / "x.zip", {"Connections.csv": "x", "old/connections.csv": "y"}))


def test_a_zip_in_a_zip_and_an_office_document_are_named_for_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="holds another zip"):
        members(zip_of(tmp_path / "x.zip", {"export.zip": b"PK"}))
    with pytest.raises(RefusedFileError, match="office document"):
        members(zip_of(tmp_path / "x.xlsx", {"[Content_Types].xml": "x"}))


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip", {"Connections.csv": "x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of the central directory
    with pytest.raises(RefusedFileError, match="is encrypted"):
        members(written(path, bytes(data)))


@pytest.mark.parametrize("damage", ["cut", "flip", "method"])
def test_a_damaged_zip_is_refused(tmp_path: Path, damage: str) -> None:
    path = zip_of(tmp_path / "x.zip", {"Connections.csv": os.urandom(5_000)})
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[:-30]
    elif damage == "flip":
        data[200] ^= 0xFF
    else:
        data[data.index(b"PK\x01\x02") + 10] = 99
    with pytest.raises(RefusedFileError) as caught:
        content(written(path, bytes(data)))
    assert "\n" not in str(caught.value)


def test_more_than_the_limit_is_refused_at_any_ratio(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("Connections.csv", os.urandom(100_000))
    with pytest.raises(RefusedFileError, match="unpacks to more than 50,000 bytes"):
        content(path, member_limit=50_000)


def test_an_archive_of_countless_files_is_none(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for number in range(10_001):
            opened.writestr(str(number), "")
    with pytest.raises(RefusedFileError, match="holds 10,001 files"):
        archive.open_zip(stream, "x.zip")


def test_an_unpacked_folder_is_read_like_the_zip_and_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "Complete_LinkedInDataExport_11-20-2026"
    (folder / "sub").mkdir(parents=True)
    written(folder / "connections.csv", "x")
    written(tmp_path / "outside.csv", "x")
    (folder / "messages.csv").symlink_to(tmp_path / "outside.csv")
    assert [member.name for member in archive.folder_members(folder)] == ["connections.csv"]
