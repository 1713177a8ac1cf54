"""Imports a made-up Connections.csv of many rows and prints what it took, as JSON.

`test_scale` runs it in a process of its own, so that the memory measured is the import's alone:

    python -m linkedin_pipelines_tests.integration.imports.scale ROWS DATABASE_URL FOLDER
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.member_files import CONNECTIONS, PREAMBLE


def peak_mb() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows(count: int) -> Iterator[list[str]]:
    """People with and without e-mail, some with line breaks in their cells, companies that repeat."""
    for number in range(count):
        yield [
            f"Given{number % 5000}",
            f"Family{number}, PhD",
            f"https://www.linkedin.com/in/given-family-{number:x}",
            f"g{number}@example.com" if number % 30 == 0 else "",
            f"Company {number % 30_000}" + ("\nGmbH" if number % 97 == 0 else ""),
            f"Position {number * 7919 % 200_000}",
            f"{1 + number % 28:02} Feb 20{10 + number % 15}",
        ]


def main(count: int, url: str, folder: Path) -> None:
    path = folder / "Connections.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(PREAMBLE)
        writer = csv.writer(stream)
        writer.writerow(CONNECTIONS)
        writer.writerows(rows(count))
    database = Database(url)
    database.upgrade()
    an_account(database)
    before, started = peak_mb(), time.monotonic()
    report = import_files(database, SystemClock(), "demo", [path])
    facts = {
        "rows": report.files[0].parts[0].rows_new,
        "file_mb": round(path.stat().st_size / 1024**2, 1),
        "seconds": round(time.monotonic() - started, 1),
        "mb_before": round(before),
        "mb_peak": round(peak_mb()),
    }
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
