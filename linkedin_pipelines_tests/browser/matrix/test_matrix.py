"""Generations by languages by traps by stop signs: whatever the site does, what is said is what happened.

A case is played again alone by its name: `pytest -k sdui-fr-silent_drop`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.matrix.desk import UNCLAIMED, Desk, Told, open_desk
from linkedin_pipelines_tests.browser.matrix.traps import CASES, GENERATIONS, LANGUAGES, TRAPS, Case


@pytest.fixture(scope="module")
def desk(chromium: Browser, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("matrix")
    path = home / "linkedin.db"
    path.write_bytes(sqlite_template.read_bytes())
    settings = Settings.from_environment({"LINKEDIN_HOME": str(home)})
    database = Database(f"sqlite:///{path}")
    with open_desk(chromium, settings, database) as opened:
        yield opened
    database.dispose()


def test_the_matrix_is_whole() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 300
    for trap in TRAPS:
        places = [(case.generation, case.language) for case in CASES if case.trap is trap]
        assert {generation for generation, _ in places} == set(trap.only)
        assert len({language for _, language in places}) == min(trap.places, len(LANGUAGES))
    pairs = [(case.generation, case.language) for case in CASES]
    assert min(pairs.count((g, la)) for g in GENERATIONS for la in LANGUAGES) >= 15


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_what_is_said_is_what_happened(desk: Desk, case: Case, record_property: Callable[[str, object], None]) -> None:
    began = monotonic()
    told = desk.play(case)
    record_property("matrix", [kind_of(told), round(monotonic() - began, 2), told.why])

    assert told.delivered in ([], [(case.trap.to, case.body)]), "somebody else, another text, or twice"
    assert told.else_done == []
    arrived = bool(told.delivered)
    for status in (told.status, told.settled):
        assert status in (("sent", "in_doubt") if arrived else ("failed", "in_doubt", UNCLAIMED))
    assert told.end in case.ends
    if told.status != UNCLAIMED:
        assert bool(told.screenshots) is case.trap.comes, "no picture of how it ended, or one of another page"
    if case.readable:
        assert told.settled != "in_doubt", "the thread tells, so nothing may stay in doubt"


def kind_of(told: Told) -> str:
    """How a case counts in the summary."""
    if told.end.startswith("stop:"):
        return "stopped"
    return {"sent": "delivered", "in_doubt": "in doubt"}.get(told.status, "refused")
