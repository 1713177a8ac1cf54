"""Dagster's run queue, as the status server reaches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkedin_pipelines.errors import LaunchRefusedError, OrchestratorUnavailableError
from linkedin_pipelines.status_server.graphql import LOCATION, REPOSITORY, DagsterWeb

_FIND = """query Find($filter: RunsFilter!) { runsOrError(filter: $filter, limit: 1) {
  __typename ... on Runs { results { runId } } } }"""
_LAUNCH = """mutation Launch($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename
  ... on LaunchRunSuccess { run { runId } }
  ... on RunConfigValidationInvalid { errors { message } }
  ... on Error { message } } }"""


class NoQueue:
    """Stands for the queue where no web server was named."""

    def find(self, tag: str, value: str) -> str | None:
        raise OrchestratorUnavailableError(f"no web server to ask for {tag}={value}: start with --web-server")

    def launch(self, job: str, tags: Mapping[str, str], config: Mapping[str, Any]) -> str:
        del tags, config
        raise OrchestratorUnavailableError(f"no web server to launch {job} through: start with --web-server")


class DagsterQueue:
    """The queue of the instance behind a web server."""

    def __init__(self, web: DagsterWeb) -> None:
        """Take the web server."""
        self._web = web

    def find(self, tag: str, value: str) -> str | None:
        """The id of a run with that tag.

        Raises:
            OrchestratorUnavailableError: the web server does not answer.
        """
        answer = self._web.ask(_FIND, {"filter": {"tags": [{"key": tag, "value": value}]}})["runsOrError"]
        if answer["__typename"] != "Runs":
            raise OrchestratorUnavailableError("Dagster cannot tell its runs now")
        return str(answer["results"][0]["runId"]) if answer["results"] else None

    def launch(self, job: str, tags: Mapping[str, str], config: Mapping[str, Any]) -> str:
        """Queue a run; its id.

        Raises:
            OrchestratorUnavailableError: the web server does not answer.
            LaunchRefusedError: Dagster does not take the run.
        """
        params = {
            "selector": {"repositoryLocationName": LOCATION, "repositoryName": REPOSITORY, "jobName": job},
            "runConfigData": dict(config),
            "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
        }
        answer = self._web.ask(_LAUNCH, {"params": params})["launchRun"]
        if answer["__typename"] == "LaunchRunSuccess":
            return str(answer["run"]["runId"])
        message = answer.get("message") or "; ".join(each["message"] for each in answer.get("errors", []))
        raise LaunchRefusedError(
            f"Dagster did not take the run: {message.splitlines()[0] if message else answer['__typename']}"
        )
