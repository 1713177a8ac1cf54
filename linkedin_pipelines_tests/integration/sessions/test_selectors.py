"""What is learnt of the ways to find an element."""

from __future__ import annotations

from datetime import timedelta

from linkedin_pipelines.db.accounts import selectors
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.selector_health import SelectorOutcome
from linkedin_pipelines_tests.doubles import ManualClock


def outcome(candidate: str, *, success: bool, element: str = "send_button") -> SelectorOutcome:
    return SelectorOutcome("composer", element, candidate, success)


def test_outcomes_add_up_and_the_last_that_worked_comes_first(database: Database, clock: ManualClock) -> None:
    with database.writing() as session:
        selectors.record(session, [outcome("old", success=True)] * 3, clock.now())
    clock.advance(timedelta(days=1))
    with database.writing() as session:
        learnt = [outcome("old", success=False), outcome("new", success=True), outcome("never", success=False)]
        selectors.record(session, learnt, clock.now())
        selectors.record(session, [], clock.now())
    with database.reading() as session:
        health = {row.candidate: row for row in selectors.health(session, "composer")}
        assert selectors.surfaces(session) == ["composer"]
        assert selectors.preferences(session) == {("composer", "send_button"): ("new", "old")}
    assert (health["old"].successes, health["old"].failures) == (3, 1)
    assert health["old"].last_success_at == clock.now() - timedelta(days=1)
    assert health["old"].last_failure_at == clock.now()
    assert health["never"].last_success_at is None
