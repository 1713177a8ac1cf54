"""Health of the ways to find an element on the site: counted by candidate, over all accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import SelectorHealth
from linkedin_pipelines.domain.selector_health import CandidateHealth, Preferences, SelectorOutcome


def record(session: Session, outcomes: Iterable[SelectorOutcome], now: datetime) -> None:
    """Add these outcomes to what is known; one statement a candidate, safe beside other writers."""
    counted = Counter(outcomes)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    keys = sorted({(o.surface, o.element, o.candidate) for o in counted})
    for surface, element, candidate in keys:
        successes = counted[SelectorOutcome(surface, element, candidate, success=True)]
        failures = counted[SelectorOutcome(surface, element, candidate, success=False)]
        statement = insert(SelectorHealth).values(
            surface=surface,
            element=element,
            candidate=candidate,
            successes=successes,
            failures=failures,
            last_success_at=now if successes else None,
            last_failure_at=now if failures else None,
        )
        changes: dict[str, object] = {
            "successes": SelectorHealth.successes + successes,
            "failures": SelectorHealth.failures + failures,
        }
        if successes:
            changes["last_success_at"] = now
        if failures:
            changes["last_failure_at"] = now
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[SelectorHealth.surface, SelectorHealth.element, SelectorHealth.candidate], set_=changes
            )
        )


def preferences(session: Session) -> Preferences:
    """The order in which to try the candidates of each element: by last success, those that never worked left out."""
    query = (
        select(SelectorHealth.surface, SelectorHealth.element, SelectorHealth.candidate)
        .where(SelectorHealth.last_success_at.is_not(None))
        .order_by(SelectorHealth.last_success_at.desc(), SelectorHealth.successes.desc(), SelectorHealth.candidate)
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for surface, element, candidate in session.execute(query):
        found[surface, element] = (*found.get((surface, element), ()), candidate)
    return found


def surfaces(session: Session) -> list[str]:
    """The pages on which anything was ever looked for."""
    return list(session.scalars(select(SelectorHealth.surface).distinct().order_by(SelectorHealth.surface)))


def health(session: Session, surface: str) -> list[CandidateHealth]:
    """Every candidate ever tried on one page, by element, the one that worked least often first."""
    query = select(
        SelectorHealth.surface,
        SelectorHealth.element,
        SelectorHealth.candidate,
        SelectorHealth.successes,
        SelectorHealth.failures,
        SelectorHealth.last_success_at,
        SelectorHealth.last_failure_at,
    )
    query = query.where(SelectorHealth.surface == surface)
    query = query.order_by(SelectorHealth.element, SelectorHealth.successes)
    return [CandidateHealth(*row) for row in session.execute(query)]
