"""Writing a file whole or not at all, for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, content: str) -> None:
    """Put `content` (written as UTF-8) in place of what `path` held; mode 0600.

    Readers see the old file or the new one. The new one is on the disk before the old one is gone, so that a power cut
    leaves one of both.

    Raises:
        OSError: the folder is missing, full or not writable; the old file stays, and no draft is left.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
