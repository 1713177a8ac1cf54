"""The worlds that the sandbox knows by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from linkedin_pipelines.sandbox.demo import DemoMember, demo_world
from linkedin_pipelines.sandbox.world import World

SCENARIOS: dict[str, Callable[[date], World]] = {
    "demo": demo_world,
    "french": lambda today: demo_world(today, [DemoMember("demo", language="fr")]),
    "german": lambda today: demo_world(today, [DemoMember("demo", language="de")]),
    "spanish": lambda today: demo_world(today, [DemoMember("demo", language="es")]),
    "ember": lambda today: demo_world(today, [DemoMember("demo", generation="ember")]),
    "data-view": lambda today: demo_world(today, [DemoMember("demo", generation="data_view")]),
    "team": lambda today: demo_world(
        today, [DemoMember("demo"), DemoMember("amelie", language="fr", generation="ember")]
    ),
}


def world_of(scenario: str, today: date) -> World:
    """The world of a scenario's name, or of a JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: neither a known name nor a file, or the file holds no world.
    """
    if scenario in SCENARIOS:
        return SCENARIOS[scenario](today)
    path = Path(scenario)
    if not path.is_file():
        known = ", ".join(SCENARIOS)
        raise ValueError(f"no scenario {scenario!r}; there are {known}, or give the path of a world's JSON file")
    return World.load(path)
