"""Checks find what they are for, and blocking ones keep the messages from going out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from linkedin_pipelines.db.models import Contact, Interaction, ListEntry
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    """A campaign that went well."""
    contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper"])
    assert stage.run(live=True).success
    return stage


def failed(stage: Stage, *assets: str) -> set[str]:
    evaluations = stage.run(*assets).get_asset_check_evaluations()
    return {evaluation.check_name for evaluation in evaluations if not evaluation.passed}


def test_a_quota_that_was_passed_is_found(sent: Stage) -> None:
    with sent.database.writing() as session:
        row = session.query(Interaction).first()
        assert row is not None
        facts = {c.key: getattr(row, c.key) for c in Interaction.__table__.columns if c.key != "id"}
        for year in range(1990, 2005):
            session.add(Interaction(**facts | {"occurrence_year": year, "occasion_key": str(year)}))
    assert failed(sent, "interactions") == {"quota_kept"}


def test_a_doubt_older_than_a_day_is_found(sent: Stage) -> None:
    with sent.database.writing() as session:
        session.execute(
            update(Interaction).values(status="in_doubt", reason="click_unproven", sent_at=None, explanation="?")
        )
    sent.clock.advance(hours=25)
    assert failed(sent, "interactions") == {"no_old_doubts"}


def test_a_text_with_an_unfilled_field_is_not_sent(stage: Stage) -> None:
    contacts(stage.database, stage.account(approval="manual"), ["ada-byron"])
    stage.run("birthday_list")
    stage.run("approved_messages")
    with stage.database.writing() as session:
        session.execute(update(ListEntry).values(body="Happy birthday, {first_name}!"))
    result = stage.run("birthday_messages", live=True)
    failure = result.failure_data_for_node("birthday_messages.plan_wishes")
    assert failure is not None
    assert "unfilled field" in failure.error.to_string()
    assert stage.site.deliveries == []


def test_a_mark_set_after_the_list_was_built_stops_the_sending(stage: Stage) -> None:
    contacts(stage.database, stage.account(approval="manual"), ["ada-byron", "grace-hopper"])
    stage.run("birthday_list")
    with stage.database.writing() as session:
        since = datetime(2026, 3, 18, tzinfo=UTC) - timedelta(days=1)
        session.execute(update(Contact).values(do_not_contact_since=since, do_not_contact_reason="asked by phone"))
    result = stage.run("approved_messages", "birthday_messages", live=True)
    assert not result.success
    assert [e.check_name for e in result.get_asset_check_evaluations() if not e.passed] == ["approval_may_be_used"]
    assert stage.site.deliveries == []
