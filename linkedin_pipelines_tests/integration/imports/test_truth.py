"""An import of all samples comes to exactly their truth, in any order, however often, whole or in pieces."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.imports import list_unmatched
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.importing import (
    asked_to_stop,
    birthdays,
    everything,
    imported,
    wished_by_hand,
)
from linkedin_pipelines_tests.member_files import DATA, SAMPLES, truth

ARCHIVE = DATA / "Complete_LinkedInDataExport_11-20-2026.zip"
REFUSED_DATES = 27
"""Cards with half a date, an impossible one, or a text."""
OTHERS = [path for path in SAMPLES if path != ARCHIVE]


def shuffled(paths: list[Path], seed: int) -> list[Path]:
    return random.Random(seed).sample(paths, len(paths))


def assert_truth(database: Database) -> None:
    expected = truth()
    assert birthdays(database) == expected["birthdays"]
    assert wished_by_hand(database) == {(each["slug"], each["year"]) for each in expected["wished_by_hand"]}
    assert asked_to_stop(database) == set(expected["asked_to_stop"])
    assert len(list_unmatched(database, "demo")) == expected["unmatched_birthdays"]


@pytest.mark.parametrize(
    "order",
    [
        SAMPLES,
        [ARCHIVE, *OTHERS],  # people first
        [*OTHERS, ARCHIVE],  # birthdays before anybody is known
        shuffled(SAMPLES, 1),
        shuffled(SAMPLES, 2),
    ],
    ids=["by name", "archive first", "archive last", "seed 1", "seed 2"],
)
def test_any_order_of_files_comes_to_the_truth(database: Database, order: list[Path]) -> None:
    an_account(database)
    for path in order:
        imported(database, path)
    assert_truth(database)


def test_the_files_of_the_archive_one_by_one_come_to_the_truth_in_any_order(database: Database, tmp_path: Path) -> None:
    an_account(database)
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    pieces = [tmp_path / name for name in ("Connections.csv", "messages.csv", "Invitations.csv")]
    for path in shuffled([*pieces, *(path for path in OTHERS if path.suffix != ".zip")], 3):
        imported(database, path)
    assert_truth(database)


def test_the_same_file_imported_three_times_makes_three_people(database: Database) -> None:
    """It makes one: after the first import of all files, the next two change nothing."""
    an_account(database)
    report = imported(database, *SAMPLES)
    expected = truth()
    totals = report.totals
    assert totals.contacts == expected["people_with_url_and_name"] + expected["rows_without_url"]
    assert totals.contacts_without_address == expected["rows_without_url"]
    assert totals.birthdays == len(expected["birthdays"])
    assert totals.unmatched_birthdays == expected["unmatched_birthdays"]
    assert totals.wished_by_hand == len(expected["wished_by_hand"])
    assert totals.stop_requests == len(expected["asked_to_stop"])
    assert report.changed
    before = everything(database)
    for _ in range(2):
        again = imported(database, *reversed(SAMPLES))
        assert {file.outcome for file in again.files} == {"already_imported"}
        assert not again.changed
        assert again.totals == totals
    assert everything(database) == before


def test_the_same_facts_in_another_file_change_nothing_either(sqlite: Database, tmp_path: Path) -> None:
    an_account(sqlite)
    imported(sqlite, *SAMPLES)
    before = everything(sqlite)
    copy = tmp_path / "contacts.vcf"
    copy.write_bytes((DATA / "contacts.vcf").read_bytes() + b"\r\n")
    report = imported(sqlite, copy)
    (part,) = report.files[0].parts
    assert (part.rows_new, part.rows_changed, part.rows_unchanged + part.rows_refused) == (0, 0, 280)
    after = everything(sqlite)
    assert after.pop("rows of imports") == [before.pop("rows of imports")[0] + 1]
    assert after.pop("rows of refused_rows") == [before.pop("rows of refused_rows")[0] + part.rows_refused]
    assert after == before


def test_every_row_has_an_outcome_and_every_refused_one_a_line_and_reason(sqlite: Database) -> None:
    an_account(sqlite)
    report = imported(sqlite, *SAMPLES)
    refused = 0
    for file in report.files:
        for part in file.parts:
            handled = part.rows_new + part.rows_changed + part.rows_unchanged + part.rows_refused + part.rows_left_out
            assert part.rows_read == handled
            assert part.rows_left_out >= 0
        refused += file.refused_rows_total
        assert all(row.line > 1 and row.reason and row.file for row in file.refused_rows)
    assert refused == truth()["rows_without_name"] + REFUSED_DATES


def test_a_basic_archive_without_connections_is_normal_and_says_so(sqlite: Database) -> None:
    an_account(sqlite)
    report = imported(sqlite, DATA / "Basic_LinkedInDataExport_11-19-2026.zip")
    assert report.files[0].outcome == "imported"
    assert "holds no Connections.csv, which is normal" in report.files[0].notes[0]
    assert "holds no Connections.csv" in str(report)


def test_an_unmatched_birthday_says_why(sqlite: Database) -> None:
    an_account(sqlite)
    imported(sqlite, *SAMPLES)
    reasons = {row.name: row.reason for row in list_unmatched(sqlite, "demo")}
    assert reasons["Björn Dvořák"] == "two of your connections are called Björn Dvořák"
    assert "circa 1800" in reasons["さくら MacDonald Ng"]
