"""One child process that ends with us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from linkedin_pipelines.runtime import child
from linkedin_pipelines.runtime.relay import Relay

_POLL_SECONDS = 0.1
_LAST_LINES_SECONDS = 2.0


class Process:
    """A command in a session of its own: a Ctrl-C in the terminal does not reach it, and its group is its own."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path | None,
        *,
        as_json: bool = False,
        handed_over: socket.socket | None = None,
    ) -> None:
        """Start `command` (first word: a program of this virtual environment).

        Args:
            name: how the member is told of it.
            command: program and arguments.
            environment: all of its environment.
            log: file for its output as it is; None relays it to our own stderr, see `relay`.
            as_json: whether each relayed line is to be a JSON object.
            handed_over: a socket that the command inherits, under the same descriptor.
        """
        self.name = name
        self.log = log
        program = Path(sys.executable).parent / command[0]
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
        self._relay = Relay(name, sys.stderr, as_json=as_json) if log is None else None
        output = (
            self._relay.descriptor
            if self._relay is not None
            else os.open(str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        )
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", child.__file__, str(os.getpid()), str(program), *command[1:]],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=() if handed_over is None else (handed_over.fileno(),),
            )
        finally:
            os.close(output)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    def last_output(self) -> str:
        """Where to read why it ended."""
        return f"see {self.log}" if self.log is not None else "its own lines above say why"

    def ask_to_stop(self) -> None:
        """SIGTERM to the process itself, not to its children."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        """Ask it to stop, wait `seconds` at most, then kill it and whatever is left of its group."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + 5
        while group_lives(self._process.pid) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if self._relay is not None:
            self._relay.join(_LAST_LINES_SECONDS)


def group_lives(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
