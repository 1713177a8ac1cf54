"""A command line on a home of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines_tests.command_line import CommandLine


@pytest.fixture
def linkedin_pipelines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command, in an empty home."""
    return CommandLine(tmp_path / "home", monkeypatch, capsys)
