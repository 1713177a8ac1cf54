"""What the code location consists of. A changed name here is a changed name in commands, dashboards and bookmarks."""

from __future__ import annotations

from itertools import pairwise

import dagster as dg
import pytest
from dagster._core.definitions.automation_tick_evaluation_context import build_run_requests_with_backfill_policies
from dagster._core.definitions.events import AssetKeyPartitionKey

from linkedin_pipelines.definitions import build_definitions, defs
from linkedin_pipelines.domain.canary import CanaryElement

SOURCES = ["contacts", "birthdays_seen"]
CHAIN = ["birthday_list", "approved_messages", "site_canary", "birthday_messages", "interactions", "campaign_report"]


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> dg.AssetGraph:
    return definitions.resolve_asset_graph()


def test_the_code_location_is_loadable() -> None:
    dg.Definitions.validate_loadable(build_definitions())
    assert isinstance(defs(), dg.Definitions)


def test_assets(graph: dg.AssetGraph) -> None:
    assert sorted(key.to_user_string() for key in graph.get_all_asset_keys()) == sorted([*SOURCES, *CHAIN])


def test_lineage_runs_from_files_and_the_site_to_the_report(graph: dg.AssetGraph) -> None:
    assert graph.get(dg.AssetKey("birthday_list")).parent_keys == {dg.AssetKey(source) for source in SOURCES}
    for above, below in pairwise(CHAIN):
        also = {dg.AssetKey("approved_messages")} if below == "birthday_messages" else set()
        assert graph.get(dg.AssetKey(below)).parent_keys == {dg.AssetKey(above), *also}


@pytest.mark.parametrize(
    ("asset", "dimensions"),
    [("contacts", ["account"]), *((asset, ["account", "date"]) for asset in ["birthdays_seen", *CHAIN])],
)
def test_partitions(graph: dg.AssetGraph, asset: str, dimensions: list[str]) -> None:
    partitions = graph.get(dg.AssetKey(asset)).partitions_def
    if isinstance(partitions, dg.MultiPartitionsDefinition):
        assert sorted(partitions.partition_dimension_names) == dimensions
    else:
        assert isinstance(partitions, dg.DynamicPartitionsDefinition)
        assert [partitions.name] == dimensions


def test_backfills_are_a_run_for_each_partition_with_its_tags(graph: dg.AssetGraph) -> None:
    """An explicit policy, even `multi_run(1)`, drops the tag by which the queue keeps an account's runs apart."""
    campaign = {AssetKeyPartitionKey(dg.AssetKey(asset), f"demo|2026-03-{day}") for asset in CHAIN for day in (17, 18)}
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("account", ["demo"])
        requests = build_run_requests_with_backfill_policies(campaign, graph, instance)
    assert sorted(request.tags["dagster/partition/date"] for request in requests) == ["2026-03-17", "2026-03-18"]
    for request in requests:
        assert request.tags["dagster/partition/account"] == "demo"
        assert sorted(key.to_user_string() for key in request.asset_selection or []) == sorted(CHAIN)


def test_every_asset_explains_itself(graph: dg.AssetGraph) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert len(node.description or "") > 100, key
        assert node.owners, key
        assert node.kinds, key
        assert node.group_name != "default", key


def test_jobs_run_in_one_process(definitions: dg.Definitions) -> None:
    jobs = {job.name: job for job in definitions.resolve_all_job_defs() if not job.name.startswith("__")}
    assert sorted(jobs) == [
        "account_checks",
        "backup",
        "birthday_campaign",
        "import_contacts",
        "read_birthdays",
        "upkeep",
    ]
    for job in jobs.values():
        assert job.executor_def.name == "in_process", job.name
        assert job.description, job.name


def test_assets_materialized_by_hand_run_in_one_process(definitions: dg.Definitions) -> None:
    assert definitions.resolve_implicit_global_asset_job_def().executor_def.name == "in_process"


def test_the_campaign_covers_the_chain(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("birthday_campaign")
    assert sorted(key.to_user_string() for key in job.asset_layer.executable_asset_keys) == sorted(CHAIN)


def test_schedules(definitions: dg.Definitions) -> None:
    schedules = {schedule.name: schedule for schedule in definitions.get_repository_def().schedule_defs}
    assert {name: schedule.cron_schedule for name, schedule in schedules.items()} == {
        "backup_schedule": "10 2 * * *",
        "birthday_campaign_schedule": "*/15 * * * *",
        "birthdays_seen_schedule": "*/15 * * * *",
        "upkeep_schedule": "35 11 * * *",
    }
    assert all(schedule.default_status is dg.DefaultScheduleStatus.RUNNING for schedule in schedules.values())
    assert all(schedule.description for schedule in schedules.values())


def test_sensors(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor for sensor in definitions.get_repository_def().sensor_defs}
    assert {name: sensor.minimum_interval_seconds for name, sensor in sensors.items()} == {
        "accounts_sensor": 30,
        "alerts_sensor": 30,
        "approvals_sensor": 30,
        "breaker_sensor": 30,
        "failure_sensor": 30,
        "in_doubt_sensor": 30,
        "inbox_sensor": 30,
        "stranded_runs_sensor": 15,
    }
    assert all(sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in sensors.values())
    assert all(sensor.description for sensor in sensors.values())


def test_checks(graph: dg.AssetGraph) -> None:
    checks = {key: graph.get_check_spec(key) for key in graph.asset_check_keys}
    assert {key.to_user_string() for key, spec in checks.items() if spec.blocking} == {
        "approved_messages:approval_may_be_used",
        "birthday_list:list_is_complete",
        "birthday_list:nobody_against_their_will",
        "birthday_list:texts_render",
        "birthdays_seen:day_is_known",
    }
    assert {key.to_user_string() for key, spec in checks.items() if not spec.blocking} == {
        "birthday_list:no_stop_sign",
        "birthday_list:session_lasts",
        "birthday_list:site_was_read",
        "birthday_list:sources_agree",
        "contacts:contacts_are_fresh",
        "interactions:no_old_doubts",
        "interactions:no_orphan_rows",
        "interactions:one_wish_a_birthday",
        "interactions:payloads_valid",
        "interactions:quota_kept",
        *(f"site_canary:{element}_readable" for element in CanaryElement),
        "site_canary:selectors_find_their_elements",
    }
    for key, spec in checks.items():
        assert "failure means" in (spec.description or ""), key
        assert spec.partitions_def == graph.get(key.asset_key).partitions_def, key
