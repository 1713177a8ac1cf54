"""The catch-up page as a run: a real browser on the sandbox, what it adds, and what becomes of a day it cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest

# What the UI's switch of a schedule leaves behind; there is no public door to it.
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import InProcessCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, ScheduleInstigatorData
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import BrowserSession, SiteReading
from linkedin_pipelines.domain.states import ReadingOutcome, SitePage
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines_tests.builders import LONG_AGO, contacts
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, metadata_of, rows_of
from linkedin_pipelines_tests.site_control import arm, disarm


@pytest.fixture(scope="module")
def site() -> Iterator[SandboxServer]:
    """One member with two friends, of whom one has a birthday today and the other had it three days ago."""
    people = (
        Person(slug="ada-byron", first_name="Ada", last_name="Byron", birthday="03-18"),
        Person(slug="grace-hopper", first_name="Grace", last_name="Hopper", birthday="03-15"),
        Person(slug="new-friend", first_name="New", last_name="Friend", birthday="03-18"),
    )
    member = Member(
        account="demo",
        slug="demo-member",
        first_name="Demo",
        last_name="Member",
        timezone="UTC",
        interface=Interface(latency_ms=(0, 20), event_delay_ms=(0, 50)),
        relations=tuple(Relation(person=person.slug) for person in people),
    )
    with SandboxServer(World(today=TODAY, members=(member,), people=people)) as server:
        yield server


def test_a_page_read_to_its_end_feeds_the_list_and_a_stop_sign_ends_the_account(
    stage: Stage, site: SandboxServer
) -> None:
    """One browser start a part is dear, so the good day and the bad one share an account."""
    account_id = stage.sign_in(site)
    contacts(stage.database, account_id, ["ada-byron", "grace-hopper"], birth_month=None, birth_day=None)
    result = stage.read_birthdays()
    assert result.success
    told = metadata_of(result, "birthdays_seen")
    assert (told["outcome"], told["dagster/row_count"]) == ("whole", 3)
    rows = {row["person"]: (row["birthday"], row["state"]) for row in rows_of(told["people"].records)}
    assert rows == {
        "Ada Byron": ("2026-03-18", "new"),
        "New Friend": ("2026-03-18", "not imported"),
        "Grace Hopper": ("2026-03-15", "new"),
    }
    [verdict] = result.get_asset_check_evaluations()
    assert (verdict.check_name, verdict.passed, verdict.blocking) == ("day_is_known", True, True)
    built = stage.run("birthday_list")
    listed = metadata_of(built, "birthday_list")
    assert {row["person"] for row in rows_of(listed["people"].records)} == {"Ada Byron", "Grace Hopper"}
    assert "read to its end" in listed["catch_up_page"]
    assert all(evaluation.passed for evaluation in built.get_asset_check_evaluations())

    arm(site.url, "checkpoint_app", path="/mynetwork/", times=None)
    try:
        stopped = stage.read_birthdays()
    finally:
        disarm(site.url)
    assert not stopped.success
    failure = stopped.failure_data_for_node("birthdays_seen")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert "stop sign" in (failure.user_failure_data.description or "")
    assert failure.user_failure_data.metadata["picture"].value.endswith(".png")
    with stage.database.reading() as session:
        assert breakers.get(session, account_id).stop_sign == "challenge"


def test_a_day_that_cannot_be_read_fails_its_run_and_check_and_not_the_campaign(stage: Stage) -> None:
    """Without a session no page can be read; the wishes of the files are built all the same."""
    contacts(stage.database, stage.account(), ["ada-byron"])
    result = stage.read_birthdays()
    assert not result.success
    [verdict] = result.get_asset_check_evaluations()
    assert (verdict.check_name, verdict.passed) == ("day_is_known", False)
    assert result.get_asset_materialization_events() == []
    built = stage.run("birthday_list")
    assert built.success
    assert metadata_of(built, "birthday_list")["planned"] == 1
    failed = {each.check_name: each.severity for each in built.get_asset_check_evaluations() if not each.passed}
    assert failed == {"site_was_read": dg.AssetCheckSeverity.WARN}


def test_another_day_than_the_present_is_refused_with_the_reason(stage: Stage) -> None:
    stage.account()
    stage.clock.set(datetime(2026, 3, 19, 9, tzinfo=UTC))
    result = stage.read_birthdays()
    failure = result.failure_data_for_node("birthdays_seen")
    assert failure is not None
    assert "the present day alone" in failure.error.to_string()


@pytest.fixture(scope="module")
def stored_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """A schedule's context takes no instance that lives in memory alone."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance:
        yield instance


class TestSchedules:
    """The reading comes before the campaign, and never keeps it waiting for ever."""

    @pytest.fixture
    def instance(self, stored_instance: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
        yield stored_instance
        stored_instance.wipe()
        for account in stored_instance.get_dynamic_partitions("account"):
            stored_instance.delete_dynamic_partition("account", account)

    @pytest.fixture
    def account_id(self, stage: Stage) -> int:
        account_id = stage.account()
        sign_in(stage.database, account_id)
        return account_id

    def test_first_the_reading_then_the_campaign(self, stage: Stage, account_id: int) -> None:
        [reading] = asked(stage, "birthdays_seen_schedule")
        assert reading.partition_key == f"demo|{TODAY}"
        assert asked(stage, "birthday_campaign_schedule") == []
        run = launched(stage, reading)
        assert asked(stage, "birthdays_seen_schedule") == []
        assert asked(stage, "birthday_campaign_schedule") == []  # it is under way
        stage.instance.report_run_canceled(run)
        with stage.database.writing() as session:
            session.add(whole_day(account_id, run.run_id))
        assert asked(stage, "birthdays_seen_schedule") == []
        assert len(asked(stage, "birthday_campaign_schedule")) == 1

    @pytest.mark.usefixtures("account_id")
    def test_two_readings_in_vain_keep_nobody_waiting(self, stage: Stage) -> None:
        for _ in range(2):
            [reading] = asked(stage, "birthdays_seen_schedule")
            assert asked(stage, "birthday_campaign_schedule") == []
            stage.instance.report_run_failed(launched(stage, reading))
        assert asked(stage, "birthdays_seen_schedule") == []
        assert len(asked(stage, "birthday_campaign_schedule")) == 1

    def test_an_account_that_reads_no_page_waits_for_none(self, stage: Stage) -> None:
        sign_in(stage.database, stage.account("switched-off", site_birthdays={"catch_up": False}))
        stage.account("signed-out")
        assert asked(stage, "birthdays_seen_schedule") == []
        assert len(asked(stage, "birthday_campaign_schedule")) == 2

    @pytest.mark.usefixtures("account_id")
    def test_a_schedule_that_the_member_stopped_is_not_waited_for(self, stage: Stage) -> None:
        target = LoadableTargetOrigin(module_name="linkedin_pipelines.definitions")
        location = InProcessCodeLocationOrigin(loadable_target_origin=target, location_name="linkedin_pipelines")
        origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(location, "__repository__"), "birthdays_seen_schedule")
        data = ScheduleInstigatorData("*/15 * * * *", None)
        stopped = InstigatorState(origin, InstigatorType.SCHEDULE, InstigatorStatus.STOPPED, data)
        assert asked(stage, "birthday_campaign_schedule") == []
        stage.instance.add_instigator_state(stopped)
        try:
            assert len(asked(stage, "birthday_campaign_schedule")) == 1
        finally:
            stage.instance.delete_instigator_state(stopped.instigator_origin_id, stopped.selector_id)


def sign_in(database: Database, account_id: int) -> None:
    """Somebody signed in; the schedules ask no more than that."""
    with database.writing() as session:
        session.add(BrowserSession(account_id=account_id, sealed_state=b"sealed", stored_at=LONG_AGO))


def asked(stage: Stage, name: str) -> list[dg.RunRequest]:
    return list(stage.schedule_tick(name).run_requests or [])


def launched(stage: Stage, request: dg.RunRequest) -> dg.DagsterRun:
    """Leave a run as the daemon does for a request of the reading."""
    job = stage.definitions.resolve_job_def("read_birthdays")
    return stage.instance.create_run_for_job(job, tags=request.tags, status=dg.DagsterRunStatus.STARTED)


def whole_day(account_id: int, run_id: str) -> SiteReading:
    return SiteReading(
        account_id=account_id,
        page=SitePage.CATCH_UP,
        local_day=TODAY,
        read_at=LONG_AGO,
        run_id=run_id,
        outcome=ReadingOutcome.WHOLE,
        people=0,
        explanation=None,
        evidence=None,
    )
