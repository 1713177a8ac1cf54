"""Alive, and ready: each part by name, with its own time limit."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.reporting.readiness import Part, Readiness
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines.status_server.graphql import DagsterWeb
from linkedin_pipelines_tests.doubles import ManualClock


def test_health_touches_nothing(settings: Settings, clock: ManualClock) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/away")
    with TestClient(create_app(settings, away, clock)) as client:
        assert client.get("/health").json() == {"status": "healthy", "timestamp": "2026-03-18T09:00:00+00:00"}
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert "127.0.0.1:1 cannot be used" in answer.json()["database"]
    assert answer.json()["disk"] == "ok"


def test_ready_names_each_part(client: TestClient, clock: ManualClock, database: Database) -> None:
    if database.dialect == "postgresql":
        clock.set(datetime.now(UTC))
    answer = client.get("/ready")
    assert answer.json()["database"] == "ok"
    assert answer.json()["clock"] == "ok"
    assert set(answer.json()) == {"status", "database", "disk", "browser", "clock", "protections", "timestamp"}
    assert answer.json()["protections"]["rehearsal"] == "on"


def test_a_clock_that_is_off_is_told(settings: Settings, postgres: Database, clock: ManualClock) -> None:
    with TestClient(create_app(settings, postgres, clock)) as client:
        assert "clock is " in client.get("/ready").json()["clock"]


def test_a_web_server_that_is_away_is_told_apart_from_the_rest(
    settings: Settings, sqlite: Database, clock: ManualClock
) -> None:
    with TestClient(create_app(settings, sqlite, clock, DagsterWeb("http://127.0.0.1:9"))) as client:
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert "http://127.0.0.1:9 does not answer" in answer.json()["daemon"]
    assert "http://127.0.0.1:9 does not answer" in answer.json()["code_location"]


def test_a_part_that_hangs_is_told_in_time_and_not_asked_again() -> None:
    asked, go_on = [], threading.Event()

    def hang() -> None:
        asked.append(1)
        go_on.wait(60)

    readiness = Readiness({"slow": Part(hang, 0.05), "quick": Part(lambda: None, 5)})
    try:
        for _ in range(3):
            assert readiness.examine() == {"slow": "no answer within 0.05 seconds", "quick": "ok"}
        assert asked == [1]
    finally:
        go_on.set()
        readiness.close()


def test_every_answer_is_kept_by_no_cache(client: TestClient) -> None:
    for path in ("/health", "/openapi.json", "/metrics", "/api/contacts", "/nowhere"):
        assert client.get(path).headers["cache-control"] == "no-store", path
