"""Payloads are checked on the way in, and one that is over-long never makes an account unreadable."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from linkedin_pipelines.db.models import Account, Interaction
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.services.accounts.registry import account_changes, apply_accounts, get_account, list_accounts
from linkedin_pipelines_tests.builders import account_config, an_account

TOO_LONG = Evidence(recipient="jane").model_copy(update={"recipient": "u" * 900, "event_text": "x" * 9000})


@pytest.mark.parametrize("given", [TOO_LONG, Evidence.model_construct(recipient="u" * 900)])
def test_an_over_long_value_from_a_page_is_clipped_on_the_way_in(database, given):
    with database.reading() as session:
        column: Any = Interaction.__table__.c.evidence.type
        stored = column.process_bind_param(given, session.get_bind().dialect)
    assert len(stored["recipient"]) == 400


def test_an_account_stored_above_a_lowered_ceiling_stays_readable_and_is_mended_by_apply(database, clock):
    an_account(database, "demo")
    with database.writing() as session:
        old = "REPLACE(CAST(config AS TEXT), '\"max_days\": 7', '\"max_days\": 70')"
        cast = old if database.dialect == "sqlite" else f"CAST({old} AS JSON)"
        session.execute(text(f"UPDATE accounts SET config = {cast}"))
    [account] = list_accounts(database)
    assert account.config.late.max_days == 14
    assert "max_days is stored as 70" in account.config.lowered[0]
    edited = account_config("demo", late={"max_days": 14})
    assert apply_accounts(database, clock, [edited], "cli:ana").changed == ("demo",)
    assert get_account(database, "demo").config.lowered == ()
    assert account_changes(database, "demo")[-1].field == "ceilings"
    with database.reading() as session:
        assert session.query(Account).one().config == edited
