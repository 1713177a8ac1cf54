"""Real queries go through indexes, on tables as large as years of use make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from linkedin_pipelines.db import ledger, lists, pages, selectors
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.db.spending import week_of_spending
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk, request

PEOPLE = 4_000
KIND = InteractionKind.BIRTHDAY_MESSAGE


@pytest.fixture
def grown(desk: Desk) -> Desk:
    """An account among four, with thousands of people and a wish to each every year."""
    now = desk.clock.now()
    for number in range(3):
        Desk(desk.database, desk.clock, slug=f"other-{number}")
    people = [
        {
            "account_id": desk.account_id + number % 4,
            "identity_key": f"grown-{number}",
            "profile_slug": f"grown-{number}",
            "full_name": "Anna Arendt",
            "first_name": "Anna",
            "name_key": f"anna {number}",
            "status": ContactStatus.KNOWN if number % 50 == 0 else ContactStatus.CONNECTED,
            "birth_month": number % 12 + 1,
            "birth_day": number % 28 + 1,
            "created_at": now - timedelta(hours=number),
            "updated_at": now,
        }
        for number in range(PEOPLE)
    ]
    with desk.database.writing() as session:
        session.execute(insert(Contact), people)
        session.execute(
            text(
                "INSERT INTO interactions (account_id, contact_id, kind, occurrence_year, status, origin, run_id,"
                " lease_token, body, claimed_at, local_day, settled_at, sent_at, doubt_readings)"
                " SELECT account_id, id, 'birthday_message', year, 'sent', 'campaign', 'run-' || (id % 500), 1, 'Hi',"
                " created_at, '2026-03-01', created_at, created_at, 0"
                " FROM contacts CROSS JOIN (SELECT 2024 AS year UNION SELECT 2025 UNION SELECT 2023) AS years"
            )
        )
        session.execute(
            text(
                "INSERT INTO linkedin_selectors (surface, element, candidate, successes, failures)"
                " SELECT 'surface-' || (id % 40), 'element-' || (id % 30), 'candidate-' || id, id, 0 FROM contacts"
            )
        )
        session.execute(text("ANALYZE"))
    return desk


@contextmanager
def statements(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT that the session sends."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            seen.append((statement, parameters))

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def plan(session: Session, statement: str, parameters: Any) -> str:
    """How the database would carry the statement out."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    explained = session.connection().exec_driver_sql(
        ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, parameters
    )
    return "\n".join(row[-1] for row in explained)


QUERIES: dict[str, Callable[[Session, Desk, int], object]] = {
    "idx_contact_birth_date": lambda session, desk, _: lists.born_on(session, desk.account_id, [(3, 18)]),
    "idx_contact_status": lambda session, desk, _: pages.contacts_by_status(
        session, desk.account_id, ContactStatus.KNOWN, after_id=2000
    ),
    "idx_contact_created_at": lambda session, desk, _: pages.newest_contacts(
        session, desk.account_id, before=(desk.clock.now() - timedelta(days=2), 48)
    ),
    "idx_interaction_contact_type": lambda session, _, contact: pages.interactions_with(session, contact, KIND),
    "idx_selector_success": lambda session, _desk, _contact: selectors.health(session, "surface-7"),
    "idx_interaction_quota": lambda session, desk, _: session.execute(
        week_of_spending(desk.account_id, KIND, desk.clock.now())
    ).all(),
}


def test_real_queries_go_through_the_indexes_made_for_them(grown: Desk) -> None:
    contact = grown.contact()
    assert_the_named_indexes_are_used(grown, contact)
    assert_a_claim_reads_no_table_from_end_to_end(grown, contact)


def assert_the_named_indexes_are_used(grown: Desk, contact: int) -> None:
    with grown.database.reading() as session:
        for index, query in QUERIES.items():
            with statements(session) as seen:
                query(session, grown, contact)
            assert len(seen) == 1
            found = plan(session, *seen[0])
            assert index in found, found


def assert_a_claim_reads_no_table_from_end_to_end(grown: Desk, contact: int) -> None:
    with grown.database.rehearsing() as session:
        with statements(session) as seen:
            outcome = ledger.claim(session, request(grown.account_id, contact), grown.lease, grown.clock.now())
        assert isinstance(outcome, ledger.Claimed | ledger.Refused)
        plans = [plan(session, *one) for one in seen]
    whole = re.compile(r"SCAN (interactions|contacts)\b(?! USING)|Seq Scan on (interactions|contacts)\b")
    assert not [found for found in plans if whole.search(found)]


def test_pages_follow_each_other_without_gaps(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock)
    ids = [desk.contact(created_at=clock.now() - timedelta(days=number // 2)) for number in range(7)]
    with database.reading() as session:
        first = pages.newest_contacts(session, desk.account_id, limit=3)
        rest = pages.newest_contacts(session, desk.account_id, before=(first[-1].created_at, first[-1].id))
        assert sorted(one.id for one in [*first, *rest]) == ids
        known = pages.contacts_by_status(session, desk.account_id, ContactStatus.CONNECTED, after_id=ids[4])
        assert [one.id for one in known] == ids[5:]
