"""Runs of the instance: launched through the running web server's queue, watched, and ended with the stack.

Loads Dagster, which takes a second or two: import this where it is needed, not at the top of a command.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dagster as dg
import structlog
from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError

from linkedin_pipelines.defs.shared.vocabulary import HELD_TAG, STOPPED_TAG
from linkedin_pipelines.domain.jobs import LIVE_STEPS, live_config
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.runtime.home import NotUpError, UpNote

log = structlog.get_logger(__name__)

_POLL_SECONDS = 0.5
_UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_ENDED = frozenset({dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED})
_SERVED_BY_TAG = ".dagster/grpc_info"
"""Tag in which Dagster's launcher notes the code server that runs a run."""
_PARTITION_TAG = "dagster/partition"


class RunRefusedError(LinkedInPipelinesError):
    """The run was not launched; says what there is instead."""


@dataclass(frozen=True)
class RunView:
    """A run as it was last seen."""

    run_id: str
    status: str
    page: str

    @property
    def ended(self) -> bool:
        return self.status in {status.value for status in _ENDED}

    @property
    def succeeded(self) -> bool:
        return self.status == dg.DagsterRunStatus.SUCCESS.value


@contextmanager
def instance_of(home: Path) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance that lives in the home."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def tags_of(home: Path, job_name: str, account: str, day: date) -> dict[str, str]:
    """The partition tags with which a run of the job is that account's, and that day's or its month's by what it needs.

    Raises:
        RunRefusedError: there is no such job, or the job has no such partition; says which there are.
    """
    from linkedin_pipelines.definitions import defs
    from linkedin_pipelines.orchestrator.partitions import campaign_key, month_key, tags_of_key

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dagster warns of what is in beta; the member can do nothing about it
        jobs = {job.name: job for job in defs().resolve_all_job_defs() if not job.name.startswith("__")}
    if job_name not in jobs:
        raise RunRefusedError(f"no job {job_name!r}: there are {', '.join(sorted(jobs))}")
    partitions = jobs[job_name].partitions_def
    if partitions is None:
        return {}
    with instance_of(home) as instance:
        known = instance.get_dynamic_partitions("account")
        if account not in known:
            accounts = ", ".join(known) or "none yet; `linkedin-pipelines accounts apply` adds them"
            raise RunRefusedError(f"{job_name} has no partition for account {account!r}: there are {accounts}")
        if not isinstance(partitions, dg.MultiPartitionsDefinition):
            return {_PARTITION_TAG: account, f"{_PARTITION_TAG}/account": account}
        by_month = "month" in partitions.partition_dimension_names
        dimension, key = ("month", month_key(account, day)) if by_month else ("date", campaign_key(account, day))
        wanted = key.keys_by_dimension[dimension]
        there = partitions.get_partitions_def_for_dimension(dimension).get_partition_keys()
        if wanted not in there:
            raise RunRefusedError(f"{job_name} has no partition for {wanted}: there are {there[0]} to {there[-1]}")
    return tags_of_key(key)


def configuration_of(job_name: str, *, live: bool) -> dict[str, Any]:
    """The run's configuration.

    Raises:
        RunRefusedError: the job does nothing that could be live.
    """
    if not live:
        return {}
    if job_name not in LIVE_STEPS:
        raise RunRefusedError(f"{job_name} sends nothing, so it cannot be --live: {', '.join(LIVE_STEPS)} can")
    return live_config(job_name)


class Launcher:
    """Talks to the web server of the stack that is up in a home, as the UI does."""

    def __init__(self, home: Path) -> None:
        """Find the web server.

        Raises:
            NotUpError: nothing is up in the home.
        """
        self._note = UpNote.read(home)
        self._home = home
        address = urlsplit(self._note.url)
        self._client = DagsterGraphQLClient(address.hostname or "127.0.0.1", port_number=address.port, timeout=60)

    def launch(self, job_name: str, tags: Mapping[str, str], run_config: Mapping[str, Any]) -> RunView:
        """Put a run into the instance's queue.

        Raises:
            NotUpError: the stack has gone.
            RunRefusedError: Dagster does not take the run.
        """
        with self._naming_failures():
            run_id = self._client.submit_job_execution(job_name, tags=dict(tags), run_config=dict(run_config))
        return RunView(run_id, dg.DagsterRunStatus.QUEUED.value, f"{self._note.url}/runs/{run_id}")

    def refreshed(self, run: RunView) -> RunView:
        """The run as it is now.

        Raises:
            NotUpError: the stack has gone.
        """
        with self._naming_failures():
            status = self._client.get_run_status(run.run_id)
        return RunView(run.run_id, status.value, run.page)

    def wait(self, run: RunView, pause: Callable[[float], object] = time.sleep) -> RunView:
        """The run once it has ended; `pause` is how to wait some seconds between two looks."""
        while not (run := self.refreshed(run)).ended:
            pause(_POLL_SECONDS)
        return run

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        try:
            yield
        except DagsterGraphQLClientError as error:
            if any(isinstance(cause, OSError) for cause in _causes(error)):
                raise NotUpError(
                    f"nothing answers at {self._note.url}: start it with `linkedin-pipelines up`"
                ) from error
            message = " ".join(str(part) for part in error.args)
            raise RunRefusedError(f"Dagster did not take the run: {message.splitlines()[0]}") from error


def failures_of(home: Path, run_id: str) -> list[str]:
    """What the steps of a run failed of, a line each."""
    with instance_of(home) as instance:
        records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records
    lines = []
    for record in records:
        event = record.event_log_entry.dagster_event
        error = event.step_failure_data.error if event is not None else None
        while error is not None and error.cause is not None:
            error = error.cause
        if event is not None and error is not None:
            lines.append(f"{event.step_key}: {' '.join(error.message.split())}")
    return lines


def held_because(home: Path, run_id: str) -> list[str]:
    """Why a run that succeeded did not bring its campaign to its end; nothing if it did."""
    with instance_of(home) as instance:
        run = instance.get_run_by_id(run_id)
        if run is None or run.tags.get(HELD_TAG) != "true":
            return []
        records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    found = [record.event_log_entry.dagster_event for record in records]
    checks = [event.asset_check_evaluation_data for event in found if event is not None]
    return [f"{check.check_name}: {check.description}" for check in checks if not check.passed] or ["it was held"]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def end_runs_of(home: Path, code_socket: Path, seconds: float) -> None:
    """Terminate the runs that the code server at `code_socket` carries out, and wait until they have ended.

    They are tagged as stopped with the stack, so that their campaigns go on when it is up again.
    A run that does not end within `seconds` is left to whoever stops the processes.
    """
    with instance_of(home) as instance:
        ours = [
            run.run_id
            for run in instance.get_runs(dg.RunsFilter(statuses=_UNDER_WAY))
            if json.loads(run.tags.get(_SERVED_BY_TAG, "{}")).get("socket") == str(code_socket)
        ]
        for run_id in ours:
            instance.add_run_tags(run_id, {STOPPED_TAG: "true"})
            try:
                instance.run_launcher.terminate(run_id)
            except dg.DagsterError as error:
                # The code server is gone or too busy to answer; the run ends with its process all the same.
                log.warning("run_not_told_to_end", run_id=run_id, error_type=type(error).__name__)
        deadline = time.monotonic() + seconds
        while ours and time.monotonic() < deadline:
            ours = [run_id for run_id in ours if (run := instance.get_run_by_id(run_id)) and not run.is_finished]
            time.sleep(_POLL_SECONDS)
