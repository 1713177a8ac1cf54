"""A backup of the whole store, every night, tried out when it is taken."""

import dagster as dg

from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.services.backups import KEEP, folder_of, take_backup


class BackupConfig(dg.Config):
    """How many backups are kept."""

    keep: int = KEEP


@dg.op(out=dg.Out(dg.Nothing), tags={"dagster/kind": "python"})
def back_up(context: dg.OpExecutionContext, config: BackupConfig, linkedin: LinkedIn) -> None:
    """Copy the store, restore the copy into a scratch store, keep it if it is whole, let go of the oldest."""
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


@dg.job(
    executor_def=dg.in_process_executor,
    description=(
        "Backs the store up: a copy taken while runs go on, restored into a scratch store to see that it is whole. "
        "`linkedin-pipelines restore FILE` puts one back."
    ),
)
def backup() -> None:
    """One step."""
    back_up()


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
