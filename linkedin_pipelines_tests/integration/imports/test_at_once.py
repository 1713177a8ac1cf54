"""Several imports of one account at once: each waits for the other, none breaks, and they come to the truth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, birthdays, wished_by_hand
from linkedin_pipelines_tests.member_files import SAMPLES, truth


def test_all_samples_at_once_and_twice_each(database: Database) -> None:
    an_account(database)
    clock = ManualClock(NOW)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda path: import_files(database, clock, "demo", [path]), SAMPLES * 2))
    outcomes = sorted(file.outcome for report in reports for file in report.files)
    assert outcomes == ["already_imported"] * len(SAMPLES) + ["imported"] * len(SAMPLES)
    assert birthdays(database) == truth()["birthdays"]
    assert len(wished_by_hand(database)) == len(truth()["wished_by_hand"])


def test_progress_is_told_by_file_and_row(sqlite: Database) -> None:
    an_account(sqlite)
    told: list[tuple[str, int]] = []
    import_files(sqlite, ManualClock(NOW), "demo", SAMPLES, progress=lambda name, rows: told.append((name, rows)))
    assert ("Connections.csv", 1214) in told
    assert ("contacts.vcf", 280) in told
    for name in {name for name, _ in told}:
        counts = [rows for each, rows in told if each == name]
        assert counts == sorted(counts)
