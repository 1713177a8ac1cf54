"""What is done on the command line, told to Dagster as well: the asset shows it as if a run had done it.

It is told as a run of its own, with the account's tags: its tables name people, and erasing somebody erases whole runs.
Loads Dagster, which takes a second or two: import this where it is needed, not at the top of a command.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.utils import make_new_run_id

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.defs.contacts.assets import facts_of
from linkedin_pipelines.defs.shared.vocabulary import CONTACTS
from linkedin_pipelines.orchestrator.runs import instance_of
from linkedin_pipelines.services.contacts.import_reports import ImportReport
from linkedin_pipelines.settings import Settings

JOB = "import_contacts"
BY_COMMAND = {"linkedin/by": "command line"}


def report_contacts(home: Path, settings: Settings, database: Database, clock: Clock, report: ImportReport) -> str:
    """Report a materialization of `contacts` for the account of an import, with the tables that a run shows.

    Returns:
        The id of the run under which it stands.

    Raises:
        Exception: whatever Dagster's own storage raises; the import itself is done by then.
    """
    account = report.account
    facts = facts_of(settings, database, clock, account, report.files, {})
    done = StepMaterializationData(dg.AssetMaterialization(CONTACTS, partition=account, metadata=facts))
    tags = {"dagster/partition": account, "dagster/partition/account": account}
    run = dg.DagsterRun(job_name=JOB, run_id=make_new_run_id(), tags=tags | BY_COMMAND)
    with instance_of(home) as instance:
        instance.add_run(run)
        for event in (
            DagsterEvent(dg.DagsterEventType.RUN_START.value, JOB),
            DagsterEvent(
                dg.DagsterEventType.ASSET_MATERIALIZATION.value,
                JOB,
                step_key=CONTACTS.path[-1],
                event_specific_data=done,
            ),
            DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, JOB),
        ):
            instance.report_dagster_event(event, run.run_id)
    return run.run_id
