"""Dagster daemons that live on a home without holding its lock: started by hand, or left by a stack that is ending."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from linkedin_pipelines.runtime.home import StackError

_PROGRAMS = frozenset({"dagster-daemon", "dagster._daemon"})
PATIENCE_SECONDS = 20.0
"""How long the daemon of a stack that was killed may take to end."""
_POLL_SECONDS = 0.2


def daemons_on(home: Path) -> list[int]:
    """Process ids of the Dagster daemons of this machine whose home this is, lowest first.

    Other users' processes do not tell their home; they cannot use ours either, which is readable by its owner alone.
    """
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if _PROGRAMS.isdisjoint(Path(word).name for word in words):
                continue
            theirs = process.environ().get("DAGSTER_HOME")
        except psutil.Error:  # it has just ended, or is another user's
            continue
        if theirs and Path(theirs).expanduser().resolve() == home.resolve():
            found.append(process.pid)
    return sorted(found)


def require_no_daemon(home: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """See that no daemon launches schedules of this home already; one that is just ending is waited for.

    Raises:
        StackError: one lives on.
    """
    deadline = time.monotonic() + patience_seconds
    while found := daemons_on(home):
        if time.monotonic() > deadline:
            raise StackError(
                f"a Dagster daemon lives on this home already (process {found[0]}), and two would launch every "
                f"schedule twice: stop it, then start again ({home})"
            )
        time.sleep(_POLL_SECONDS)
