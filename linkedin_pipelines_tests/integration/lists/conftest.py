"""What the tests of lists share."""

from __future__ import annotations

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines_tests.builders import an_account


@pytest.fixture
def account(database: Database) -> int:
    return an_account(database)
