"""Dagster's event log loses what is old, and names once their evidence has expired, but never what is done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines.orchestrator.event_log import CleanedLog, clean_event_log
from linkedin_pipelines.services.maintenance.event_log import event_log_bytes
from linkedin_pipelines_tests.dagster_defs.stage import Stage
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.postgres import PostgresForTests

NAME = "Dmitri Almeida Vasquez"
KEEP = 180


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["demo"]))
def people(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Says a name wherever an asset can."""
    context.log.debug("%s seen", NAME)
    context.log.info("%s listed", NAME)
    schema = dg.TableSchema(columns=[dg.TableColumn("name", "string")])
    table = dg.MetadataValue.table(records=[dg.TableRecord({"name": NAME})], schema=schema)
    texts = {"md": dg.MetadataValue.md(NAME), "json": dg.MetadataValue.json({NAME: [NAME]})}
    return dg.MaterializeResult(metadata={"table": table, "text": NAME, "count": 1, **texts})


@dg.asset_check(asset=people)
def nobody_missing() -> dg.AssetCheckResult:
    """Names somebody too."""
    return dg.AssetCheckResult(passed=True, description=f"{NAME} is there.", metadata={"who": NAME})


@pytest.fixture(params=["sqlite", "postgres"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "dagster"
    home.mkdir()
    if request.param == "sqlite":
        (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield instance
        return
    server: PostgresForTests = request.getfixturevalue("postgres_server")
    url = server.create(migrated=False).replace("postgresql:", "postgresql+psycopg2:")
    storage = f"storage: {{postgres: {{postgres_url: '{url}'}}}}\ntelemetry: {{enabled: false}}\n"
    (home / "dagster.yaml").write_text(storage)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def test_old_rows_and_names_go_from_the_event_log_and_what_is_done_stays(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    home, now = tmp_path / "dagster", datetime.now(UTC)
    result = dg.materialize([people, nobody_missing], instance=instance, partition_key="demo")

    def messages() -> list[str]:
        return [each.user_message for each in instance.all_logs(result.run_id) if each.dagster_event is None]

    def kinds() -> set[str]:
        logs = instance.all_logs(result.run_id)
        return {each.dagster_event.event_type_value for each in logs if each.dagster_event is not None}

    def named() -> bool:
        fetched = instance.fetch_materializations(people.key, limit=5).records
        record = instance.get_asset_records([people.key])[0].asset_entry.last_materialization
        told = [*instance.all_logs(result.run_id), *(each.event_log_entry for each in fetched), record]
        return any(NAME in dg.serialize_value(each) for each in told if each is not None)

    assert clean_event_log(instance, home, now + timedelta(days=6), KEEP) == CleanedLog(0, 0, 0)
    assert messages() == [f"{NAME} seen", f"{NAME} listed"]
    clean_event_log(instance, home, now + timedelta(days=8), KEEP)
    assert messages() == [f"{NAME} listed"]
    assert "ENGINE_EVENT" in kinds()
    clean_event_log(instance, home, now + timedelta(days=31), KEEP)
    assert "ENGINE_EVENT" not in kinds()
    clean_event_log(instance, home, now + timedelta(days=61), KEEP)
    assert messages() == []
    assert named()
    clean_event_log(instance, home, now + timedelta(days=KEEP + 1), KEEP)
    assert not named()
    kept = {"ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION", "PIPELINE_START", "PIPELINE_SUCCESS"}
    assert kept <= kinds() <= kept | {"ASSET_MATERIALIZATION_PLANNED", "ASSET_CHECK_EVALUATION_PLANNED"}
    assert instance.get_materialized_partitions(people.key) == {"demo"}
    [record] = instance.fetch_materializations(people.key, limit=5).records
    assert record.asset_materialization is not None
    assert record.asset_materialization.metadata["count"].value == 1
    assert instance.get_runs()[0].is_success
    for path in home.rglob("*.db*"):
        assert NAME.encode() not in path.read_bytes(), path
    # Another cleaning looks once more, since days were lost between; then this run is done with.
    assert clean_event_log(instance, home, now + timedelta(days=KEEP + 40), KEEP) == CleanedLog(1, 0, 0)
    assert clean_event_log(instance, home, now + timedelta(days=KEEP + 41), KEEP).runs == 0


def test_the_nightly_backup_cleans_the_event_log_and_status_knows_its_size(stage: Stage, clock: ManualClock) -> None:
    del clock
    result = stage.definitions.resolve_job_def("backup").execute_in_process(instance=stage.instance)
    assert result.success
    assert "tidy_event_log" in {event.step_key for event in result.all_events if event.is_step_success}
    assert event_log_bytes(stage.database, stage.settings.home) is None
    history = stage.settings.home / "history" / "runs"
    history.mkdir(parents=True)
    (history / "index.db").write_bytes(b"x" * 1000)
    assert event_log_bytes(stage.database, stage.settings.home) == 1000
