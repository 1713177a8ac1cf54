"""Handing a campaign to the orchestrator's queue, at most once an idempotency key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import LaunchRequest
from linkedin_pipelines.db.reporting import launches as rows
from linkedin_pipelines.domain.jobs import LIVE_STEPS, last_day, live_config
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LaunchRefusedError, LaunchUnderWayError
from linkedin_pipelines.services.accounts.first_day import first_day
from linkedin_pipelines.services.accounts.registry import get_account

LAUNCH_TAG = "linkedin/launch_request"
"""Tag of a run that was asked for over HTTP: the number of its request."""


class Queue(Protocol):
    """The orchestrator's queue of runs."""

    def find(self, tag: str, value: str) -> str | None:
        """The id of a run with that tag, if there is one."""
        ...

    def launch(self, job: str, tags: Mapping[str, str], config: Mapping[str, Any]) -> str:
        """Queue a run; its id."""
        ...


@dataclass(frozen=True)
class Launch:
    """A launch that the queue has taken."""

    request_id: int
    run_id: str
    job: str
    account: str
    list_date: date
    live: bool
    repeated: bool
    """Whether an earlier request with this key had launched it."""


def launch(
    database: Database,
    clock: Clock,
    queue: Queue,
    *,
    idempotency_key: str,
    job: str,
    account: str,
    list_date: date | None,
    live: bool,
) -> Launch:
    """Queue a campaign. The same key with the same request answers with the same run, however often it is asked.

    A day left out is the account's present one.

    Raises:
        UnknownAccountError: there is no such account.
        LaunchRefusedError: no such job or day, or the key was used for another request.
        LaunchUnderWayError: another request with this key is handing the launch over now.
        OrchestratorUnavailableError: the queue does not answer; ask again with the same key.
    """
    if job not in LIVE_STEPS:
        raise LaunchRefusedError(f"no campaign {job!r}: there are {', '.join(LIVE_STEPS)}")
    found = get_account(database, account)
    asked = hashlib.sha256(repr((job, account, list_date and list_date.isoformat(), live)).encode()).hexdigest()
    now = clock.now()
    day = list_date or local_day(now, found.config.zone)
    first = first_day(database, now)
    if not first <= day <= last_day(now):
        raise LaunchRefusedError(f"{job} has no partition for {day}: there are {first} to {last_day(now)}")
    with database.writing() as session:
        row = LaunchRequest(
            idempotency_key=idempotency_key,
            request_hash=asked,
            account_id=found.id,
            job=job,
            list_date=day,
            live=live,
            requested_at=now,
            claimed_until=now + rows.CLAIM,
        )
        fresh = rows.find(session, idempotency_key) is None and rows.add(session, row)
        if not fresh:
            earlier = rows.find(session, idempotency_key)
            assert earlier is not None
            row = earlier
            if row.request_hash != asked:
                raise LaunchRefusedError("this idempotency key was used for another request: choose a new one")
            if row.run_id is not None:
                return _launch(row, account, row.run_id, repeated=True)
            if not rows.take_over(session, row.id, now):
                raise LaunchUnderWayError("this launch is being handed over: ask again in a minute with the same key")
    try:
        # A former request may have died between the queue's yes and ours.
        known = None if fresh else queue.find(LAUNCH_TAG, str(row.id))
        run_id = known or queue.launch(job, _tags(row, account), live_config(job) if live else {})
    except BaseException:
        # A time limit does not tell whether the queue took it: the next request looks before it launches.
        with database.writing() as session:
            rows.let_go(session, row.id, clock.now())
        raise
    with database.writing() as session:
        rows.finish(session, row.id, run_id)
    return _launch(row, account, run_id, repeated=known is not None)


def _tags(row: LaunchRequest, account: str) -> dict[str, str]:
    """The partition's own tags, as Dagster writes them, and the request's."""
    partition = "dagster/partition"
    return {
        partition: f"{account}|{row.list_date}",
        f"{partition}/account": account,
        f"{partition}/date": row.list_date.isoformat(),
        LAUNCH_TAG: str(row.id),
    }


def _launch(row: LaunchRequest, account: str, run_id: str, *, repeated: bool) -> Launch:
    return Launch(row.id, run_id, row.job, account, row.list_date, row.live, repeated)
