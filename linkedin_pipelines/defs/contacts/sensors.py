"""Files dropped into `inbox/<account>/`, noticed once they are whole."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from linkedin_pipelines.defs.contacts.jobs import import_contacts
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.contacts.inbox import waiting_files

ATTEMPTS = 3
"""How often a drop whose import run failed is tried again; then it waits for a human, or for another file."""

DROP_TAG = "linkedin/inbox"


def fingerprint(files: Sequence[Path]) -> str:
    """Tells one drop of files from any other: by name, size and time. Reading a gigabyte every minute tells no more."""
    seen = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


@dg.sensor(
    job=import_contacts,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts an import for every account whose inbox folder holds files that have stopped growing. The run moves "
        "them to done/ or refused/, with a report beside each."
    ),
)
def inbox_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
    notes: list[str] = []
    asked = 0
    waiting = sorted(waiting_files(linkedin.settings.inbox).items())
    known = set(context.instance.get_dynamic_partitions(accounts.name or "")) if waiting else set()
    for account, files in waiting:
        if account not in known:
            notes.append(f"inbox/{account}: no such account.")
            continue
        drop = fingerprint(files)
        earlier = context.instance.get_runs_count(dg.RunsFilter(tags={DROP_TAG: drop}))
        ended = context.instance.get_runs_count(
            dg.RunsFilter(tags={DROP_TAG: drop}, statuses=[dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED])
        )
        if earlier > ended:
            notes.append(f"inbox/{account}: its import is under way.")
        elif ended >= ATTEMPTS:
            notes.append(f"inbox/{account}: {ended} imports of these files failed; see the runs, then drop them anew.")
        else:
            asked += 1
            yield dg.RunRequest(run_key=f"{drop}:{ended}", partition_key=account, tags={DROP_TAG: drop})
    if not asked:
        yield dg.SkipReason(" ".join(notes) or "Nothing new in any inbox.")
