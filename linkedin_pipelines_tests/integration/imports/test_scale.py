"""A file of any length needs the same memory.

`LINKEDIN_TEST_ROWS=1000000` runs it with a million rows; that takes minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from linkedin_pipelines_tests.checkout import PROJECT_ROOT

ROWS = int(os.environ.get("LINKEDIN_TEST_ROWS", "30000"))
"""By default as many connections as LinkedIn lets a member have."""
GROWTH_MB = 100
"""A few frames and batches of rows; a million rows held at once would be ten times this."""


@pytest.mark.timeout(1800)
def test_memory_stays_flat_however_many_rows_a_file_has(tmp_path: Path) -> None:
    arguments = [str(ROWS), f"sqlite:///{tmp_path / 'linkedin.db'}", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "linkedin_pipelines_tests.integration.imports.scale", *arguments],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    facts = json.loads(done.stdout)
    sys.stdout.write(f"\nimport at scale: {facts}\n")
    assert facts["rows"] == ROWS
    assert facts["mb_peak"] - facts["mb_before"] < GROWTH_MB
