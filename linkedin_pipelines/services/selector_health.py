"""How well the elements of the site are found, over all accounts."""

from __future__ import annotations

from linkedin_pipelines.db import selectors
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.selector_health import ElementHealth, judged


def selector_health(database: Database) -> list[ElementHealth]:
    """Each element that was ever looked for, the worst first."""
    with database.reading() as session:
        return judged(row for page in selectors.surfaces(session) for row in selectors.health(session, page))
