"""The product's own command as a process of its own, and what is left of it afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = Path(sys.executable).parent
START_SECONDS = 400
STOP_SECONDS = 240


def environment(**values: str) -> dict[str, str]:
    """Ours, without what is meant for another installation."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LINKEDIN_", "DAGSTER_"))}
    clean["LINKEDIN_FIRST_DAY"] = os.environ["LINKEDIN_FIRST_DAY"]  # days of tests lie before any account's own first
    return clean | values


@contextmanager
def started(*command: str | Path, env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the virtual environment, its output in `log`; stopped if the test leaves it running."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PROGRAMS / command[0], *command[1:]], env=dict(env), stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Look until the condition holds; the process must live meanwhile."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        select_briefly(process)


def select_briefly(process: subprocess.Popen[bytes]) -> None:
    """Give the process a moment, or less if it ends in it."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def answers(url: str | urllib.request.Request) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def asked(url: str, query: str) -> Any:
    """What Dagster's web server says to a GraphQL query."""
    request = urllib.request.Request(
        f"{url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def processes_of(marker: str) -> list[str]:
    """Command lines of the processes in whose environment or arguments `marker` occurs."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            told = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
        except OSError:  # it has ended, or is another user's
            continue
        if marker.encode() in told:
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode() if entry.exists() else "")
    return [line for line in found if line]
