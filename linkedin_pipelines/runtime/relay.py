"""What the processes of a stack print, brought to one form on the way to our own output.

Dagster prints a coloured line at every event of a run, with the words of whatever failed, which may quote a page and
with it people. Here a line is printed when something happens: a run begins, ends or fails at a step. Everything else of
a run is in Dagster, for those who may see it. With `LINKEDIN_LOG_FORMAT=json` every line is one JSON object.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from linkedin_pipelines.logging import without_people

_OF_A_RUN = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} - dagster - (?P<level>[A-Z]+) - (?P<job>\S+) - (?P<run_id>[0-9a-f-]{36})"
    r"(?: - \d+)?(?: - (?P<step>(?![A-Z][A-Z_]+ - )\S+))?(?: - (?P<event>[A-Z][A-Z_]+) - .*| - .*)?$"
)
_BEGINS = re.compile(r"(\x1b\[\d+m)*\d{4}-\d\d-\d\d[ T]|\{")
"""How a line begins that is not the continuation of another."""
_TOLD = frozenset({"RUN_START", "RUN_SUCCESS", "RUN_FAILURE", "RUN_CANCELED", "STEP_FAILURE"})


class Relay:
    """Takes a process's output by `descriptor`, and writes what is worth it to a stream, a line each."""

    def __init__(self, name: str, stream: TextIO, *, as_json: bool) -> None:
        """Begin to read; `name` is the process's, for lines that are not its own JSON."""
        self._name = name
        self._stream = stream
        self._as_json = as_json
        self._within_run = False
        reading, self.descriptor = os.pipe()
        self._thread = threading.Thread(target=self._read, args=(reading,), name=f"output of {name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close our own end; the reading ends with the last process that holds another."""
        os.close(self.descriptor)

    def join(self, seconds: float) -> None:
        """Wait until everything that was printed is written, so long at most."""
        self._thread.join(seconds)

    def _read(self, descriptor: int) -> None:
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                for told in self._told(line.rstrip("\r\n")):
                    self._stream.write(told + "\n")
                    self._stream.flush()

    def _told(self, line: str) -> Iterator[str]:
        if found := _OF_A_RUN.match(line):
            self._within_run = True
            if found["event"] in _TOLD:
                yield self._of_run(found)
        elif _BEGINS.match(line):
            self._within_run = False
            yield self._plain(line)
        elif line.strip() and not self._within_run:
            yield self._plain(line)

    def _of_run(self, found: re.Match[str]) -> str:
        facts = {"job": found["job"], "run_id": found["run_id"], "step": found["step"]}
        event = str(found["event"]).lower()
        level = "error" if event.endswith("failure") else "info"
        if self._as_json:
            return self._json(event, level, {name: each for name, each in facts.items() if each})
        return f"{_now()} [{level}] {event} " + " ".join(f"{name}={each}" for name, each in facts.items() if each)

    def _plain(self, line: str) -> str:
        if not self._as_json or _is_object(line):
            return line
        return self._json(without_people(line), "info", {})

    def _json(self, event: str, level: str, facts: dict[str, str]) -> str:
        return json.dumps({"event": event, "level": level, "process": self._name, "timestamp": _now(), **facts})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
