"""One folder for all temporary files of a run, so that not even a browser that was killed leaves one behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

_AFTER_ALL = -1000
"""Multiprocessing removes its own temporary folder at -100; the highest goes first."""


def remove_at_exit(folder: Path) -> None:
    """Remove the folder once multiprocessing has removed its own within it, which it does not do without complaint."""
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=_AFTER_ALL)


def make() -> Path:
    """Make the folder, and have this process and all that it starts put their temporary files there."""
    folder = Path(tempfile.mkdtemp(prefix="lp-"))  # short: sockets lie in it
    folder.chmod(0o711)  # run by root, the Postgres server belongs to a user of its own
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    return folder
