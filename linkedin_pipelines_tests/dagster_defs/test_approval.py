"""Who said yes: a member who could look at the list, or an account that asked for no such yes."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest
from sqlalchemy import select

from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import latest_approval
from linkedin_pipelines_tests.builders import a_contact
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, outcomes

SENDING = ("birthday_messages", "interactions", "campaign_report")


def approved_by(stage: Stage) -> str | None:
    approval = latest_approval(stage.database, "demo", TODAY)
    return approval.approved_by if approval else None


@pytest.fixture
def manual(stage: Stage) -> Stage:
    a_contact(stage.database, stage.account(approval="manual"), "ada-byron")
    return stage


def test_a_run_that_builds_the_list_does_not_approve_it(manual: Stage) -> None:
    result = manual.run(live=True)
    assert result.success
    assert approved_by(manual) is None
    ended = outcomes(result)
    assert ended["approved_messages"] == "success"
    assert {ended[step] for step in ended if step.split(".")[0] in SENDING} == {"skipped"}
    assert manual.site.deliveries == []


def test_the_run_says_that_the_list_waits(manual: Stage) -> None:
    result = manual.run(live=True)
    [seen] = [event.asset_observation_data.asset_observation for event in result.get_asset_observation_events()]
    assert seen.asset_key == dg.AssetKey("approved_messages")
    assert seen.partition == "demo|2026-03-18"
    assert "waits for its approval" in (seen.description or "")


def test_materializing_it_alone_is_the_members_yes(manual: Stage) -> None:
    manual.run("birthday_list")
    assert manual.run("approved_messages").success
    assert approved_by(manual) == "member"
    assert manual.run(*SENDING, live=True).success
    assert len(manual.site.deliveries) == 1


def test_a_yes_with_the_sending_behind_it_is_one_too(manual: Stage) -> None:
    manual.run("birthday_list")
    assert manual.run("approved_messages", *SENDING, live=True).success
    assert len(manual.site.deliveries) == 1


@pytest.mark.parametrize("tag", ["dagster/schedule_name", "dagster/sensor_name"])
def test_no_yes_comes_from_a_run_that_nobody_started(manual: Stage, tag: str) -> None:
    manual.run("birthday_list")
    manual.run("approved_messages", tags={tag: "whatever"})
    assert approved_by(manual) is None


def test_a_yes_needs_a_list(manual: Stage) -> None:
    result = manual.run("approved_messages")
    assert not result.success
    failure = result.failure_data_for_node("approved_messages")
    assert failure is not None
    assert "materialize birthday_list first" in failure.error.to_string()


def test_a_yes_stands_while_the_list_comes_out_the_same(manual: Stage) -> None:
    manual.run("birthday_list")
    manual.run("approved_messages")
    assert manual.run(live=True).success
    assert len(manual.site.deliveries) == 1
    assert approved_by(manual) == "member"


def test_a_changed_list_needs_another_yes(manual: Stage) -> None:
    manual.run("birthday_list")
    manual.run("approved_messages")
    a_contact(manual.database, get_account(manual.database, "demo").id, "grace-hopper")
    manual.run("birthday_list")
    result = manual.run(*SENDING, live=True)
    assert not result.success
    assert manual.site.deliveries == []
    failure = result.failure_data_for_node("birthday_messages.plan_wishes")
    assert failure is not None
    assert "is not the one approved" in failure.error.to_string()


def test_an_automatic_account_approves_as_part_of_the_run(stage: Stage) -> None:
    a_contact(stage.database, stage.account(), "ada-byron")
    stage.run()
    assert approved_by(stage) == "schedule"


def test_a_list_for_somebody_who_asked_to_stop_cannot_be_approved(manual: Stage) -> None:
    manual.run("birthday_list")
    with manual.database.writing() as session:
        contact = session.scalars(select(Contact)).one()
        contact.do_not_contact_since = datetime(2026, 3, 18, tzinfo=UTC)
        contact.do_not_contact_reason = "asked by phone"
    result = manual.run("approved_messages", *SENDING, live=True)
    assert not result.success
    assert manual.site.deliveries == []
