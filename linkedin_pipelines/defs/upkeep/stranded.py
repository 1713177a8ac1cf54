"""Runs that died with their machine, ended so that their account's slot is free again."""

import json
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import dagster as dg
import structlog

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.services.maintenance.run_heartbeats import Heartbeat, end_heartbeat, last_heartbeats

log = structlog.get_logger(__name__)

SILENCE = timedelta(seconds=60)
"""A run beats every 5 seconds; after a minute without it is gone."""

START_LIMIT = timedelta(seconds=200)
"""A run that is starting may take as long as dagster.yaml allows (`start_timeout_seconds`, 180) before its first
heartbeat, since a busy machine imports for a minute; a little longer, so that Dagster's own timeout speaks first."""

MISSED_BEATS = timedelta(seconds=15)
"""A run on this very machine whose process is no more is gone after this, without a minute of waiting."""

ALIVE = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def silent_runs(
    records: list[dg.RunRecord], beats: Mapping[str, Heartbeat], now: datetime, location: str | None
) -> list[dg.DagsterRun]:
    """Runs of ours without a heartbeat for `SILENCE`, or not even started after `START_LIMIT`."""
    found = []
    for record in records:
        run = record.dagster_run
        if not _is_ours(run, location):
            continue
        sign = beats.get(run.run_id)
        starting = sign is None and run.status is dg.DagsterRunStatus.STARTING
        if now - (sign.at if sign else _started(record)) > (START_LIMIT if starting else SILENCE):
            found.append(run)
    return found


def gone_from_here(records: list[dg.RunRecord], beats: Mapping[str, Heartbeat], now: datetime) -> set[str]:
    """Runs that beat on this machine, missed several beats, and whose process is not there any more.

    A namesake of this machine may run them: but there they would go on beating. A process of the same number may have
    come since: then their silence tells, a little later.
    """
    here = socket.gethostname()
    ids = {record.dagster_run.run_id for record in records}
    return {
        run_id
        for run_id, sign in beats.items()
        if run_id in ids and sign.host == here and now - sign.at > MISSED_BEATS and not _lives(sign.pid)
    }


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _started(record: dg.RunRecord) -> datetime:
    if record.start_time is not None:
        return datetime.fromtimestamp(record.start_time, UTC)
    moment = record.update_timestamp  # of the change to STARTING: a run that waited in the queue is not late
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_ours(run: dg.DagsterRun, location: str | None) -> bool:
    """An instance may hold other people's code as well; their runs have no heartbeat that we could miss."""
    origin = run.remote_job_origin
    return location is None or origin is None or origin.location_name == location


@dg.sensor(
    minimum_interval_seconds=20,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Ends runs that died: no heartbeat for a minute, seen twice in a row; or, on this machine, no heartbeat and no "
        "process. Such a run would stay "
        "STARTED for ever and hold its account's place in the queue. What it left in doubt is settled by upkeep."
    ),
)
def stranded_runs_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> dg.SkipReason:
    """Two looks in a row: after a machine's sleep, or a database that was away, every beat is old at first sight."""
    now = linkedin.clock.now()
    records = list(context.instance.get_run_records(filters=dg.RunsFilter(statuses=ALIVE)))
    beats = last_heartbeats(linkedin.database, [record.dagster_run.run_id for record in records])
    location = context.code_location_origin.location_name if context.code_location_origin else None
    ours = [record for record in records if _is_ours(record.dagster_run, location)]
    silent = {run.run_id: run for run in silent_runs(records, beats, now, location)}
    gone = gone_from_here(ours, beats, now)
    silent |= {record.dagster_run.run_id: record.dagster_run for record in ours if record.dagster_run.run_id in gone}
    suspected = set(json.loads(context.cursor or "[]"))
    for run_id in sorted((suspected & silent.keys()) | gone):
        run = silent.pop(run_id)
        why = (
            "The run's process is gone: its heartbeat has stopped."
            if run_id in gone
            else f"The run had no heartbeat for over {SILENCE.seconds} seconds: its process or machine is gone."
        )
        if run.status is dg.DagsterRunStatus.CANCELING:
            context.instance.report_run_canceled(run, why)
        else:
            context.instance.report_run_failed(run, why)
        end_heartbeat(linkedin.database, linkedin.clock, run_id)
        log.warning("A stranded run was ended.", run_id=run_id, job=run.job_name)
        context.log.warning("Ended run %s: no heartbeat.", run_id)
    context.update_cursor(json.dumps(sorted(silent)))
    return dg.SkipReason(f"{len(records)} runs under way, {len(silent)} of them silent.")
