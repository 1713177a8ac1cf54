"""One folder for all temporary files of a run, so that not even a browser that was killed leaves one behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def make() -> Path:
    """Make the folder, and have this process and all that it starts put their temporary files there."""
    folder = Path(tempfile.mkdtemp(prefix="lp-"))  # short: sockets lie in it
    folder.chmod(0o711)  # run by root, the Postgres server belongs to a user of its own
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    return folder
