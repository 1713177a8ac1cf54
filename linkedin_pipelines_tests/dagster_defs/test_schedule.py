"""Campaigns begin at each account's own hours, once a day, and are live only if the account is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.contacts.sources import put_source
from linkedin_pipelines.defs.shared.vocabulary import BIRTHDAY_LIST, LIVE_TAG
from linkedin_pipelines.domain.states import SourceKind
from linkedin_pipelines.orchestrator.partitions import first_month
from linkedin_pipelines.services.accounts.crypto import seal
from linkedin_pipelines.services.accounts.registry import get_account, pause
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of


@pytest.fixture(scope="module")
def stored_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """A schedule's context takes no instance that lives in memory alone, and one in files takes seconds to make."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance:
        yield instance


@pytest.fixture
def instance(stored_instance: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
    yield stored_instance
    stored_instance.wipe()
    for account in stored_instance.get_dynamic_partitions("account"):
        stored_instance.delete_dynamic_partition("account", account)


def at(stage: Stage, moment: str) -> list[dg.RunRequest]:
    """What the schedule asks for at that moment, in UTC."""
    stage.clock.set(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    return list(stage.schedule_tick().run_requests or [])


def launched(stage: Stage, request: dg.RunRequest) -> None:
    """Leave a run as the daemon does for a request."""
    stage.instance.create_run_for_job(
        stage.definitions.resolve_job_def("birthday_campaign"),
        tags={**request.tags, "dagster/schedule_name": "birthday_campaign_schedule"},
    )


def test_an_automatic_account_gets_the_whole_campaign_live(stage: Stage) -> None:
    stage.account()
    [request] = at(stage, "2026-03-18T09:00")
    assert request.partition_key == "demo|2026-03-18"
    assert request.asset_selection is None
    assert request.run_config == {"ops": {"birthday_messages": {"config": {"live": True}}}}
    assert request.tags[LIVE_TAG] == "true"


def test_a_manual_account_gets_its_list_alone(stage: Stage) -> None:
    stage.account(approval="manual")
    [request] = at(stage, "2026-03-18T09:00")
    assert request.asset_selection == [BIRTHDAY_LIST]
    assert not request.run_config
    assert LIVE_TAG not in request.tags


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Paris", "2026-03-18T05:59", None),
        ("Europe/Paris", "2026-03-18T06:00", "2026-03-18"),
        ("Europe/Paris", "2026-03-18T17:59", "2026-03-18"),
        ("Europe/Paris", "2026-03-18T18:00", None),
        ("Asia/Kolkata", "2026-03-18T01:15", None),  # 06:45, half an hour beside the others
        ("Asia/Kolkata", "2026-03-18T01:30", "2026-03-18"),
        ("Asia/Kathmandu", "2026-03-18T01:15", "2026-03-18"),  # 07:00, a quarter beside the others
        ("Pacific/Kiritimati", "2026-03-17T17:00", "2026-03-18"),  # tomorrow, where the day begins
        ("Pacific/Pago_Pago", "2026-03-18T18:00", "2026-03-18"),
        ("Pacific/Pago_Pago", "2026-03-19T05:45", "2026-03-18"),  # yesterday, where the day ends
        ("Europe/Paris", "2026-03-28T05:45", None),  # the day before clocks go forward
        ("Europe/Paris", "2026-03-29T05:00", "2026-03-29"),  # the day they do: 07:00 comes an hour earlier
        ("Europe/Paris", "2026-10-25T05:45", None),  # the day they go back
        ("Europe/Paris", "2026-10-25T06:00", "2026-10-25"),
    ],
)
def test_the_account_s_own_hours_decide(stage: Stage, zone: str, moment: str, day: str | None) -> None:
    stage.account(timezone=zone, hours="07:00-19:00")
    assert [str(r.partition_key) for r in at(stage, moment)] == ([f"demo|{day}"] if day else [])


def test_a_weekday_off_is_one(stage: Stage) -> None:
    stage.account(weekdays=["mon", "tue"])
    assert at(stage, "2026-03-18T09:00") == []  # a Wednesday
    assert len(at(stage, "2026-03-23T09:00")) == 1


def test_it_fires_once_a_day_for_each_account(stage: Stage) -> None:
    stage.account("ada")
    stage.account("bea")
    first, second = at(stage, "2026-03-18T09:00")
    launched(stage, first)
    assert at(stage, "2026-03-18T09:15") == [second]
    launched(stage, second)
    assert at(stage, "2026-03-18T09:30") == []
    assert [str(r.partition_key) for r in at(stage, "2026-03-19T09:00")] == ["ada|2026-03-19", "bea|2026-03-19"]


def test_a_run_of_the_day_that_waits_for_its_turn_is_not_joined_by_another(stage: Stage) -> None:
    stage.account()
    [first] = at(stage, "2026-03-18T09:00")
    job = stage.definitions.resolve_job_def("birthday_campaign")
    by_hand = {key: value for key, value in first.tags.items() if key != "dagster/schedule_name"}
    waiting = stage.instance.create_run_for_job(job, tags=by_hand)
    assert at(stage, "2026-03-18T09:15") == []
    stage.instance.report_run_canceled(waiting, "the member took it out of the queue")
    assert at(stage, "2026-03-18T09:30") == [first]


def test_a_rehearsal_by_hand_does_not_take_the_day_s_place(stage: Stage) -> None:
    stage.account()
    stage.run(day=date(2026, 3, 18))
    assert len(at(stage, "2026-03-18T09:00")) == 1


def test_after_downtime_it_begins_if_hours_still_allow_and_not_at_night(stage: Stage) -> None:
    stage.account(hours="07:00-19:00")
    assert at(stage, "2026-03-18T22:00") == []
    assert len(at(stage, "2026-03-19T15:30")) == 1


def test_a_paused_account_waits_and_begins_when_it_is_resumed(stage: Stage) -> None:
    stage.account()
    pause(stage.database, stage.clock, "demo", "on holiday", "cli:test")
    assert at(stage, "2026-03-18T09:00") == []


def test_an_open_breaker_holds_the_campaign_back(stage: Stage) -> None:
    account_id = stage.account()
    with stage.database.writing() as session:
        breakers.record_stop_sign(session, account_id, stage.clock.now(), "checkpoint", "A checkpoint was shown.")
    assert at(stage, "2026-03-18T09:00") == []
    with stage.database.writing() as session:
        breakers.resume(session, account_id, stage.clock.now(), "I signed in again", "cli:test")
    assert len(at(stage, "2026-03-18T09:15")) == 1


def test_an_account_that_dagster_does_not_know_yet_waits(stage: Stage) -> None:
    an_account(stage.database, "new")
    assert at(stage, "2026-03-18T09:00") == []


def test_a_tick_with_nothing_to_do_says_so(stage: Stage) -> None:
    assert "No account" in (stage.schedule_tick().skip_message or "")


def test_upkeep_is_asked_for_every_account_in_its_slot(stage: Stage) -> None:
    stage.account("ada")
    stage.account("bea")
    requests = stage.schedule_tick("upkeep_schedule").run_requests or []
    assert [(r.partition_key, r.tags["dagster/partition/account"]) for r in requests] == [
        ("ada", "ada"),
        ("bea", "bea"),
    ]


def test_accounts_with_a_source_have_it_read_every_night_and_told_of_why_not(stage: Stage) -> None:
    stage.account("demo")
    stage.account("other")
    tick = stage.schedule_tick("source_schedule")
    assert not tick.run_requests
    assert "No account has" in (tick.skip_message or "")
    sealed = seal(stage.settings, b"secret")
    now = stage.clock.now()
    number = get_account(stage.database, "demo").id
    with stage.database.writing() as session:
        put_source(session, number, "home", SourceKind.DAV, "http://127.0.0.1:1/", "ada", sealed, now)
    [request] = stage.schedule_tick("source_schedule").run_requests or []
    assert request.partition_key == "demo"
    job = stage.definitions.resolve_job_def("import_contacts")
    result = job.execute_in_process(request.run_config, instance=stage.instance, partition_key="demo")
    assert "cannot be reached" in metadata_of(result, "contacts")["files_refused"]["home"]


def test_the_first_of_a_month_reports_the_one_before_for_every_account(stage: Stage) -> None:
    for slug in ("demo", "tokyo"):
        stage.account(slug)
    stage.clock.set(datetime(2026, 4, 1, 13, 0, tzinfo=UTC))
    requests = stage.schedule_tick("report_month_schedule").run_requests or []
    assert [request.partition_key for request in requests] == ["demo|2026-03", "tokyo|2026-03"]


def test_no_month_before_the_first_one_is_reported(stage: Stage) -> None:
    stage.account()
    stage.clock.set(datetime(first_month.year, first_month.month, 1, 13, 0, tzinfo=UTC))
    assert "Nothing happened here in" in str(stage.schedule_tick("report_month_schedule").skip_message)
