"""Whether this machine's clock may be trusted where several machines share one Postgres database.

A lease is living or expired by the clock of whoever looks. A machine whose clock is off would take a living run's
account over, or end the run: it must not start at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ClockOffError

TOLERANCE = timedelta(seconds=5)
"""Well below a quarter of a lease, within which it is renewed."""


def require_clock(database: Database, clock: Clock | None = None) -> None:
    """Compare the machine's clock (or `clock`) with the database's; a SQLite database has only the machine's.

    The answer took some time on its way: the clock is off only if it is so for every moment of that time.

    Raises:
        ClockOffError: they are more than `TOLERANCE` apart.
        DatabaseUnavailableError: the database is away or busy.
    """
    if database.dialect != "postgresql":
        return
    own = clock or SystemClock()
    with database.reading() as session:
        before = own.now()
        theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        after = own.now()
    ahead = max(before - theirs, theirs - after)
    if ahead > TOLERANCE:
        direction = "ahead of" if before > theirs else "behind"
        raise ClockOffError(
            f"this machine's clock is {ahead.total_seconds():.0f} s {direction} the database server's, so it cannot "
            "tell whether another machine is at work: set both clocks (NTP), then start again"
        )
