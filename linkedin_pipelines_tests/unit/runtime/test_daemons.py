"""A daemon that lives on a home keeps a second one from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkedin_pipelines.runtime.daemons import daemons_on, require_no_daemon
from linkedin_pipelines.runtime.home import StackError


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program by the daemon's name on the home `tmp_path / "home"`."""
    program = tmp_path / "dagster-daemon"
    program.write_text("print('here', flush=True); input()\n")
    (tmp_path / "home").mkdir()
    with subprocess.Popen(
        [sys.executable, str(program), "run"],
        env={"DAGSTER_HOME": str(tmp_path / "home")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        try:
            yield process
        finally:
            process.kill()


def test_up_refuses_beside_a_living_daemon_on_the_same_home(daemon: subprocess.Popen[str], tmp_path: Path) -> None:
    assert daemons_on(tmp_path / "home") == [daemon.pid]
    with pytest.raises(StackError, match=rf"daemon lives on this home already \(process {daemon.pid}\)"):
        require_no_daemon(tmp_path / "home", patience_seconds=0)


def test_a_daemon_on_another_home_or_one_that_ended_is_no_hindrance(
    daemon: subprocess.Popen[str], tmp_path: Path
) -> None:
    require_no_daemon(tmp_path, patience_seconds=0)
    daemon.kill()
    daemon.wait()
    require_no_daemon(tmp_path / "home", patience_seconds=0)
