"""The status server over a database of each kind, without a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.crypto import api_keys
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock


@pytest.fixture
def account(database: Database) -> int:
    return an_account(database)


@pytest.fixture
def client(settings: Settings, database: Database, clock: ManualClock) -> Iterator[TestClient]:
    """A client that bears the key."""
    with TestClient(create_app(settings, database, clock), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {api_keys(settings)[0].decode()}"
        yield client
