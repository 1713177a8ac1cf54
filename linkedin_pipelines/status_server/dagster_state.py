"""How Dagster stands, as its web server tells: daemons by the age of their heartbeats, code location, runs, ticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linkedin_pipelines.status_server.graphql import LOCATION, REPOSITORY, DagsterWeb

HEARTBEAT_SECONDS = 120.0
"""A daemon whose last heartbeat is older is down. Dagster itself would call it healthy for half an hour."""

_DAEMONS = """{ instance { daemonHealth { allDaemonStatuses {
  daemonType required lastHeartbeatTime lastHeartbeatErrors { message } } } } }"""
_LOCATION = """{ workspaceOrError { __typename
  ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename } } } } }"""
_RUNS = """query Runs($location: String!, $repository: String!) {
  queued: runsOrError(filter: {statuses: [QUEUED]}) { ... on Runs { count } }
  starting: runsOrError(filter: {statuses: [NOT_STARTED, STARTING]}) { ... on Runs { count } }
  started: runsOrError(filter: {statuses: [STARTED]}) { ... on Runs { count } }
  canceling: runsOrError(filter: {statuses: [CANCELING]}) { ... on Runs { count } }
  success: runsOrError(filter: {statuses: [SUCCESS]}) { ... on Runs { count } }
  failure: runsOrError(filter: {statuses: [FAILURE]}) { ... on Runs { count } }
  canceled: runsOrError(filter: {statuses: [CANCELED]}) { ... on Runs { count } }
  queue: runsOrError(filter: {statuses: [QUEUED]}, limit: 500) { ... on Runs { results { creationTime } } }
  recent: runsOrError(filter: {statuses: [SUCCESS, FAILURE]}, limit: 100) {
    ... on Runs { results { jobName startTime endTime } } }
  repositoryOrError(repositorySelector: {repositoryLocationName: $location, repositoryName: $repository}) {
    ... on Repository {
      schedules { name scheduleState { status ticks(limit: 1) { status } } }
      sensors { name sensorState { status ticks(limit: 1) { status } } } } } }"""


@dataclass(frozen=True)
class Daemon:
    """One daemon that the instance needs."""

    name: str
    age_seconds: float | None
    """Since its last heartbeat; None if it never gave one."""
    errors: int
    """How many errors its last heartbeat told."""

    @property
    def alive(self) -> bool:
        return self.age_seconds is not None and self.age_seconds <= HEARTBEAT_SECONDS


def daemons(web: DagsterWeb, now: datetime) -> list[Daemon]:
    """The daemons that the instance needs.

    Raises:
        OrchestratorUnavailableError: the web server does not answer.
    """
    statuses = web.ask(_DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
    return [
        Daemon(
            each["daemonType"],
            None if each["lastHeartbeatTime"] is None else max(0.0, now.timestamp() - each["lastHeartbeatTime"]),
            len(each["lastHeartbeatErrors"] or []),
        )
        for each in statuses
        if each["required"]
    ]


def location_loaded(web: DagsterWeb) -> bool:
    """Whether our code location is there and loaded.

    Raises:
        OrchestratorUnavailableError: the web server does not answer.
    """
    entries = web.ask(_LOCATION)["workspaceOrError"].get("locationEntries", [])
    return any(
        each["name"] == LOCATION
        and each["loadStatus"] == "LOADED"
        and (each["locationOrLoadError"] or {}).get("__typename") == "RepositoryLocation"
        for each in entries
    )


def runs(web: DagsterWeb) -> dict[str, Any]:
    """Counts of runs by status, the queue, recent runs, and the last ticks, as the web server gives them.

    Raises:
        OrchestratorUnavailableError: the web server does not answer.
    """
    return web.ask(_RUNS, {"location": LOCATION, "repository": REPOSITORY})
