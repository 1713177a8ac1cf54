"""The instance's runs that show somebody who asked to be forgotten: found, and erased as wholes.

Tables of people stand in the event log of a run, and Dagster offers no way to take one row out of them. So the runs go
that show the person, with their logs; the ledger keeps what became of everybody else. What such a run materialized is
reported again without its tables, so that the days stay known as done.

Loads Dagster, which takes a second or two: import this where it is needed, not at the top of a command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from linkedin_pipelines.db.maintenance.compacting import compact_sqlite
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.errors import ForgettingRefusedError

UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
ERASED = "The run that did this was erased, since it showed somebody who asked to be forgotten."
_PAGE = 100


class DagsterHistory:
    """What one Dagster instance keeps; implements `services.forgetting.RunHistory`."""

    def __init__(self, instance: dg.DagsterInstance, home: Path) -> None:
        self._instance = instance
        self._home = home

    def require_idle(self, account: str) -> None:
        """See that no run of the account is under way.

        Raises:
            ForgettingRefusedError: one is.
        """
        for tags in _tags_of(account):
            for run in self._instance.get_runs(dg.RunsFilter(tags=tags, statuses=UNDER_WAY), limit=1):
                raise ForgettingRefusedError(
                    f"run {run.run_id} is at work for account {account}: say it again when it has ended "
                    "(a run that died is ended by `up`, within two minutes)"
                )

    def showing(self, account: str, forgotten: Forgotten) -> list[str]:
        """The runs of the account that show somebody whom `forgotten` knows, newest first."""
        return [run.run_id for run in self._runs_of(account) if self._shows(run, forgotten)]

    def erase(self, account: str, runs: Sequence[str]) -> None:  # noqa: ARG002 - the interface's shape
        """Erase these runs with their events and logs, then leave nothing of them in Dagster's own files."""
        for run_id in runs:
            done = self._materialized_by(run_id)
            self._instance.delete_run(run_id)
            self._instance.compute_log_manager.delete_logs(prefix=[run_id])
            for key, partition in done:
                # what an asset shows as its last materialization is a copy, which only a newer one replaces
                self._instance.report_runless_asset_event(
                    dg.AssetMaterialization(key, description=ERASED, partition=partition)
                )
        # Each time, not only after erasing: an earlier order may have been cut off before this.
        history = self._home / "history"
        kept = {"runs.db", "index.db", *(f"{run_id}.db" for run_id in runs)}
        for path in sorted(history.rglob("*.db")) if history.is_dir() else ():
            if path.name in kept:
                compact_sqlite(path)

    def _runs_of(self, account: str) -> Iterator[dg.DagsterRun]:
        seen: set[str] = set()
        for tags in _tags_of(account):
            cursor: str | None = None
            while page := self._instance.get_runs(dg.RunsFilter(tags=tags), cursor=cursor, limit=_PAGE):
                cursor = page[-1].run_id
                yield from (run for run in page if run.run_id not in seen)
                seen |= {run.run_id for run in page}

    def _shows(self, run: dg.DagsterRun, forgotten: Forgotten) -> bool:
        told = [dg.serialize_value(run), *map(dg.serialize_value, self._instance.all_logs(run.run_id))]
        return any(forgotten.mentions(text) for each in told for text in _texts(json.loads(each)))

    def _materialized_by(self, run_id: str) -> list[tuple[dg.AssetKey, str | None]]:
        events = self._instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
        found = [event.asset_materialization for event in events]
        return [(each.asset_key, each.partition) for each in found if each is not None]


def _tags_of(account: str) -> tuple[dict[str, str], ...]:
    """A campaign is tagged by its two dimensions; what goes by accounts alone may have the one tag only."""
    return {"dagster/partition/account": account}, {"dagster/partition": account}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
