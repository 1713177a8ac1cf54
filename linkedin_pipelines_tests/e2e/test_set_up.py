"""`make setup` on a machine where it has been done: quick, clear, and never satisfied with a browser that fails."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.e2e.processes import environment

STAMP = PROJECT_ROOT / ".venv" / "set-up.browser"
pytestmark = pytest.mark.skipif(not STAMP.exists(), reason="this environment was not made by `make setup`")


def set_up(**variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "set_up.py")]
    return subprocess.run(command, env=environment(**variables), capture_output=True, text=True, check=False)


def processor_seconds_of_children() -> float:
    """What all programs used that this process started and that have ended; a busy machine makes it no more."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_second_time_is_quick_and_says_which_browser_was_chosen() -> None:
    before = processor_seconds_of_children()
    done = set_up()
    assert done.returncode == 0, done.stderr
    assert processor_seconds_of_children() - before < 2
    assert done.stdout.startswith("browser: ")
    assert len(done.stdout.splitlines()) == 1


def test_a_named_browser_that_does_not_start_is_refused_and_the_choice_stays(tmp_path: Path) -> None:
    chosen = (PROJECT_ROOT / ".venv" / "browser-executable").read_text()
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    done = set_up(LINKEDIN_BROWSER_EXECUTABLE=str(broken))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: LINKEDIN_BROWSER_EXECUTABLE={broken} does not start")
    assert (PROJECT_ROOT / ".venv" / "browser-executable").read_text() == chosen
