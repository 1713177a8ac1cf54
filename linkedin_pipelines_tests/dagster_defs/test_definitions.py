"""What the code location consists of. A changed name here is a changed name in commands, dashboards and bookmarks."""

from __future__ import annotations

from itertools import pairwise

import dagster as dg
import pytest
from dagster._core.definitions.automation_tick_evaluation_context import build_run_requests_with_backfill_policies
from dagster._core.definitions.events import AssetKeyPartitionKey
from pydantic import ValidationError

from linkedin_pipelines.definitions import build_definitions, defs
from linkedin_pipelines.defs.upkeep.jobs import EvidenceConfig
from linkedin_pipelines.domain.canary import CanaryElement

SOURCES = ["contacts", "birthdays_seen"]
MOMENTS = ["moments_seen", "approved_congratulations", "moment_messages"]
CLEANUP = ["pending_invitations", "approved_withdrawals", "invitation_withdrawals"]
VISITS = ["sourced_profiles", "profile_visits", "fit_scores"]
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
    assert sorted(key.to_user_string() for key in graph.get_all_asset_keys()) == sorted(
        [*SOURCES, *CHAIN, *CLEANUP, *VISITS, *MOMENTS, "monthly_report", "protections"]
    )


def test_lineage_runs_from_files_and_the_site_to_the_report(graph: dg.AssetGraph) -> None:
    assert graph.get(dg.AssetKey("birthday_list")).parent_keys == {dg.AssetKey(source) for source in SOURCES}
    for above, below in pairwise(CHAIN):
        also = {
            "birthday_messages": ["approved_messages"],
            "interactions": ["invitation_withdrawals", "profile_visits", "moment_messages"],
        }.get(below, [])
        assert graph.get(dg.AssetKey(below)).parent_keys == {dg.AssetKey(key) for key in (above, *also)}
    for above, below in (*pairwise(CLEANUP), *pairwise(VISITS), *pairwise(MOMENTS)):
        assert graph.get(dg.AssetKey(below)).parent_keys == {dg.AssetKey(above)}


@pytest.mark.parametrize(
    ("asset", "dimensions"),
    [
        ("contacts", ["account"]),
        ("monthly_report", ["account", "month"]),
        *((asset, ["account", "date"]) for asset in ["birthdays_seen", *CHAIN, *CLEANUP, *VISITS, *MOMENTS]),
    ],
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
        "check_protections",
        "import_contacts",
        "invitation_cleanup",
        "moments_campaign",
        "read_birthdays",
        "report_month",
        "sourcing_campaign",
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
        "invitation_cleanup_schedule": "*/15 * * * *",
        "moments_campaign_schedule": "*/15 * * * *",
        "protections_schedule": "40 2 * * *",
        "report_month_schedule": "0 13 1 * *",
        "source_schedule": "20 3 * * *",
        "sourcing_campaign_schedule": "*/15 * * * *",
        "upkeep_schedule": "35 11 * * *",
    }
    stopped = [name for name, each in schedules.items() if each.default_status is dg.DefaultScheduleStatus.STOPPED]
    # A schedule of these begins only where the operator switched it on.
    jobs = ("invitation_cleanup", "moments_campaign", "report_month", "sourcing_campaign")
    assert sorted(stopped) == [f"{job}_schedule" for job in jobs]
    assert all(schedule.description for schedule in schedules.values())


def test_sensors(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor for sensor in definitions.get_repository_def().sensor_defs}
    assert {name: sensor.minimum_interval_seconds for name, sensor in sensors.items()} == {
        "accounts_sensor": 60,
        "alerts_sensor": 60,
        "approvals_sensor": 30,
        "breaker_sensor": 30,
        "congratulation_approvals_sensor": 60,
        "failure_sensor": 60,
        "in_doubt_sensor": 60,
        "inbox_sensor": 60,
        "morning_mail_sensor": 300,
        "notices_sensor": 120,
        "stranded_runs_sensor": 20,
        "withdrawal_approvals_sensor": 60,
    }
    stopped = [name for name, each in sensors.items() if each.default_status is dg.DefaultSensorStatus.STOPPED]
    assert stopped == []
    assert all(sensor.description for sensor in sensors.values())


def test_checks(graph: dg.AssetGraph) -> None:
    checks = {key: graph.get_check_spec(key) for key in graph.asset_check_keys}
    assert {key.to_user_string() for key, spec in checks.items() if spec.blocking} == {
        "approved_messages:approval_may_be_used",
        "birthday_list:list_is_complete",
        "birthday_list:no_opted_out_recipients",
        "birthday_list:texts_render",
        "birthdays_seen:day_is_known",
    }
    assert {key.to_user_string() for key, spec in checks.items() if not spec.blocking} == {
        "birthday_list:no_stop_sign",
        "birthday_list:session_lasts",
        "birthday_list:site_was_read",
        "birthday_list:sources_agree",
        "birthday_messages:campaign_came_to_its_end",
        "contacts:contacts_are_fresh",
        "interactions:no_old_doubts",
        "invitation_withdrawals:campaign_came_to_its_end",
        "moment_messages:campaign_came_to_its_end",
        "profile_visits:campaign_came_to_its_end",
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


def configs() -> list[type[dg.Config]]:
    """Every config that a launchpad shows."""
    build_definitions()  # imports them
    found, todo = [], [dg.Config]
    while todo:
        for each in todo.pop().__subclasses__():
            todo.append(each)
            if each.__module__.startswith("linkedin_pipelines.defs"):
                found.append(each)
    return [each for each in found if not issubclass(each, dg.ConfigurableResource)]


def test_every_field_of_a_launchpad_has_a_sentence_a_default_and_bounds() -> None:
    fields = {f"{each.__name__}.{name}": field for each in configs() for name, field in each.model_fields.items()}
    assert len(fields) >= 8
    assert [name for name, field in fields.items() if not (field.description or "").endswith(".")] == []
    assert [name for name, field in fields.items() if field.is_required()] == []
    assert [name for name, field in fields.items() if field.annotation is int and len(field.metadata) < 2] == []


def test_a_number_beyond_its_bounds_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        EvidenceConfig(keep_days=0)
