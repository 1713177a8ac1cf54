"""A backup of the whole database, every night, tried out when it is taken."""

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.orchestrator.event_log import clean_event_log
from linkedin_pipelines.services.maintenance.backups import KEEP, folder_of, take_backup
from linkedin_pipelines.services.maintenance.upkeep import expire_left_evidence


class BackupConfig(dg.Config):
    """How many backups are kept."""

    keep: int = Field(default=KEEP, ge=1, le=1000, description="So many of the newest backups stay; older ones go.")


class LeftEvidenceConfig(dg.Config):
    """How long screenshots of retired accounts are kept: as long as others."""

    keep_days: int = Field(
        default=180, ge=1, le=3650, description="Days for which screenshots of retired accounts are kept."
    )


@dg.op(out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def back_up(context: dg.OpExecutionContext, config: BackupConfig, linkedin: LinkedIn) -> None:
    """Copy the database, restore the copy into a scratch database, keep it if it is whole, let go of the oldest."""
    view = take_backup(linkedin.database, linkedin.settings, linkedin.clock, keep=config.keep)
    context.log.info("%s holds %d interactions.", view.path.name, view.rows.get("interactions", 0))
    context.add_output_metadata(
        {
            "file": dg.MetadataValue.path(str(view.path)),
            "folder": dg.MetadataValue.path(str(folder_of(linkedin.settings))),
            "bytes": view.bytes,
            "schema": view.revision,
            "sha256": view.sha256,
            "rows": dg.MetadataValue.json(view.rows),
        }
    )


@dg.op(ins={"backed_up": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def expire_left_screenshots(context: dg.OpExecutionContext, config: LeftEvidenceConfig, linkedin: LinkedIn) -> None:
    """Remove old screenshots of accounts that were retired or renamed, to which no upkeep of an account comes."""
    days = expire_left_evidence(linkedin.database, linkedin.settings, linkedin.clock, config.keep_days)
    context.add_output_metadata({"days_removed": days, "keep_days": config.keep_days})


@dg.op(ins={"expired": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def tidy_event_log(context: dg.OpExecutionContext, config: LeftEvidenceConfig, linkedin: LinkedIn) -> None:
    """Remove old rows of Dagster's event log, and people's names from what stays once their screenshots are gone."""
    cleaned = clean_event_log(context.instance, linkedin.settings.home, linkedin.clock.now(), config.keep_days)
    context.add_output_metadata(
        {"runs": cleaned.runs, "rows_removed": cleaned.removed, "rows_emptied": cleaned.emptied}
    )


@dg.job(
    executor_def=dg.in_process_executor,
    description=(
        "Backs the database up: a copy taken while runs go on, restored into a scratch database to see it whole. "
        "Afterwards old screenshots of retired accounts go, and old rows of Dagster's event log. "
        "`linkedin-pipelines restore FILE` puts one back."
    ),
)
def backup() -> None:
    """The backup comes first; what is old goes afterwards."""
    tidy_event_log(expire_left_screenshots(back_up()))


@dg.schedule(
    job=backup,
    cron_schedule="10 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A backup a day, before most accounts' hours begin.",
)
def backup_schedule(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Each night's backup is its own."""
    return dg.RunRequest()
