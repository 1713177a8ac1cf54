"""The bench itself, at sizes at which its figures mean nothing: nothing here judges time."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from linkedin_pipelines_tests.bench.__main__ import main


def test_every_figure_is_measured_printed_and_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--tiny", "--out", str(tmp_path / "bench.json")], catch_exceptions=False)
    assert done.exit_code == 0
    figures = json.loads((tmp_path / "bench.json").read_text())["figures"]
    assert len(figures) >= 9
    assert all(one["ratio"] > 0 and one["name"] in done.stdout for one in figures)
