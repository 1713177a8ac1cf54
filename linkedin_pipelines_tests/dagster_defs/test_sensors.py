"""What is noticed without anybody asking: edited accounts, dropped files, approvals, ends of waits, cut-off sends."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.defs.shared.vocabulary import BIRTHDAY_MESSAGES, CAMPAIGN_REPORT, INTERACTIONS, SITE_CANARY
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.services.accounts.registry import get_account, list_accounts
from linkedin_pipelines_tests.builders import a_contact, contacts, edit_account
from linkedin_pipelines_tests.dagster_defs.stage import LIVE, Stage

YAML = """\
accounts:
  - slug: {slug}
    display_name: Demo Member
    profile_url: https://www.linkedin.com/in/demo-member
    timezone: Europe/Paris
"""


def requests(tick: dg.SensorExecutionData) -> list[dg.RunRequest]:
    return list(tick.run_requests or [])


class TestAccounts:
    def test_an_edited_file_reaches_database_and_partitions(self, stage: Stage) -> None:
        stage.settings.accounts_file.write_text(YAML.format(slug="demo"))
        tick = stage.sensor_tick("accounts_sensor")
        [request] = tick.dynamic_partitions_requests
        assert isinstance(request, dg.AddDynamicPartitionsRequest)
        assert (request.partitions_def_name, request.partition_keys) == ("account", ["demo"])
        assert [account.slug for account in list_accounts(stage.database)] == ["demo"]

    def test_an_account_taken_out_loses_its_partition_and_keeps_its_row(self, stage: Stage) -> None:
        stage.account("gone")
        stage.settings.accounts_file.write_text(YAML.format(slug="demo"))
        added, deleted = stage.sensor_tick("accounts_sensor").dynamic_partitions_requests
        assert added.partition_keys == ["demo"]
        assert isinstance(deleted, dg.DeleteDynamicPartitionsRequest)
        assert deleted.partition_keys == ["gone"]
        assert get_account(stage.database, "gone", retired=True).retired

    def test_a_wrong_file_fails_the_look_with_its_lines_and_changes_nothing(self, stage: Stage) -> None:
        stage.account()
        stage.settings.accounts_file.write_text(YAML.format(slug="demo").replace("Europe/Paris", "Europe/Pariss"))
        with pytest.raises(Exception, match=r"(?s)line 5.*timezone|timezone.*line 5|:5:"):
            stage.sensor_tick("accounts_sensor")
        assert get_account(stage.database, "demo").config.timezone == "Europe/Paris"

    def test_an_unchanged_file_is_no_news(self, stage: Stage) -> None:
        stage.settings.accounts_file.write_text(YAML.format(slug="demo"))
        stage.sensor_tick("accounts_sensor")
        stage.instance.add_dynamic_partitions("account", ["demo"])
        assert "Nothing changed" in stage.sensor_tick("accounts_sensor").skip_message

    def test_a_missing_file_is_explained(self, stage: Stage) -> None:
        assert "accounts.example.yaml" in stage.sensor_tick("accounts_sensor").skip_message


class TestInbox:
    @pytest.fixture
    def drop(self, stage: Stage) -> Callable[[str, str, str], Path]:
        def put(account: str, name: str, text: str) -> Path:
            path = stage.settings.inbox / account / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            an_hour_ago = (stage.clock.now() - timedelta(hours=1)).timestamp()
            os.utime(path, (an_hour_ago, an_hour_ago))
            return path

        return put

    def launched(self, stage: Stage, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        job = stage.definitions.resolve_job_def("import_contacts")
        stage.instance.create_run_for_job(job, tags=dict(request.tags), status=status)

    def test_a_whole_file_starts_an_import_of_its_account(self, stage: Stage, drop: Callable[..., Path]) -> None:
        stage.account()
        drop("demo", "Connections.csv", "First Name,Connected On\n")
        [request] = requests(stage.sensor_tick("inbox_sensor"))
        assert request.partition_key == "demo"

    def test_while_its_import_runs_it_is_left_alone(self, stage: Stage, drop: Callable[..., Path]) -> None:
        stage.account()
        drop("demo", "Connections.csv", "First Name,Connected On\n")
        [request] = requests(stage.sensor_tick("inbox_sensor"))
        self.launched(stage, request, dg.DagsterRunStatus.STARTED)
        tick = stage.sensor_tick("inbox_sensor")
        assert requests(tick) == []
        assert "under way" in tick.skip_message

    def test_a_failed_import_is_tried_thrice(self, stage: Stage, drop: Callable[..., Path]) -> None:
        stage.account()
        drop("demo", "Connections.csv", "First Name,Connected On\n")
        keys = set()
        for _ in range(3):
            [request] = requests(stage.sensor_tick("inbox_sensor"))
            keys.add(request.run_key)
            self.launched(stage, request, dg.DagsterRunStatus.FAILURE)
        assert len(keys) == 3
        tick = stage.sensor_tick("inbox_sensor")
        assert requests(tick) == []
        assert "failed" in tick.skip_message

    def test_the_same_file_dropped_again_is_another_drop(self, stage: Stage, drop: Callable[..., Path]) -> None:
        stage.account()
        path = drop("demo", "Connections.csv", "First Name,Connected On\n")
        [first] = requests(stage.sensor_tick("inbox_sensor"))
        os.utime(path, (0, 0))
        [second] = requests(stage.sensor_tick("inbox_sensor"))
        assert first.run_key != second.run_key

    def test_a_folder_of_nobody_is_named(self, stage: Stage, drop: Callable[..., Path]) -> None:
        drop("nobody", "Connections.csv", "First Name,Connected On\n")
        assert "inbox/nobody: no such account" in stage.sensor_tick("inbox_sensor").skip_message


class TestApprovals:
    @pytest.fixture
    def listed(self, stage: Stage) -> Stage:
        a_contact(stage.database, stage.account(approval="manual", hours="07:00-19:00"), "ada-byron")
        stage.run("birthday_list")
        return stage

    def test_an_approval_by_hand_starts_the_sending_live(self, listed: Stage) -> None:
        assert requests(listed.sensor_tick("approvals_sensor")) == []
        listed.run("approved_messages")
        [request] = requests(listed.sensor_tick("approvals_sensor"))
        assert request.partition_key == "demo|2026-03-18"
        assert request.asset_selection == [SITE_CANARY, BIRTHDAY_MESSAGES, INTERACTIONS, CAMPAIGN_REPORT]
        assert request.run_config["ops"]["birthday_messages"]["config"] == {"live": True}

    def test_one_approval_has_one_run_key(self, listed: Stage) -> None:
        listed.run("approved_messages")
        [first] = requests(listed.sensor_tick("approvals_sensor"))
        listed.clock.advance(minutes=30)
        [second] = requests(listed.sensor_tick("approvals_sensor"))
        assert first.run_key == second.run_key

    def test_an_early_approval_waits_for_the_hours(self, stage: Stage) -> None:
        stage.clock.advance(hours=-4)  # 06:00 in Paris
        a_contact(stage.database, stage.account(approval="manual", hours="07:00-19:00"), "ada-byron")
        stage.run("birthday_list")
        stage.run("approved_messages")
        assert requests(stage.sensor_tick("approvals_sensor")) == []
        stage.clock.advance(hours=1)
        assert len(requests(stage.sensor_tick("approvals_sensor"))) == 1

    def test_a_list_of_yesterday_is_late_and_not_sent(self, listed: Stage) -> None:
        listed.run("approved_messages")
        listed.clock.advance(days=1)
        tick = listed.sensor_tick("approvals_sensor")
        assert requests(tick) == []
        assert "The list of demo for 2026-03-18 was approved on an earlier day" in tick.skip_message

    def test_a_late_list_of_yesterday_that_is_approved_today_is_sent(self, stage: Stage) -> None:
        stage.clock.advance(days=2)
        a_contact(stage.database, stage.account(approval="manual", hours="07:00-19:00"), "ada-byron")
        stage.run("birthday_list", day=date(2026, 3, 20))
        stage.clock.advance(days=1)
        assert stage.run("approved_messages", day=date(2026, 3, 20)).success
        [request] = requests(stage.sensor_tick("approvals_sensor"))
        assert request.partition_key == "demo|2026-03-20"

    def test_a_list_that_changed_after_the_yes_is_not_sent(self, listed: Stage) -> None:
        listed.run("approved_messages")
        a_contact(listed.database, get_account(listed.database, "demo").id, "grace-hopper")
        listed.run("birthday_list")
        assert requests(listed.sensor_tick("approvals_sensor")) == []

    def test_an_automatic_yes_is_not_the_sensor_s_business(self, stage: Stage) -> None:
        a_contact(stage.database, stage.account(), "ada-byron")
        stage.run()
        assert requests(stage.sensor_tick("approvals_sensor")) == []


class TestBreaker:
    @pytest.fixture
    def stopped(self, stage: Stage) -> Stage:
        """A live campaign that a stop sign ended at its first person."""
        contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper"])

        def limit(_to: Recipient) -> None:
            raise StopSignError("weekly_limit", "The weekly limit is reached.")

        stage.site.hooks["open"] = limit
        assert stage.run(live=True).success  # a held campaign is no failed run
        stage.site.hooks.clear()
        return stage

    def resume(self, stage: Stage) -> None:
        with stage.database.writing() as session:
            account_id = get_account(stage.database, "demo").id
            breakers.resume(session, account_id, stage.clock.now(), "looked at it", "cli:test")

    def test_nothing_goes_on_while_the_breaker_is_open(self, stopped: Stage) -> None:
        assert requests(stopped.sensor_tick("breaker_sensor")) == []

    def test_once_it_lets_the_account_the_campaign_is_taken_up(self, stopped: Stage) -> None:
        self.resume(stopped)
        [request] = requests(stopped.sensor_tick("breaker_sensor"))
        assert request.asset_selection is None
        assert request.run_config["ops"]["birthday_messages"]["config"] == {"live": True}
        assert stopped.run(live=True).success
        assert len(stopped.site.deliveries) == 2
        assert requests(stopped.sensor_tick("breaker_sensor")) == []

    def test_each_failed_run_is_taken_up_once(self, stopped: Stage) -> None:
        self.resume(stopped)
        [first] = requests(stopped.sensor_tick("breaker_sensor"))
        [second] = requests(stopped.sensor_tick("breaker_sensor"))
        assert first.run_key == second.run_key

    def test_a_failed_rehearsal_is_not(self, stage: Stage) -> None:
        stage.account()
        job = stage.definitions.resolve_job_def("birthday_campaign")
        tags = {"dagster/partition/account": "demo", "dagster/partition/date": "2026-03-18"}
        stage.instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.FAILURE)
        assert requests(stage.sensor_tick("breaker_sensor")) == []

    def test_not_outside_the_hours(self, stopped: Stage) -> None:
        self.resume(stopped)
        edit_account(stopped.database, get_account(stopped.database, "demo").id, hours="07:00-08:00")
        assert requests(stopped.sensor_tick("breaker_sensor")) == []

    def test_what_the_member_terminated_stays_terminated(self, stage: Stage) -> None:
        stage.account()
        job = stage.definitions.resolve_job_def("birthday_campaign")
        tags = {"dagster/partition/account": "demo", "dagster/partition/date": "2026-03-18"}
        stage.instance.create_run_for_job(job, tags=tags, run_config=LIVE, status=dg.DagsterRunStatus.CANCELED)
        assert requests(stage.sensor_tick("breaker_sensor")) == []

    def test_what_ended_because_the_product_was_stopped_goes_on(self, stage: Stage) -> None:
        stage.account()
        job = stage.definitions.resolve_job_def("birthday_campaign")
        tags = {
            "dagster/partition/account": "demo",
            "dagster/partition/date": "2026-03-18",
            "linkedin/stopped_with_the_stack": "true",
        }
        stage.instance.create_run_for_job(job, tags=tags, run_config=LIVE, status=dg.DagsterRunStatus.CANCELED)
        assert len(requests(stage.sensor_tick("breaker_sensor"))) == 1

    def test_it_gives_up_for_the_day_after_five_resumptions(self, stage: Stage) -> None:
        stage.account()
        job = stage.definitions.resolve_job_def("birthday_campaign")
        tags = {"dagster/partition/account": "demo", "dagster/partition/date": "2026-03-18"}
        for failures in range(1, 7):
            stage.instance.create_run_for_job(job, tags=tags, run_config=LIVE, status=dg.DagsterRunStatus.FAILURE)
            assert len(requests(stage.sensor_tick("breaker_sensor"))) == (failures < 6), failures


class TestInDoubt:
    @pytest.fixture
    def doubtful(self, stage: Stage) -> Stage:
        """A send that was clicked and never proven."""
        a_contact(stage.database, stage.account(), "ada-byron")
        stage.site.unproven.add("ada-byron")
        stage.run(live=True)
        stage.site.unproven.clear()
        return stage

    def test_a_doubt_starts_upkeep_in_the_account_s_slot(self, doubtful: Stage) -> None:
        [request] = requests(doubtful.sensor_tick("in_doubt_sensor"))
        assert request.partition_key == "demo"
        assert request.tags["dagster/partition/account"] == "demo"

    def test_upkeep_settles_it_by_reading(self, doubtful: Stage) -> None:
        job = doubtful.definitions.resolve_job_def("upkeep")
        result = job.execute_in_process(instance=doubtful.instance, partition_key="demo")
        assert result.success
        assert requests(doubtful.sensor_tick("in_doubt_sensor")) == []
        assert len(doubtful.site.deliveries) == 1
        assert (doubtful.browsers_opened, doubtful.browsers_closed) == (2, 2)

    def test_the_same_doubt_is_tried_once_an_hour(self, doubtful: Stage) -> None:
        [first] = requests(doubtful.sensor_tick("in_doubt_sensor"))
        doubtful.clock.advance(minutes=10)
        [second] = requests(doubtful.sensor_tick("in_doubt_sensor"))
        doubtful.clock.advance(hours=1)
        [third] = requests(doubtful.sensor_tick("in_doubt_sensor"))
        assert first.run_key == second.run_key != third.run_key

    def test_not_beside_a_run_of_the_account(self, doubtful: Stage) -> None:
        job = doubtful.definitions.resolve_job_def("birthday_campaign")
        tags = {"dagster/partition/account": "demo"}
        doubtful.instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.STARTED)
        assert requests(doubtful.sensor_tick("in_doubt_sensor")) == []

    def test_nothing_in_doubt_is_nothing_to_do(self, stage: Stage) -> None:
        stage.account()
        assert "Nothing is in doubt" in stage.sensor_tick("in_doubt_sensor").skip_message
