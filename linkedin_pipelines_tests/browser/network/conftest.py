"""One sandbox and one signed-in browser a test module; each test brings its own world to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.stage import QUICK, TODAY, Stage, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.site_control import control, disarm

Scene = Callable[..., "Shown"]


class Shown:
    """A world on the module's site."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.site: Site = stage.browser._site
        self._before = {what: len(stage.told(what)) for what in ("visits", "withdrawals", "conduct")}

    def told(self, what: str) -> list[str]:
        """The people of the site's own record, since this world."""
        return [each["person"] for each in self.stage.told(what)[self._before[what] :]]

    def fault(self, name: str, **more: object) -> None:
        self.stage.fault(name, **more)


@pytest.fixture(scope="module")
def module_stage(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings.from_environment({"LINKEDIN_HOME": str(home)})
    with stage_of(chromium, settings, ManualClock(), world()) as stage:
        yield stage


@pytest.fixture
def scene(module_stage: Stage) -> Iterator[Scene]:
    """Replaces the site's world by one of these people, relations and fields of the member."""

    def show(
        interface: dict[str, Any], people: tuple[Person, ...], relations: dict[str, dict[str, Any]], **member: Any
    ) -> Shown:
        me = Member(
            account="demo", slug="demo-member", first_name="Demo", last_name="Member", timezone="UTC",
            interface=Interface(**{**QUICK, **interface}),
            relations=tuple(Relation(person=p.slug, **relations.get(p.slug, {"degree": 2})) for p in people), **member,
        )  # fmt: skip
        new = World(today=TODAY, members=(me,), people=people)
        with control(module_stage.server.url) as client:
            client.post("world", content=new.model_dump_json()).raise_for_status()
        return Shown(module_stage)

    yield show
    disarm(module_stage.server.url)
