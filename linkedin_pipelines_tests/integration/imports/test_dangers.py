"""A file that cannot be trusted is refused in one clear line, and leaves nothing by halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import RefusedFileError, UnknownAccountError
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.importing import everything, imported
from linkedin_pipelines_tests.member_files import (
    CONNECTIONS,
    PREAMBLE,
    connection,
    connections_csv,
    messages_csv,
    sent,
    table,
    written,
    zip_of,
)

GOOD = connections_csv(*(connection(f"Jo Doe{number}", f"jo-{number}") for number in range(2_000)))
INVITATIONS = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    "A,B,x,,OUTGOING,https://www.linkedin.com/in/somebody-else,\n"
)


@pytest.fixture
def account(sqlite: Database) -> Database:
    an_account(sqlite)
    return sqlite


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("Connections.csv", GOOD + '"never closed', "is never closed"),
        ("Connections.csv", GOOD + "x\0y", "NUL"),
        ("Connections.csv", GOOD.encode() + b"Jos\xe9,Doe,,,,,08 Feb 2026\n", "not UTF-8"),
        ("Connections.csv", GOOD + 'Jo,"' + "x" * 200_000 + '",,,,,\n', "field larger than field limit"),
        ("Connections.csv", GOOD + "x" * 2_000_000, "longer than"),
        ("Connections.csv", GOOD.encode("utf-16"), "UTF-16"),
        ("Connections.csv", "<!doctype html><title>Sign In</title>", "web page"),
        ("Connections.csv", PREAMBLE + "Prénom,Nom,Entré en relation le\n", "Prénom, Nom"),
        ("book.vcf", "<!doctype html><title>Sign In</title>", "web page"),
        (
            "messages.csv",
            messages_csv(sent("jo", **{"SENDER PROFILE URL": "https://x.com/in/else"})),
            "another member's",
        ),
        ("Invitations.csv", INVITATIONS, "another member's export"),
        ("Email Addresses.csv", "Email Address\nme@example.com\n", "never reads it"),
        ("x.zip", b"PK\x03\x04 cut off", "not a whole zip file"),
    ],
)
def test_a_defect_in_the_last_line_leaves_nothing_of_the_first(
    account: Database, tmp_path: Path, name: str, content: str | bytes, fact: str
) -> None:
    before = everything(account)
    with pytest.raises(RefusedFileError) as caught:
        imported(account, written(tmp_path / name, content))
    assert fact in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert everything(account) == before


def test_an_archive_is_refused_whole_for_one_of_its_files(account: Database, tmp_path: Path) -> None:
    before = everything(account)
    path = zip_of(tmp_path / "x.zip", {"Connections.csv": GOOD, "Invitations.csv": INVITATIONS})
    with pytest.raises(RefusedFileError, match=r"x\.zip: Invitations\.csv: line 2 .* another member's export"):
        imported(account, path)
    bomb = zip_of(
        tmp_path / "bomb.zip",
        {"Connections.csv": PREAMBLE + ",".join(CONNECTIONS) + "\n" + (" " * 8_000 + ",,,,,,\n") * 2_500},
    )
    with pytest.raises(RefusedFileError, match="like a zip bomb"):
        imported(account, bomb)
    assert everything(account) == before


def test_one_refused_file_of_several_holds_back_all_and_all_are_named(account: Database, tmp_path: Path) -> None:
    before = everything(account)
    good = written(tmp_path / "Connections.csv", GOOD)
    bad = written(tmp_path / "bad.csv", "a,b\n1,2\n")
    with pytest.raises(RefusedFileError) as caught:
        imported(account, good, bad, tmp_path / "missing.vcf")
    text = str(caught.value)
    assert "bad.csv: none of the files" in text
    assert "missing.vcf: there is no such file" in text
    assert text.endswith("; nothing was imported")
    assert everything(account) == before


def test_an_account_that_is_not_there_is_named_before_any_file_is_opened(sqlite: Database) -> None:
    with pytest.raises(UnknownAccountError):
        imported(sqlite, Path("/nowhere"))


def test_devices_and_folders_without_anything_are_no_files(account: Database, tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="not a regular file"):
        imported(account, Path("/dev/null"))
    with pytest.raises(RefusedFileError, match="a folder without"):
        imported(account, tmp_path)


def test_an_unpacked_archive_is_imported_as_it_lies(account: Database, tmp_path: Path) -> None:
    folder = tmp_path / "Complete_LinkedInDataExport_11-20-2026"
    folder.mkdir()
    written(folder / "Connections.csv", connections_csv(connection("Jo Doe", "jo")))
    written(folder / "Email Addresses.csv", "private")
    written(folder / "messages.csv", messages_csv(sent("jo")))
    report = imported(account, folder)
    assert [file.kind for file in report.files] == ["linkedin_connections", "linkedin_messages"]
    assert (report.totals.contacts, report.totals.wished_by_hand) == (1, 1)


def test_rows_with_unusual_but_honest_content_survive_both_databases(database: Database, tmp_path: Path) -> None:
    an_account(database)
    rows = [
        connection("Robert'); DROP TABLE contacts;-- Doe", "bobby", company="%s {0} \\x00"),
        connection("👩‍👩‍👧 Ünïcödé\u202e", "emoji-%F0%9F%8E%82", position="=cmd|' /C calc'!A0"),
        connection("a\tb\x0bc\x1fd", "ctrl"),
    ]
    report = imported(database, written(tmp_path / "Connections.csv", table(CONNECTIONS, *rows)))
    assert report.totals.contacts == 3
