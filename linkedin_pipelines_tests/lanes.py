"""Long trials are dealt out to lanes, which are processes of their own that tell their results line by line."""

from __future__ import annotations

import selectors
import subprocess
from collections.abc import Iterator
from typing import IO, cast


def lines_of(processes: list[subprocess.Popen[str]]) -> Iterator[str]:
    """Every line of all of them, as it comes."""
    with selectors.DefaultSelector() as selector:
        for process in processes:
            assert process.stdout is not None
            selector.register(process.stdout, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                stream = cast("IO[str]", key.fileobj)
                line = stream.readline()
                if line:
                    yield line
                else:
                    selector.unregister(stream)
