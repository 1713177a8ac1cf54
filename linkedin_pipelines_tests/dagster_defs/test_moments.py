"""Congratulations as a run: a list, its approval, a step a person, the ledger and the report; nothing by default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.moments import Moment, MomentKind
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.services.accounts.registry import resume
from linkedin_pipelines_tests.builders import a_contact
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, metadata_of, outcomes, rows_of

JOB = "moments_campaign"
MOMENTS = {"congratulate": ["new_job", "work_anniversary"]}


@pytest.fixture(scope="module")
def stored_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance:
        yield instance


@pytest.fixture
def instance(stored_instance: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
    """One that is stored: a schedule's look is given it by reference."""
    yield stored_instance
    stored_instance.wipe()
    for account in stored_instance.get_dynamic_partitions("account"):
        stored_instance.delete_dynamic_partition("account", account)


@pytest.fixture
def told(stage: Stage) -> Stage:
    stage.site.moment_cards = [
        Moment("ada-1", "Ada One", MomentKind.NEW_JOB, TODAY, "Head of Data"),
        Moment("bob-2", "Bob Two", MomentKind.WORK_ANNIVERSARY, TODAY),
    ]
    return stage


def furnish(stage: Stage, **fields: Any) -> None:
    account = stage.account("demo", **({"moments": MOMENTS} | fields))
    for slug in ("ada-1", "bob-2"):
        a_contact(stage.database, account, slug, birth_month=9, birth_day=9)


def test_a_step_a_person_and_the_ledger_says_what_the_site_says(told: Stage) -> None:
    furnish(told)
    rehearsed = told.run(job=JOB)
    assert rehearsed.success
    assert metadata_of(rehearsed, "moment_messages")["outcomes"] == {"rehearsed": 2}
    assert told.site.deliveries == []
    result = told.run(job=JOB, live=True)
    assert result.success
    assert sum(step.startswith("moment_messages.congratulate[contact_") for step in outcomes(result)) == 2
    seen = rows_of(metadata_of(result, "moments_seen")["people"].records)
    assert [row["moment"] for row in seen if row["outcome"] == "planned"] == ["new_job", "work_anniversary"]
    assert told.site.deliveries == [("ada-1", seen[0]["text"]), ("bob-2", seen[1]["text"])]
    table = rows_of(metadata_of(result, "interactions")["interactions"].records)
    assert [row["kind"] for row in table if row["status"] == "sent"] == ["moment_message"] * 2
    assert metadata_of(result, "campaign_report")["other_kinds"] == {"moment_message": {"sent": 2}}
    assert all(each.passed for each in result.get_asset_check_evaluations())


def test_an_account_that_asked_for_nothing_reads_nothing(told: Stage) -> None:
    furnish(told, moments={})
    assert not told.run(job=JOB, live=True).success
    assert (told.site.deliveries, told.browsers_opened) == ([], 0)


def test_a_manual_account_stops_after_the_list_and_its_approval_starts_the_rest(told: Stage) -> None:
    furnish(told, approval="manual")
    assert told.run(job=JOB, live=True).success
    assert told.site.deliveries == []
    assert told.sensor_tick("congratulation_approvals_sensor").skip_message
    assert told.run("approved_congratulations", job=JOB).success
    [request] = told.sensor_tick("congratulation_approvals_sensor").run_requests
    chosen = [key.to_user_string() for key in request.asset_selection]
    assert told.run(*chosen, job=JOB, config=dict(request.run_config)).success
    assert [slug for slug, _ in told.site.deliveries] == ["ada-1", "bob-2"]


def test_a_stop_sign_ends_it_and_what_was_cut_off_goes_on_if_the_operator_wants_that(told: Stage) -> None:
    def challenge(_: Recipient) -> None:
        raise StopSignError("challenge", "The site asks to confirm that you are a person.")

    furnish(told)
    told.site.hooks["open"] = challenge
    result = told.run(job=JOB, live=True, tags={"linkedin/live": "true"})
    assert result.success
    [check] = [e for e in result.get_asset_check_evaluations() if e.check_name == "campaign_came_to_its_end"]
    assert not check.passed
    assert told.schedule_tick("moments_campaign_schedule").skip_message  # the account waits for its member
    told.site.hooks.clear()
    resume(told.database, told.clock, "demo", "looked at it", "test")
    [request] = told.schedule_tick("moments_campaign_schedule").run_requests or []
    assert request.tags["linkedin/live"] == "true"
    assert told.run(job=JOB, config=dict(request.run_config)).success
    assert [slug for slug, _ in told.site.deliveries] == ["ada-1", "bob-2"]


def test_a_schedule_that_is_switched_on_waits_for_the_days_birthdays_and_begins_once(told: Stage) -> None:
    furnish(told)
    assert told.schedule_tick("moments_campaign_schedule").skip_message
    assert told.run(tags={"dagster/schedule_name": "birthday_campaign_schedule"}).success
    [request] = told.schedule_tick("moments_campaign_schedule").run_requests or [None]
    assert isinstance(request, dg.RunRequest)
    assert told.run(job=JOB, tags={"dagster/schedule_name": "moments_campaign_schedule"}, live=True).success
    assert told.schedule_tick("moments_campaign_schedule").skip_message
    assert not told.schedule_tick("sourcing_campaign_schedule").run_requests  # no search is set
    assert told.schedule_tick("invitation_cleanup_schedule").run_requests
