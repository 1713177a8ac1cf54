"""Each sample comes to exactly its truth, whatever came first; planned, done, undone, and cut off."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger.spending import used_in_week
from linkedin_pipelines.db.legacy import imports as legacy_rows
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.legacy.importing import undo
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.legacy.taking_over import (
    DATA,
    NOW,
    SAMPLES,
    TRUTH,
    add_connections,
    contacts_of,
    dump,
    prepared,
    sample,
    take_over,
)

_SAID = ("outcome", "why", "into", "kind", "status", "contact", "at", "day", "year", "do_not_contact")


def _told(rows: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{table}:{row_id}": {key: row[key] for key in _SAID if key in row}
        for table, some in rows.items()
        for row_id, row in some.items()
    }


def _compare(database: Database, name: str, report: Any) -> None:
    truth = TRUTH[name]
    counts = {
        table: {key: n for key, n in some.items() if key != "rows_without_wal"}
        for table, some in truth["tables"].items()
    }
    assert report.tables == counts
    assert report.ledger == truth["ledger"]
    assert report.occasions == truth["occasions"]
    expected = {
        key: row
        for key, row in _told(truth["rows"]).items()
        if not (
            row["outcome"] == "kept_out"
            and row["why"] in {"book_keeping", "unknown_table"}
            and key not in _told(report.rows)
        )
    }
    assert _told(report.rows) == expected


def _compare_database(database: Database, name: str) -> None:
    known = contacts_of(database)
    truth = TRUTH[name]["contacts"]
    assert {key: known.get(key) for key in truth} == truth
    assert not {key for key, row in known.items() if row["status"] == "known"} - set(truth)
    account = get_account(database, "demo")
    for asked in TRUTH[name]["quota"]:
        moment = datetime.fromisoformat(asked["as_of"])
        for kind in (each for each in InteractionKind if each in asked):  # of those that the product before had
            with database.reading() as session:
                used = used_in_week(session, account.id, kind, moment)
            today = moment.astimezone(account.config.zone).date()
            assert sum(each.local_day == today for each in used) == asked[kind]["day"], (kind, asked)
            assert sum(each.claimed_at <= moment for each in used) == asked[kind]["week"], (kind, asked)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_to_its_truth_and_undone_leaves_nothing(name: str, database_url: str, tmp_path: Path) -> None:
    database, _ = prepared(database_url)
    before = dump(database)
    path = sample(name, tmp_path)
    source = {each.name: each.read_bytes() for each in tmp_path.glob(f"{name}*")}

    planned = take_over(database, path, apply=False)
    assert dump(database) == before
    done = take_over(database, path)

    assert (planned.tables, planned.rows, planned.checksum) == (done.tables, done.rows, done.checksum)
    _compare(database, name, done)
    _compare_database(database, name)
    assert {each.name: each.read_bytes() for each in tmp_path.glob(f"{name}*")} == source
    after = dump(database)
    assert take_over(database, path).outcome == "already_imported"
    assert dump(database) == after
    assert done.import_id is not None
    undo(database, ManualClock(NOW), "demo", done.import_id)
    assert dump(database) == before
    database.dispose()


@pytest.mark.parametrize("name", SAMPLES)
def test_connections_after_the_database_come_to_the_same(name: str, database_url: str, tmp_path: Path) -> None:
    database, _ = prepared(database_url, connections=False)
    take_over(database, sample(name, tmp_path))
    add_connections(database)
    _compare_database(database, name)
    with database.reading() as session:
        found = legacy_rows.outcomes(session, 1)
    truth = TRUTH[name]["rows"]
    for one in found:
        told = truth.get(one.table, {}).get(one.row_id)
        if told is not None and "contact" in told:
            assert (one.contact, one.outcome, one.why) == (told["contact"], told["outcome"], told.get("why")), one
        if told is not None and "year" in told and told["outcome"] == "imported":
            assert (one.year, one.status) == (told["year"], told["status"]), one
    database.dispose()


def _killed_before_the_end(url: str, path: str) -> None:
    database = Database(url)

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    legacy_rows.finish = die
    take_over(database, Path(path))


def test_a_kill_in_the_middle_leaves_nothing(database_url: str) -> None:
    database, _ = prepared(database_url)
    before = dump(database)
    process = multiprocessing.get_context("spawn").Process(
        target=_killed_before_the_end, args=(database_url, str(DATA / "v2_small.db"))
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert dump(database) == before
    assert take_over(database, DATA / "v2_small.db").outcome == "imported"
    database.dispose()
