"""Asking Dagster's web server by GraphQL over HTTP, with a time limit of our own.

Dagster's own client would load Dagster, and waits for 300 seconds.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from linkedin_pipelines.errors import OrchestratorUnavailableError

LOCATION = "linkedin_pipelines"
REPOSITORY = "__repository__"
SECONDS = 10.0


class DagsterWeb:
    """The web server of one instance."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        """Take the server's address, such as http://127.0.0.1:3000, and how long it may take to answer."""
        self.url = url.rstrip("/")
        self._seconds = seconds

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer.

        Raises:
            OrchestratorUnavailableError: no answer in time, or an answer that states errors.
        """
        request = urllib.request.Request(  # noqa: S310 - the operator's own address
            f"{self.url}/graphql",
            json.dumps({"query": query, "variables": dict(variables or {})}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as response:  # noqa: S310
                answer = json.load(response)
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise OrchestratorUnavailableError(
                f"Dagster's web server at {self.url} does not answer: {reason}"
            ) from error
        if not isinstance(answer, dict) or answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise OrchestratorUnavailableError(f"Dagster's web server at {self.url} answers with an error")
        data: dict[str, Any] = answer["data"]
        return data
