"""Files dropped into an account's inbox are taken once they are whole, and each ends up where its report says."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import UnknownAccountError
from linkedin_pipelines.services.contacts import inbox
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, everything, imported
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard, written

GOOD = connections_csv(connection("Jo Doe", "jo"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "demo"
    path.mkdir(parents=True)
    return path


def drop(folder: Path, name: str, content: str | bytes, seconds_ago: float = 60) -> Path:
    path = written(folder / name, content)
    moment = NOW.timestamp() - seconds_ago
    os.utime(path, (moment, moment))
    return path


def waiting(folder: Path) -> list[str]:
    found = inbox.waiting_files(folder.parent, clock=ManualClock(NOW))
    return [path.name for path in found.get("demo", [])]


def take(database: Database, folder: Path) -> list[inbox.InboxReport]:
    return inbox.take_in(database, ManualClock(NOW), folder.parent, "demo")


def test_a_file_is_imported_and_moved_with_its_report(database: Database, folder: Path) -> None:
    an_account(database)
    drop(folder, "Connections.csv", GOOD)
    (report,) = take(database, folder)
    assert (report.outcome, report.moved_to) == ("imported", "done/Connections.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["done"]
    assert sorted(path.name for path in (folder / "done").iterdir()) == [
        "Connections.csv",
        "Connections.csv.report.json",
    ]
    stored = json.loads((folder / "done" / "Connections.csv.report.json").read_text("utf-8"))
    assert stored["report"]["totals"]["contacts"] == 1
    assert (folder / "done" / "Connections.csv.report.json").stat().st_mode & 0o777 == 0o600


def test_a_refused_file_holds_up_no_other_and_its_report_says_why(sqlite: Database, folder: Path) -> None:
    an_account(sqlite)
    drop(folder, "a.csv", "some,table\n1,2\n")
    drop(folder, "b.csv", GOOD)
    outcomes = [(report.file, report.outcome) for report in take(sqlite, folder)]
    assert outcomes == [("a.csv", "refused"), ("b.csv", "imported")]
    stored = json.loads((folder / "refused" / "a.csv.report.json").read_text("utf-8"))
    assert "none of the files that can be imported" in stored["reason"]


def test_files_still_being_written_links_and_folders_are_left_alone(
    sqlite: Database, folder: Path, tmp_path: Path
) -> None:
    an_account(sqlite)
    drop(folder, "growing.csv", GOOD, seconds_ago=2)
    drop(folder, "download.zip.crdownload", b"PK")
    drop(folder, ".hidden.csv", GOOD)
    (folder / "sub").mkdir()
    drop(folder / "sub", "Connections.csv", GOOD)
    (folder / "link.csv").symlink_to(written(tmp_path / "elsewhere.csv", GOOD))
    assert waiting(folder) == []
    assert take(sqlite, folder) == []
    assert inbox.left_alone(folder.parent, "demo") == [
        ".hidden.csv: by its name still being written",
        "download.zip.crdownload: by its name still being written",
        "link.csv: a link; put the file itself here",
        "sub: a folder; put its files here, or import it by the command line",
    ]
    drop(folder, "growing.csv", GOOD, seconds_ago=11)
    assert waiting(folder) == ["growing.csv"]


def test_a_time_in_the_future_does_not_keep_a_file_waiting_for_ever(folder: Path) -> None:
    drop(folder, "Connections.csv", GOOD, seconds_ago=-3600)
    assert waiting(folder) == ["Connections.csv"]


def test_names_that_were_there_before_are_not_overwritten(sqlite: Database, folder: Path) -> None:
    an_account(sqlite)
    for number in range(3):
        drop(folder, "book.vcf", vcard(f"Jo {number}", "BDAY:--0412"))
        take(sqlite, folder)
    names = sorted(path.name for path in (folder / "done").iterdir() if path.suffix == ".vcf")
    assert names == ["book-2.vcf", "book-3.vcf", "book.vcf"]
    assert (folder / "done" / "book-3.vcf.report.json").exists()


def test_a_crash_between_import_and_move_is_harmless(sqlite: Database, folder: Path) -> None:
    an_account(sqlite)
    path = drop(folder, "Connections.csv", GOOD)
    imported(sqlite, path)
    (folder / "done").mkdir()
    written(folder / "done" / "Connections.csv.report.json", "{}")  # the report was written, the move was not
    before = everything(sqlite)
    (report,) = take(sqlite, folder)
    assert report.report is not None
    assert [file.outcome for file in report.report.files] == ["already_imported"]
    assert report.moved_to == "done/Connections.csv"
    assert everything(sqlite) == before


def test_an_account_nobody_knows_keeps_its_files(sqlite: Database, folder: Path) -> None:
    drop(folder, "Connections.csv", GOOD)
    with pytest.raises(UnknownAccountError):
        take(sqlite, folder)
    assert waiting(folder) == ["Connections.csv"]


def test_an_inbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert inbox.waiting_files(tmp_path / "nowhere") == {}
    assert inbox.left_alone(tmp_path, "demo") == []


def test_without_a_clock_the_machines_own_is_asked(folder: Path) -> None:
    path = written(folder / "Connections.csv", GOOD)
    assert inbox.waiting_files(folder.parent) == {}
    past = (SystemClock().now() - timedelta(minutes=1)).timestamp()
    os.utime(path, (past, past))
    assert inbox.waiting_files(folder.parent) == {"demo": [path]}
