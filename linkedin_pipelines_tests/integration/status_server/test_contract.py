"""The API does what its OpenAPI document says, whatever it is sent."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.crypto import api_keys
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.status_server.listening import listening

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""For each operation."""


def play(url: str, operation: Any, key: str | None, told: dict[int, int]) -> None:
    """Send the operation generated requests, and hold each answer against the document."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def once(case: schemathesis.Case[Any]) -> None:
        # Not `case.call`: it needs urllib3's own pools, and the calendar library's successor of urllib3 has others.
        headers = {"Authorization": f"Bearer {key}"} if key else {"Authorization": "Bearer none"}
        answer = requests.request(**case.as_transport_kwargs(base_url=url, headers=headers), timeout=60)
        told[answer.status_code] = told.get(answer.status_code, 0) + 1
        if key is None and operation.path.startswith("/api/"):
            assert answer.status_code in {401, 429}, (operation.path, answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    once()


@pytest.mark.parametrize("keyed", [True, False], ids=["with a key", "without a key"])
def test_no_input_makes_a_server_error_or_reads_without_a_key(
    settings_of: tuple[Settings, Database], clock: ManualClock, keyed: bool
) -> None:
    home, database = settings_of
    app = create_app(home, database, clock)
    key = api_keys(home)[0].decode()
    with listening(app) as url:
        schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
        told: dict[int, int] = {}
        for result in schema.get_all_operations():
            operation = result.ok()
            play(url, operation, key if keyed else None, told)
    told_of = dict(sorted(told.items()))
    sys.stdout.write(f"schemathesis, {'with' if keyed else 'without'} a key: {told_of}\n")
    assert 500 not in told


@pytest.fixture
def settings_of(settings: Settings, sqlite: Database) -> tuple[Settings, Database]:
    account = an_account(sqlite)
    a_contact(sqlite, account, "anna-arendt")
    return settings, sqlite
