"""How often the database is asked for a list: the number of people must not multiply the member's decisions."""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.db.birthdays.decisions import _CHUNK
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.test_query_plans import statements

CHUNKS = 3


def test_decisions_of_a_list_are_read_once_before_it_is_computed_and_once_before_it_is_written(
    sqlite: Database, clock: ManualClock
) -> None:
    account_id = an_account(sqlite)
    contacts(sqlite, account_id, [f"person-{number}" for number in range(CHUNKS * _CHUNK)])
    with statements() as seen:
        view = build_list(sqlite, clock, "demo", date(2026, 3, 18), "run")
    assert len(view.entries) == CHUNKS * _CHUNK
    assert sum("FROM list_decisions" in statement for statement, _ in seen) == 2 * CHUNKS
