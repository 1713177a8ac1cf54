"""Child processes, with real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linkedin_pipelines.runtime import child
from linkedin_pipelines.runtime.processes import Process, group_lives

DEADLINE_SECONDS = 20


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"


def test_stopping_leaves_nothing_of_the_group(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "stubborn.log"
    stubborn = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']); "
        "print('ready', flush=True); child.wait()"
    )
    process = Process("stubborn", ["python3", "-c", stubborn], os.environ, log)
    until(lambda: log.exists() and "ready" in log.read_text())
    process.stop(0.1)
    assert not group_lives(process.pid)
    assert process.exit_code == -signal.SIGKILL


def test_a_terminal_s_interruption_does_not_reach_it(tmp_path: Path) -> None:
    process = Process("waiting", ["python3", "-c", "import signal; signal.pause()"], os.environ, tmp_path / "log")
    try:
        assert os.getsid(process.pid) != os.getsid(0)
    finally:
        process.stop(5)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word at a parent's death is Linux's")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    waiting = f"import os, pathlib, signal; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); signal.pause()"
    starting = (
        "import os, subprocess, sys; "
        f"command = [sys.executable, {child.__file__!r}, str(os.getpid()), sys.executable, '-c', sys.argv[1]]; "
        "subprocess.Popen(command).wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", starting, waiting])
    until(lambda: told.exists() and told.read_text() != "")
    grandchild = int(told.read_text())
    parent.kill()
    parent.wait()
    until(
        lambda: not Path(f"/proc/{grandchild}/cmdline").exists() or not Path(f"/proc/{grandchild}/cmdline").read_bytes()
    )
