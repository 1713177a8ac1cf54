"""Audits look at what came since the ledger was last whole, and lose nothing by it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.ledger import audits as rows
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.reporting.audits import LedgerAudit, audit_ledger
from linkedin_pipelines_tests.integration.ledger.conftest import Desk

WHOLE = LedgerAudit(doubled=[], orphans=[])


@pytest.fixture
def long_ago(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> int:
    """A wish of an account whose ledger was found whole after it; none of it is looked at twice for good measure."""
    monkeypatch.setattr(rows, "OVERLAP", 0)
    contact = desk.contact()
    desk.send(contact)
    assert audit(desk) == WHOLE
    return contact


def audit(desk: Desk) -> LedgerAudit:
    return audit_ledger(desk.database, desk.clock, "demo")


def execute(desk: Desk, *statements: str) -> None:
    """Change the database from outside, as somebody with a shell would."""
    with desk.database.writing() as session:
        for statement in statements:
            session.execute(text(statement))


def double(desk: Desk, contact: int) -> None:
    """The wish once more, in a database that has lost its constraint."""
    second = desk.claimed(contact, occasion_key="2027", occurrence_year=2027)
    desk.click(second)
    desk.settle(second, InteractionStatus.SENT)
    execute(
        desk,
        "DROP INDEX uq_interaction_occasion",
        f"UPDATE interactions SET occasion_key = '2026' WHERE id = {second}",
    )


def test_a_wish_doubled_since_is_found_again_until_it_is_mended(desk: Desk, long_ago: int) -> None:
    double(desk, long_ago)
    for _ in range(2):
        assert audit(desk).doubled == [(long_ago, "birthday_message", "2026")]
    execute(desk, "DELETE FROM interactions WHERE occurrence_year = 2027")
    assert audit(desk) == WHOLE


def test_what_is_older_is_looked_at_again_after_a_month_or_a_restore(desk: Desk, long_ago: int) -> None:
    double(desk, long_ago)
    execute(desk, "UPDATE accounts SET audited_interaction_id = 1000000")
    assert audit(desk) == WHOLE
    desk.clock.advance(days=31)
    assert audit(desk).doubled
    execute(desk, "UPDATE accounts SET audited_interaction_id = 1000000")
    desk.clock.advance(days=-31)
    assert audit(desk) == WHOLE
    with desk.database.writing() as session:
        ledger.put_settle_first(session, desk.account_id, desk.clock.now(), "a backup was restored")
    assert audit(desk).doubled


def test_a_row_whose_contact_is_another_accounts_is_found(desk: Desk, long_ago: int) -> None:
    other = Desk(desk.database, desk.clock, slug="other")
    theirs = other.contact()
    newest = desk.send()
    if desk.database.dialect == "postgresql":
        execute(desk, "ALTER TABLE interactions DROP CONSTRAINT fk_interactions_account_id_contact_id_contacts")
        execute(desk, f"UPDATE interactions SET contact_id = {theirs} WHERE id = {newest}")
    else:
        with desk.database.writing() as session:
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
            session.execute(text(f"UPDATE interactions SET contact_id = {theirs} WHERE id = {newest}"))
            found = rows.orphans(session, desk.account_id, newest - 1)
            assert (found, rows.orphans(session, desk.account_id, newest)) == ([newest], [])
            session.rollback()
        return
    assert audit(desk).orphans == [newest]
