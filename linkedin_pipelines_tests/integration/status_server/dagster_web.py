"""A small HTTP server that answers GraphQL as Dagster's web server does, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeDagster:
    """Queues runs, and finds them by tag."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.lose_answers = 0
        """So many launches are carried out without an answer."""
        self.url = ""

    def answer(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        variables = asked["variables"]
        if "launchRun" in asked["query"]:
            self.runs.append(variables["params"])
            if self.lose_answers:
                self.lose_answers -= 1
                return None
            return {"launchRun": {"__typename": "LaunchRunSuccess", "run": {"runId": f"run-{len(self.runs)}"}}}
        wanted = variables["filter"]["tags"][0]
        found = [
            {"runId": f"run-{number}"}
            for number, run in enumerate(self.runs, 1)
            if wanted in run["executionMetadata"]["tags"]
        ]
        return {"runsOrError": {"__typename": "Runs", "results": found[:1]}}


@contextmanager
def serving(answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            data = answer(asked)
            if data is None:
                self.close_connection = True
                return
            body = json.dumps({"data": data}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
