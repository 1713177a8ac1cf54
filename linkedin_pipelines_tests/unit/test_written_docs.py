"""Pages that are drawn from the code are what the code would draw today."""

from __future__ import annotations

import runpy
from pathlib import Path

from linkedin_pipelines_tests.checkout import PROJECT_ROOT


def test_drawn_pages_are_current() -> None:
    pages: dict[Path, str] = runpy.run_path(str(PROJECT_ROOT / "scripts" / "write_docs.py"))["pages"]()
    stale = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"
