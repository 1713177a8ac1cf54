"""Runs a command that must not outlive the process that started it: `python child.py PARENT_PID COMMAND…`.

A stack that is killed outright cannot stop what it started. On Linux the kernel is asked to: when the parent dies, this
process gets SIGTERM, and so does the command, since the wish survives exec. Elsewhere the command simply runs.
Run by path, so that nothing of the package is loaded for it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, command = int(sys.argv[1]), sys.argv[2:]
    os.umask(0o077)  # Dagster's files hold people's names and texts
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before it could be watched
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - the same process on purpose
