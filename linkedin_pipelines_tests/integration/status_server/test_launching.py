"""A launch over HTTP: strict, a rehearsal unless told live, once an idempotency key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.crypto import api_keys
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines.status_server.graphql import DagsterWeb
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.status_server.dagster_web import FakeDagster, serving

KEY = {"Idempotency-Key": "morning-2026-03-18"}
PATH = "/api/campaigns/birthday_campaign"


@pytest.fixture
def dagster() -> Iterator[FakeDagster]:
    fake = FakeDagster()
    with serving(fake.answer) as fake.url:
        yield fake


@pytest.fixture
def client(
    settings: Settings, database: Database, clock: ManualClock, dagster: FakeDagster, account: int
) -> Iterator[TestClient]:
    with TestClient(create_app(settings, database, clock, DagsterWeb(dagster.url, 5))) as client:
        client.headers["Authorization"] = f"Bearer {api_keys(settings)[0].decode()}"
        yield client


def test_a_launch_is_a_rehearsal_of_the_accounts_own_day_unless_told_otherwise(
    client: TestClient, dagster: FakeDagster
) -> None:
    answer = client.post(PATH, json={"account": "demo"}, headers=KEY)
    assert answer.status_code == 202
    assert answer.json() == {
        "request_id": 1, "run_id": "run-1", "job": "birthday_campaign", "account": "demo", "list_date": "2026-03-18",
        "live": False, "repeated": False,
    }  # fmt: skip
    (run,) = dagster.runs
    assert run["runConfigData"] == {}
    assert {"key": "dagster/partition", "value": "demo|2026-03-18"} in run["executionMetadata"]["tags"]
    live = client.post(PATH, json={"account": "demo", "live": True}, headers={"Idempotency-Key": "another-one"})
    assert live.status_code == 202
    assert dagster.runs[1]["runConfigData"] == {"ops": {"birthday_messages": {"config": {"live": True}}}}


def test_the_same_key_launches_once(client: TestClient, dagster: FakeDagster) -> None:
    first, second = (client.post(PATH, json={"account": "demo"}, headers=KEY).json() for _ in range(2))
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["run_id"] == second["run_id"]
    other = client.post(PATH, json={"account": "demo", "live": True}, headers=KEY)
    assert other.status_code == 422
    assert "another request" in other.json()["detail"]
    assert len(dagster.runs) == 1


def test_an_answer_that_was_lost_is_looked_for_before_anything_is_launched_again(
    client: TestClient, dagster: FakeDagster
) -> None:
    dagster.lose_answers = 1
    assert client.post(PATH, json={"account": "demo"}, headers=KEY).status_code == 503
    answer = client.post(PATH, json={"account": "demo"}, headers=KEY)
    assert (answer.status_code, answer.json()["run_id"], answer.json()["repeated"]) == (202, "run-1", True)
    assert len(dagster.runs) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"account": "demo", "live": 0},
        {"account": "demo", "live": 1},
        {"account": "demo", "live": "on"},
        {"account": "demo", "live": "true"},
        {"account": "demo", "live": None},
        {"account": "demo", "list_date": 1773792000},
        {"account": "demo", "list_date": "2026-13-01"},
        {"account": "demo", "list_date": "2026-03-20"},
        {"account": "demo", "list_date": "2025-12-31"},
        {"account": "demo", "mode": "live"},
        {"account": 1},
        {},
        [],
        None,
    ],
)
def test_what_is_not_exactly_a_launch_launches_nothing(client: TestClient, dagster: FakeDagster, body: object) -> None:
    assert client.post(PATH, json=body, headers=KEY).status_code == 422
    assert dagster.runs == []


def test_what_does_not_exist_is_not_launched(client: TestClient, dagster: FakeDagster) -> None:
    assert client.post("/api/campaigns/nothing", json={"account": "demo"}, headers=KEY).status_code == 422
    assert client.post(PATH, json={"account": "elsewhere"}, headers=KEY).status_code == 404
    assert client.post(PATH, json={"account": "demo"}).status_code == 422
    assert client.post(f"{PATH}?live=1", json={"account": "demo"}, headers=KEY).status_code == 422
    assert client.post(PATH, json={"account": "demo"}, headers={**KEY, "Authorization": "Bearer no"}).status_code == 401
    assert dagster.runs == []
