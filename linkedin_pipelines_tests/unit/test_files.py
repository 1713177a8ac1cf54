"""A file is replaced whole, or stays as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from linkedin_pipelines.files import write_atomically


def test_the_new_content_is_its_owner_s_alone_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text("old")
    path.chmod(0o644)
    write_atomically(path, "Zoë\n")
    assert path.read_text(encoding="utf-8") == "Zoë\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_content_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
