"""Real queries go through indexes, on tables as large as years of use make them, with and without statistics."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import selectors
from linkedin_pipelines.db.birthdays import lists
from linkedin_pipelines.db.contacts import pages
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger import spending
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.db.reporting import gauges
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import ContactStatus, InteractionStatus
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.reporting import audits
from linkedin_pipelines.services.reporting.reports import campaign_report, interactions_of
from linkedin_pipelines.services.reporting.status import account_status
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk, request

PEOPLE = 4_000
KIND = InteractionKind.BIRTHDAY_MESSAGE
DAY = date(2026, 3, 18)


@pytest.fixture
def grown(desk: Desk) -> Desk:
    """An account with thousands of people and three wishes to each, beside three small accounts; no statistics yet."""
    now = desk.clock.now()
    for number in range(3):
        Desk(desk.database, desk.clock, slug=f"other-{number}")
    people = [
        {
            "account_id": desk.account_id + max(0, number % 40 - 36),
            "identity_key": f"grown-{number}",
            "profile_slug": f"grown-{number}",
            "full_name": "Anna Arendt",
            "first_name": "Anna",
            "name_key": f"anna {number}",
            "status": ContactStatus.KNOWN if number % 50 == 0 else ContactStatus.CONNECTED,
            "birth_month": number % 12 + 1,
            "birth_day": number % 28 + 1,
            "created_at": now - timedelta(hours=10 * number + 30),
            "updated_at": now,
        }
        for number in range(PEOPLE)
    ]
    with desk.database.writing() as session:
        if desk.database.dialect == "postgresql":  # else statistics come by themselves, sooner or later
            for table in ("interactions", "contacts", "linkedin_selectors", "legacy_rows"):
                session.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
        session.execute(insert(Contact), people)
        session.execute(
            text(
                "INSERT INTO interactions (account_id, contact_id, kind, occasion_key, status, origin, run_id,"
                " lease_token, list_date, body, claimed_at, local_day, settled_at, sent_at, doubt_readings)"
                " SELECT account_id, id, 'birthday_message', year, 'sent', 'campaign', 'run-' || (id % 500) || year, 1,"
                " '2025-03-01', 'Hi', created_at, '2026-03-01', created_at, created_at, 0"
                " FROM contacts CROSS JOIN (SELECT 2024 AS year UNION SELECT 2025 UNION SELECT 2023) AS years"
            )
        )
        session.execute(
            text(
                "INSERT INTO linkedin_selectors (surface, element, candidate, successes, failures)"
                " SELECT 'surface-' || (id % 40), 'element-' || (id % 30), 'candidate-' || id, id, 0 FROM contacts"
            )
        )
    return desk


@contextmanager
def statements(_about: object = None) -> Iterator[list[tuple[str, Any]]]:
    """Every statement sent meanwhile, whoever sends it."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan(session: Session, statement: str, parameters: Any) -> str:
    """How the database would carry the statement out."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    explained = session.connection().exec_driver_sql(
        ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, parameters
    )
    return "\n".join(row[-1] for row in explained)


def work(session: Session, statement: str, parameters: Any) -> float:
    """How much the database does for it: steps of SQLite's machine, rows that Postgres looks at."""
    connection = session.connection()
    if session.get_bind().dialect.name == "postgresql":
        explained = connection.exec_driver_sql("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, parameters).scalar_one()
        return sum(map(_rows_looked_at, explained if isinstance(explained, list) else json.loads(explained)))
    hundreds = 0

    def count() -> None:
        nonlocal hundreds
        hundreds += 1

    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(count, 100)
    try:
        raw.execute(statement, parameters).fetchall()
    finally:
        raw.set_progress_handler(None, 0)
    return hundreds * 100


def _rows_looked_at(node: dict[str, Any]) -> float:
    below = node.get("Plans", []) + ([node["Plan"]] if "Plan" in node else [])
    own = 0.0
    if "Scan" in node.get("Node Type", ""):
        dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        own = (node["Actual Rows"] + dropped) * node["Actual Loops"]
    return own + sum(map(_rows_looked_at, below))


NAMED: dict[str, Callable[[Session, Desk, int], object]] = {
    "idx_contact_birth_date": lambda session, desk, _: lists.born_on(session, desk.account_id, [(3, 18)]),
    "idx_contact_status": lambda session, desk, _: pages.contacts_by_status(
        session, desk.account_id, ContactStatus.KNOWN, after_id=2000
    ),
    "idx_contact_created_at": lambda session, desk, _: pages.newest_contacts(
        session, desk.account_id, before=(desk.clock.now() - timedelta(days=20), 48)
    ),
    "idx_interaction_contact_type": lambda session, _, contact: pages.interactions_with(session, contact, KIND),
    "idx_selector_success": lambda session, _desk, _contact: selectors.health(session, "surface-7"),
    "idx_interaction_quota": lambda session, desk, _: spending.used_in_week(
        session, desk.account_id, KIND, desk.clock.now()
    ),
}


def claim(desk: Desk, contact: int) -> None:
    with desk.database.rehearsing() as session:
        outcome = ledger.claim(session, request(desk.account_id, contact, run_id="new"), desk.lease, desk.clock.now())
        assert isinstance(outcome, ledger.Claimed), outcome


def whole_attempt(desk: Desk, contact: int) -> None:
    now = desk.clock.now()
    wish = request(desk.account_id, contact, run_id="new")
    with desk.database.rehearsing() as session:
        claimed = ledger.claim(session, wish, desk.lease, now)
        assert isinstance(claimed, ledger.Claimed)
        assert ledger.against_click(session, wish, desk.lease, now) is None
        ledger.mark_clicked(session, claimed.interaction_id, desk.lease, now)
        ledger.settle(session, claimed.interaction_id, desk.lease, now, InteractionStatus.SENT)


def left_behind(desk: Desk, _contact: int) -> None:
    now = desk.clock.now()
    with desk.database.rehearsing() as session:
        ledger.hold_if_clock_was_set_back(session, desk.account_id, now)
        ledger.adopt_stranded(session, desk.lease, now)
        assert ledger.unsettled(session, desk.account_id) == []
        ledger.last_activity(session, desk.account_id)
        ledger.put_settle_first(session, desk.account_id, now, "a test")
        ledger.end_settle_first(session, desk.lease, now)


def later_audits(desk: Desk, _contact: int) -> None:
    audits.audit_ledger(desk.database, desk.clock, "demo")


def audits_of_a_day(desk: Desk, _contact: int) -> None:
    assert audits.old_doubts(desk.database, desk.clock, "demo") == []
    audits.audit_quotas(desk.database, desk.clock, "demo")
    audits.invalid_payloads(desk.database, "demo", DAY)
    audits.opted_out_recipients(desk.database, "demo", DAY)
    interactions_of(desk.database, "demo", list_date=DAY)
    campaign_report(desk.database, desk.clock, "demo", DAY)


def status(desk: Desk, _contact: int) -> None:
    account_status(desk.database, desk.clock, "demo")
    with desk.database.reading() as session:
        gauges.unsettled(session, desk.account_id)
        gauges.unsent(session, desk.account_id, DAY)


@dataclass(frozen=True)
class Use:
    """Something that people or runs do, and how much of it may be asked of the ledger."""

    do: Callable[[Desk, int], None]
    steps: float
    """Of SQLite's machine in one statement; the ledger's 12,000 rows would take five and more each."""
    rows: float
    """That Postgres looks at in one statement."""


USES = {
    "claim": Use(claim, 15_000, 700),
    "attempt": Use(whole_attempt, 15_000, 700),
    "left behind": Use(left_behind, 15_000, 700),
    "list": Use(lambda desk, _: _list(desk), 30_000, 2_500),
    "audits of a day": Use(audits_of_a_day, 30_000, 2_000),
    "status": Use(status, 15_000, 700),
    "later audits": Use(later_audits, 60_000, 4_000),
}


def _list(desk: Desk) -> None:
    build_list(desk.database, desk.clock, "demo", DAY, "new")


def test_nothing_reads_the_ledger_from_end_to_end(grown: Desk) -> None:
    contact = grown.contact()
    audits.audit_ledger(grown.database, grown.clock, "demo")  # the first one looks at all of it
    problems: list[str] = []
    for statistics in (False, True):
        if statistics:
            with grown.database.writing() as session:
                session.execute(text("ANALYZE"))
            grown.database.dispose()  # SQLite reads its statistics when it opens the file
        for name, use in USES.items():
            with statements() as seen:
                use.do(grown, contact)
            where = f"{name}, {'with' if statistics else 'without'} statistics"
            problems += [f"{where}: {problem}" for problem in whole_readings(grown, use, seen)]
    assert not problems, "\n\n".join(problems)
    assert_the_named_indexes_are_used(grown, contact)


def whole_readings(grown: Desk, use: Use, seen: list[tuple[str, Any]]) -> Iterator[str]:
    """Statements about the ledger that scan it, or that do more than what they are for needs."""
    sqlite = grown.database.dialect == "sqlite"
    whole = re.compile(r"SCAN (interactions|occupant|other)\b|Seq Scan on (interactions|contacts)\b")
    about = [one for one in seen if re.search(r"\binteractions\b", one[0]) and not one[0].startswith("INSERT")]
    assert about
    for statement, parameters in about:
        with grown.database.rehearsing() as session:
            found = plan(session, statement, parameters)
            done = work(session, statement, parameters)
        if whole.search(found) or done > (use.steps if sqlite else use.rows):
            yield f"{done:.0f} for {statement}\n{found}"


def assert_the_named_indexes_are_used(grown: Desk, contact: int) -> None:
    with grown.database.reading() as session:
        for index, query in NAMED.items():
            with statements() as seen:
                query(session, grown, contact)
            assert len(seen) == 1
            found = plan(session, *seen[0])
            assert index in found, found


def test_a_claim_takes_few_statements(desk: Desk) -> None:
    contact = desk.contact()
    with statements() as seen:
        claim(desk, contact)
    assert len(seen) <= 6, seen
    with desk.database.writing() as session, statements() as seen:
        wish = ledger.claim(session, request(desk.account_id, contact), desk.lease, desk.clock.now())
        assert isinstance(wish, ledger.Claimed)
        ledger.mark_clicked(session, wish.interaction_id, desk.lease, desk.clock.now())
        ledger.settle(session, wish.interaction_id, desk.lease, desk.clock.now(), InteractionStatus.SENT)
    assert len(seen) <= 12, seen


def test_no_parameter_makes_sqlite_plan_anew_with_each_execution(desk: Desk) -> None:
    with statements() as seen:
        whole_attempt(desk, desk.contact())
    beside_partial_indexes = re.compile(r"\b(status|origin) (=|IN) \(?[?%]")
    assert not [statement for statement, _ in seen if beside_partial_indexes.search(statement)]


def test_pages_follow_each_other_without_gaps(database: Database, clock: ManualClock) -> None:
    desk = Desk(database, clock)
    ids = [desk.contact(created_at=clock.now() - timedelta(days=number // 2)) for number in range(7)]
    with database.reading() as session:
        first = pages.newest_contacts(session, desk.account_id, limit=3)
        rest = pages.newest_contacts(session, desk.account_id, before=(first[-1].created_at, first[-1].id))
        assert sorted(one.id for one in [*first, *rest]) == ids
        known = pages.contacts_by_status(session, desk.account_id, ContactStatus.CONNECTED, after_id=ids[4])
        assert [one.id for one in known] == ids[5:]
