"""The ledger as it grows, and what a claim costs beside the bare statements it cannot do without."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from linkedin_pipelines.db import ledger
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.reporting.audits import audit_ledger, audit_quotas, old_doubts
from linkedin_pipelines_tests.bench.figures import Figure, figure
from linkedin_pipelines_tests.bench.stores import ACCOUNT, Store
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import request

_runs = itertools.count(1)


def attempts(database: Store, number: int = 5) -> None:
    """So many claims, clicks and settlements, rolled back, so that the next turn finds the same ledger."""
    now, run_id = database.clock.now(), f"bench-{next(_runs)}"
    with database.database.rehearsing() as session:
        for contact in range(1, number + 1):
            wish = request(database.account_id, contact, run_id=run_id)
            claimed = ledger.claim(session, wish, database.lease, now)
            assert isinstance(claimed, ledger.Claimed), claimed
            ledger.mark_clicked(session, claimed.interaction_id, database.lease, now)
            ledger.settle(session, claimed.interaction_id, database.lease, now, InteractionStatus.SENT)


def unsettled(database: Store) -> None:
    """What each run asks before each person."""
    for _ in range(20):
        with database.database.reading() as session:
            assert ledger.unsettled(session, database.account_id) == []


def audits(database: Store) -> None:
    """What a campaign's checks ask afterwards."""
    for _ in range(5):
        audit_ledger(database.database, database.clock, ACCOUNT)
        audit_quotas(database.database, database.clock, ACCOUNT)
        old_doubts(database.database, database.clock, ACCOUNT)


def figures(folder: Path, clock: ManualClock, *, small: int, large: int, turns: int) -> Iterator[Figure]:
    """Each use of a small ledger against the same of a large one, and a claim against bare SQL."""
    little, big = (_save(folder / f"{size}.db", clock, size) for size in (small, large))
    for statistics in ("without", "with"):
        if statistics == "with":
            little.analyze()
            big.analyze()
        for name, use in (("5 claims and settles", attempts), ("20 unsettled", unsettled), ("5 audits", audits)):
            yield figure(
                f"{name}, {large:,} rows, {statistics} statistics",
                lambda use=use: use(big),  # type: ignore[misc]
                lambda use=use: use(little),  # type: ignore[misc]
                f"the same with {small:,} rows",
                turns=turns,
                bound=1.3,
            )
    yield figure(
        "5 claims and settles, against bare locked reads and writes",
        lambda: attempts(little),
        lambda: _bare(folder / f"{small}.db"),
        "a locked read, an insert and two updates each, by the bare driver",
        turns=turns,
    )


def _save(path: Path, clock: ManualClock, size: int) -> Store:
    database = Store(f"sqlite:///{path}", clock)
    years = 5
    database.people(size // years)
    database.wishes(1, years)
    audit_ledger(database.database, database.clock, ACCOUNT)  # the first looks at all of it
    return database


def _bare(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    for contact in range(1, 6):
        connection.execute("SELECT * FROM account_leases WHERE account_id = 1").fetchall()
        row = connection.execute(
            "INSERT INTO interactions (account_id, contact_id, kind, occasion_key, status, origin, run_id, lease_token,"
            " claimed_at, local_day, doubt_readings) VALUES (1, ?, 'birthday_message', '2026', 'sending', 'campaign',"
            " 'bare', 1, '2026-03-18 09:00:00', '2026-03-18', 0)",
            (contact,),
        ).lastrowid
        connection.execute("UPDATE interactions SET clicked_at = '2026-03-18 09:00:00' WHERE id = ?", (row,))
        connection.execute(
            "UPDATE interactions SET status = 'sent', sent_at = claimed_at, settled_at = claimed_at WHERE id = ?",
            (row,),
        )
    connection.execute("ROLLBACK")
    connection.close()
