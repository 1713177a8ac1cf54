"""Rooms of the house stay small enough to be read at one glance."""

from __future__ import annotations

from pathlib import Path

import pytest

import linkedin_pipelines

PACKAGE = Path(linkedin_pipelines.__file__).parent
ROOMS = sorted(
    folder.relative_to(PACKAGE).as_posix()
    for parent in ("services", "db")
    for folder in (PACKAGE / parent).iterdir()
    if folder.is_dir() and (folder / "__init__.py").exists()
)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_services_or_db_holds_a_dozen_files_at_most(room: str) -> None:
    modules = [path.name for path in (PACKAGE / room).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= 12, modules
