"""Every protection of the installation on one page of Dagster's UI."""

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, table
from linkedin_pipelines.defs.shared.vocabulary import OWNERS, PROTECTIONS, UPKEEP
from linkedin_pipelines.services.notices.posture import State, posture

COLUMNS = column_schema(
    protection=("string", "What protects the members and their contacts."),
    state=("string", "on, weakened, off, or unknown."),
    meaning=("string", "What it does, or what weakens it."),
)


@dg.asset(
    key=PROTECTIONS,
    group_name=UPKEEP,
    owners=OWNERS,
    kinds={"python"},
    metadata={"dagster/column_schema": COLUMNS},
)
def protections(linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """Every protection with its state: rehearsal, approval, limits, guard, files, keys, backups, notices, terms.

    Looked at once a day; materialize it to look again. What is off or weakened comes first. `doctor` and `/ready` of
    the status server tell the same at any moment.
    """
    found = posture(linkedin.database, linkedin.settings, linkedin.clock)
    order = [State.OFF, State.WEAKENED, State.UNKNOWN, State.ON]
    ranked = sorted(found, key=lambda each: order.index(each.state))
    rows = [{"protection": each.name, "state": each.state, "meaning": each.text} for each in ranked]
    not_on = [each.name for each in ranked if each.state is not State.ON]
    return dg.MaterializeResult(
        metadata={"protections": table(COLUMNS, rows), "not_on": ", ".join(not_on) or "none", "number": len(found)}
    )


check_protections = dg.define_asset_job(
    "check_protections",
    selection=[PROTECTIONS],
    executor_def=dg.in_process_executor,
    description="Looks at every protection of the installation and shows its state; changes nothing.",
)


@dg.schedule(
    job=check_protections,
    cron_schedule="40 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Brings the page of protections up to date, once a day after the backup.",
)
def protections_schedule(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Each day's look is its own."""
    return dg.RunRequest()
