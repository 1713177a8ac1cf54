"""Who may read."""

from __future__ import annotations

import stat

import pytest
from fastapi.testclient import TestClient

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.services.accounts.crypto import api_keys
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.doubles import ManualClock


@pytest.fixture
def open_client(settings: Settings, sqlite: Database, clock: ManualClock) -> TestClient:
    return TestClient(create_app(settings, sqlite, clock))


def bearing(key: bytes | str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.decode() if isinstance(key, bytes) else key}"}


def test_the_key_is_made_for_its_owner_alone(open_client: TestClient, settings: Settings) -> None:
    assert stat.S_IMODE(settings.api_key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.status_key_file.stat().st_mode) == 0o600
    assert open_client.get("/api/contacts", headers=bearing(api_keys(settings)[0])).status_code == 200


@pytest.mark.parametrize(
    "path", ["contacts", "birthdays", "lists", "interactions", "campaigns", "lists/demo/2026-03-18"]
)
def test_nothing_is_read_without_a_key(open_client: TestClient, path: str) -> None:
    answer = open_client.get(f"/api/{path}")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_two_keys_are_valid_while_one_is_replaced_without_a_restart(
    open_client: TestClient, settings: Settings
) -> None:
    old, new = api_keys(settings)[0], b"n" * 40
    settings.api_key_file.write_bytes(old + b"\n" + new + b"\n")
    for key in (old, new):
        assert open_client.get("/api/contacts", headers=bearing(key)).status_code == 200
    settings.api_key_file.write_bytes(new)
    assert open_client.get("/api/contacts", headers=bearing(old)).status_code == 401


def test_wrong_keys_are_held_up_and_the_right_one_is_not(
    open_client: TestClient, settings: Settings, clock: ManualClock
) -> None:
    for _ in range(10):
        assert open_client.get("/api/contacts", headers=bearing("wrong" * 10)).status_code == 401
    held = open_client.get("/api/contacts", headers=bearing("wrong" * 10))
    assert held.status_code == 429
    assert 1 <= int(held.headers["retry-after"]) <= 61
    assert open_client.get("/api/contacts", headers=bearing(api_keys(settings)[0])).status_code == 200
    clock.advance(seconds=61)
    assert open_client.get("/api/contacts", headers=bearing("wrong" * 10)).status_code == 401


def test_a_key_file_that_others_can_read_opens_nothing(open_client: TestClient, settings: Settings) -> None:
    key = api_keys(settings)[0]
    settings.api_key_file.chmod(0o644)
    assert open_client.get("/api/contacts", headers=bearing(key)).status_code == 503
    with pytest.raises(ConfigurationError, match="chmod 600"):
        api_keys(settings)
