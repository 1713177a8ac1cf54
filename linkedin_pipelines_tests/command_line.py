"""The command line as a test calls it: in this process, with an environment of its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from linkedin_pipelines.cli import main


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        return json.loads(self.out)

    def refused_with(self, *words: str) -> bool:
        """One line on stderr that starts with `error:` and holds the words; nothing on stdout, no traceback."""
        lines = self.err.splitlines()
        one_line = len(lines) == 1 and lines[0].startswith("error: ")
        return self.code != 0 and one_line and not self.out and all(word in self.err for word in words)


class CommandLine:
    """Calls `linkedin-pipelines` for a home."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys
        at_home(home, monkeypatch)

    def __call__(self, *arguments: str | Path) -> Result:
        self._capsys.readouterr()
        with kept_logging():
            code = main([str(argument) for argument in arguments])
        printed = self._capsys.readouterr()
        return Result(code, printed.out, printed.err)


def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands of this process find that home, and nothing of another."""
    monkeypatch.setenv("LINKEDIN_HOME", str(home))
    for name in ("LINKEDIN_DATABASE_URL", "LINKEDIN_ACCOUNTS_FILE", "LINKEDIN_SECRET_KEY", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def kept_logging() -> Iterator[None]:
    """Put logging back as it was: a command sets it up for its whole process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
