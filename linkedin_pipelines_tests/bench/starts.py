"""What a process costs before it does anything: importing the definitions, beside importing Dagster alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from linkedin_pipelines_tests.bench.figures import Figure, figure


def figures(folder: Path, *, turns: int) -> Iterator[Figure]:
    """Processor time of a new process each."""
    environment = os.environ | {"LINKEDIN_HOME": str(folder / "starts")}

    def importing(what: str) -> None:
        subprocess.run([sys.executable, "-c", f"import {what}"], check=True, env=environment, stderr=subprocess.DEVNULL)

    yield figure(
        "a process with all definitions",
        lambda: importing("linkedin_pipelines.definitions as d; d.defs()"),
        lambda: importing("dagster"),
        "a process that imports Dagster",
        turns=turns,
    )
