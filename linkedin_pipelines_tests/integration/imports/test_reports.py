"""Small inputs taken from public bug reports come to the right person and the right day, or the member is told.

`data/reports/reports.json` says what each must come to. Every case is imported by itself, file by file, on a fresh
database; the count of each weight is printed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.contacts.disputes import disputed_birthdays
from linkedin_pipelines.services.contacts.imports import list_birthdays, list_unmatched
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.importing import contact, imported
from linkedin_pipelines_tests.member_files import DATA

REPORTS = DATA / "reports"
TODAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
CASES: list[dict[str, Any]] = json.loads((REPORTS / "reports.json").read_text("utf-8"))["cases"]
_COUNTS: Counter[str] = Counter()


@cache
def _ids() -> list[str]:
    return [case["id"] for case in CASES]


def _outcome(database: Database, case: dict[str, Any]) -> tuple[dict[str, list[int | None]], set[str], bool]:
    """Birthdays, disputed contacts, and whether something of the files was told to the member."""
    told = False
    for name in case["import_in_this_order"]:
        try:
            report = imported(database, REPORTS / name, at=TODAY)
        except RefusedFileError:
            told = True
            continue
        for file in report.files:
            told = told or bool(file.refused_rows_total) or any(part.notes for part in file.parts)
    disputed = {str(each.slug) for each in disputed_birthdays(database, "demo")}
    born = {
        row.slug: [row.month, row.day, row.year]
        for row in list_birthdays(database, "demo", on=None, everyone=True)
        if not row.disputed
    }
    return born, disputed, told or bool(list_unmatched(database, "demo")) or bool(disputed)


@pytest.mark.parametrize("case", CASES, ids=_ids())
def test_a_reported_input_comes_to_what_it_must(sqlite: Database, case: dict[str, Any]) -> None:
    an_account(sqlite)
    born, disputed, told = _outcome(sqlite, case)
    if born != case["birthdays"]:
        assert born in case.get("or", []), "neither the right outcome nor another that is right too"
        assert told, "another outcome is right only if the member is told"
    assert disputed == set(case.get("disputed", []))
    for name, day in case.get("connected_on", {}).items():
        assert contact(sqlite, f"name:{name.casefold()}").connected_on == date.fromisoformat(day)
    for day, slugs in case.get("list_on", {}).items():
        rows = list_birthdays(sqlite, "demo", on=date.fromisoformat(day))
        assert [row.slug for row in rows] == slugs
    _COUNTS[case["weight"]] += 1
    if sum(_COUNTS.values()) == len(CASES):
        sys.stdout.write(f"\nreports: {dict(_COUNTS)} of {len(CASES)} right\n")


def test_every_case_has_its_files() -> None:
    missing = [name for case in CASES for name in case["import_in_this_order"] if not Path(REPORTS / name).exists()]
    assert missing == []
