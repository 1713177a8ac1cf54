"""docs/sandbox.md names everything that can be set, and its world is one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from linkedin_pipelines.sandbox.faults import CONTENT, SENDS, STOPS, ComposerFault, PageFault
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.scenarios import SCENARIOS
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in (*STOPS, *CONTENT, *SENDS) if not name.startswith("checkpoint_")),
        *get_args(PageFault),
        *get_args(ComposerFault),
        *Interface.model_fields,
        *SCENARIOS,
    ],
)
def test_every_setting_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_world_of_the_page_is_one_and_shows_every_field() -> None:
    text = PAGE[PAGE.index('    {"today"') : PAGE.index("Names are required")]
    World.model_validate_json(text)
    for model in (World, Member, Person, Relation):
        for name in model.model_fields:
            assert f'"{name}"' in text
