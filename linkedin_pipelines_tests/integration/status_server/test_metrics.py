"""What a scrape tells, and what moves it."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.services.reporting.metrics import collect
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server import metrics as server_metrics
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk

NAMED = {
    "linkedin_birthday_messages_sent_total",
    "linkedin_api_request_duration_seconds_count",
    "linkedin_rate_limit_remaining",
    "linkedin_errors_total",
    "linkedin_send_duration_seconds_bucket",
}


@pytest.fixture(autouse=True)
def uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_metrics, "CACHE_SECONDS", -1.0)


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)


def scrape(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(samples: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_every_outcome_moves_its_own_number(client: TestClient, desk: Desk, clock: ManualClock) -> None:
    sent = {"account": "demo", "status": "sent"}
    assert value(scrape(client), "linkedin_birthday_messages_sent_total", **sent) == 0
    first = desk.claimed()
    desk.click(first)
    clock.advance(seconds=25)
    desk.keep()
    with pytest.raises(Exception, match="under way"):
        desk.settle(first, InteractionStatus.SENT)
    desk.adopt()
    doubtful = scrape(client)
    assert value(doubtful, "linkedin_birthday_messages_sent_total", account="demo", status="in_doubt") == 1
    assert value(doubtful, "linkedin_interactions_in_doubt", account="demo", kind="birthday_message") == 1
    assert value(doubtful, "linkedin_oldest_in_doubt_age_seconds", account="demo") == 25
    desk.settle(first, InteractionStatus.SENT)
    assert desk.settle(first, InteractionStatus.SENT) is False
    second = desk.claimed()
    desk.settle(second, InteractionStatus.FAILED, Reason.WRONG_PERSON)
    after = scrape(client)
    assert value(after, "linkedin_birthday_messages_sent_total", **sent) == 1
    assert value(after, "linkedin_birthday_messages_sent_total", account="demo", status="failed") == 1
    assert value(after, "linkedin_interactions_in_doubt", account="demo", kind="birthday_message") == 0
    assert value(after, "linkedin_errors_total", account="demo", type="wrong_person", service="birthday_message") == 1
    remaining = {"account": "demo", "kind": "birthday_message", "period": "day"}
    assert value(after, "linkedin_rate_limit_remaining", **remaining) == 14
    assert value(after, "linkedin_send_duration_seconds_count", account="demo", kind="birthday_message") == 1
    assert value(after, "linkedin_send_duration_seconds_sum", account="demo", kind="birthday_message") == 25
    bucket = {"account": "demo", "kind": "birthday_message"}
    assert value(after, "linkedin_send_duration_seconds_bucket", le="20", **bucket) == 0
    assert value(after, "linkedin_send_duration_seconds_bucket", le="30", **bucket) == 1


def test_a_restart_and_a_second_process_change_no_counter(
    client: TestClient, desk: Desk, settings: Settings, database: Database, clock: ManualClock
) -> None:
    desk.send()
    mine = {key: one for key, one in scrape(client).items() if key[0].startswith("linkedin_birthday_messages")}
    second = Database(database.url)
    with TestClient(create_app(settings, second, clock)) as other:
        assert {
            key: one for key, one in scrape(other).items() if key[0].startswith("linkedin_birthday_messages")
        } == mine
    second.dispose()


COUNTING = """
import sys
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger.counters import record_page_times
with Database(sys.argv[1]).writing() as session:
    record_page_times(session, "demo", [("feed", 1.5)])
    print("counted", flush=True)
    sys.stdin.readline()
"""


def test_processes_that_end_well_count_together_and_one_that_is_killed_counts_nothing(
    client: TestClient, desk: Desk
) -> None:
    def process() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", COUNTING, desk.database.url]
        started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert started.stdout is not None
        assert started.stdout.readline() == "counted\n"
        return started

    for _ in range(2):
        process().communicate("commit\n", timeout=60)
    killed = process()
    killed.kill()
    killed.communicate(timeout=60)
    page = {"account": "demo", "page": "feed"}
    after = scrape(client)
    assert value(after, "linkedin_page_duration_seconds_count", **page) == 2
    assert value(after, "linkedin_page_duration_seconds_sum", **page) == 3
    assert value(after, "linkedin_page_duration_seconds_bucket", le="2", **page) == 2


def test_a_transaction_that_is_rolled_back_counts_nothing(client: TestClient, desk: Desk) -> None:
    before = scrape(client)
    wish = desk.claimed()
    desk.click(wish)
    with desk.database.rehearsing() as session:
        ledger.settle(session, wish, desk.lease, desk.clock.now(), InteractionStatus.SENT)
    sent = {"account": "demo", "status": "sent"}
    name = "linkedin_birthday_messages_sent_total"
    assert value(scrape(client), name, **sent) == value(before, name, **sent)


def test_names_follow_the_rules_and_no_label_names_a_person(client: TestClient, desk: Desk) -> None:
    a_contact(desk.database, desk.account_id, "zelda-zuse")
    desk.send()
    desk.settle(desk.claimed(), InteractionStatus.FAILED, Reason.WRONG_PERSON)
    client.get("/health")
    answer = client.get("/metrics").text
    families = list(text_string_to_metric_families(answer))
    own = [family for family in families if family.name.startswith("linkedin_")]
    assert len(own) >= 25
    for family in own:
        assert re.fullmatch(r"linkedin_[a-z_]+", family.name)
        assert family.documentation
        if family.type == "gauge":
            assert not family.name.endswith(("_total", "_count", "_sum", "_bucket"))
    assert {sample.name for family in own for sample in family.samples} >= NAMED
    assert "elda" not in answer
    assert "use" not in {sample for family in own for one in family.samples for sample in one.labels.values()}


def test_without_the_database_the_last_state_is_served_with_its_age(settings: Settings, clock: ManualClock) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/away")
    with TestClient(create_app(settings, away, clock)) as client:
        samples = scrape(client)
    assert value(samples, "linkedin_scrape_failures_total") == 1
    assert not [name for name, _ in samples if name == "linkedin_account_live"]


def grow(database: Database, rows: int) -> None:
    """Fill the ledger with sent wishes of past years, as a restored archive of a busy installation would."""
    account = an_account(database)
    people = rows // 100
    with database.writing() as session:
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)"
                " INSERT INTO contacts (account_id, identity_key, profile_slug, full_name, first_name, name_key,"
                " status, birthday_disputed, created_at, updated_at)"
                " SELECT :account, 'p' || i, 'p' || i, 'P', 'P', 'p', 'connected', 0, '2020-01-01', '2020-01-01' FROM n"
            ),
            {"people": people, "account": account},
        )
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                " INSERT INTO interactions (account_id, contact_id, kind, occasion_key, occurrence_year, status,"
                " origin, run_id, lease_token, body, claimed_at, local_day, settled_at, sent_at, doubt_readings)"
                " SELECT account_id, id, 'birthday_message', CAST(1990 + i AS TEXT), 1990 + i, 'sent', 'campaign',"
                " 'r', 1, 'Hi',"
                " '2020-01-01 00:00:00', '2020-01-01', '2020-01-01 00:00:00', '2020-01-01 00:00:00', 0"
                " FROM contacts CROSS JOIN n"
            )
        )
        session.execute(text("ANALYZE"))


def test_a_scrape_costs_the_same_however_long_the_ledger_is(
    sqlite: Database, settings: Settings, clock: ManualClock
) -> None:
    """Counted in steps of SQLite's machine, which no busy processor changes."""

    def steps() -> int:
        used = [0]

        def count() -> int:
            used[0] += 100
            return 0

        def watch(connection, *_: object) -> None:
            connection.set_progress_handler(count, 100)

        event.listen(sqlite._engine, "checkout", watch)
        collect(sqlite, settings, clock)
        event.remove(sqlite._engine, "checkout", watch)
        return used[0]

    grow(sqlite, 1_000)
    few = steps()
    with sqlite.writing() as session:
        session.execute(text("DELETE FROM interactions"))
        session.execute(text("DELETE FROM contacts"))
        session.execute(text("DELETE FROM accounts"))
    grow(sqlite, 20_000)
    assert steps() < few + 20_000 // 100 * 30  # contacts are counted through an index, interactions not at all


@pytest.mark.long
def test_a_million_interactions_are_scraped(sqlite: Database, settings: Settings, clock: ManualClock) -> None:
    grow(sqlite, 1_000)
    collect(sqlite, settings, clock)
    begun = time.perf_counter()
    collect(sqlite, settings, clock)
    few = time.perf_counter() - begun
    with sqlite.writing() as session:
        session.execute(text("DELETE FROM interactions"))
        session.execute(text("DELETE FROM contacts"))
        session.execute(text("DELETE FROM accounts"))
    grow(sqlite, 1_000_000)
    collect(sqlite, settings, clock)
    begun = time.perf_counter()
    collect(sqlite, settings, clock)
    many = time.perf_counter() - begun
    sys.stdout.write(f"scrape: {few * 1000:.0f} ms with 1,000 interactions, {many * 1000:.0f} with 1,000,000\n")
    assert many < 10 * max(few, 0.1)
