"""Every failed run leaves one line in the log that an operator can search for."""

import dagster as dg
import structlog

log = structlog.get_logger(__name__)


@dg.run_failure_sensor(
    name="failure_sensor",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Logs every failed run of this code location: which job, which account, which step. It stops nothing.",
)
def failure_sensor(context: dg.RunFailureSensorContext) -> None:
    """The message itself stays in the run: it may quote a page, and a page holds people."""
    run = context.dagster_run
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    log.error(
        "A run failed.",
        run_id=run.run_id,
        job=run.job_name,
        account=run.tags.get("dagster/partition/account") or run.tags.get("dagster/partition"),
        list_date=run.tags.get("dagster/partition/date"),
        step=", ".join(steps) or None,
    )
