"""Stores as large as years of use make them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock

ACCOUNT = "demo"
_PEOPLE = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {people})
INSERT INTO contacts (account_id, identity_key, profile_slug, full_name, first_name, name_key, status, birth_month,
    birth_day, birthday_disputed, created_at, updated_at)
SELECT {account}, 'person-' || n, 'person-' || n, 'Anna Arendt', 'Anna', 'anna ' || n, 'connected', {month}, {day},
    {no}, '2025-01-01 00:00:00', '2025-01-01 00:00:00' FROM numbers
"""
_WISHES = """
WITH RECURSIVE years(y) AS (SELECT {first} UNION ALL SELECT y + 1 FROM years WHERE y < {last})
INSERT INTO interactions (account_id, contact_id, kind, occasion_key, status, origin, run_id, lease_token, list_date,
    body, claimed_at, local_day, settled_at, sent_at, doubt_readings)
SELECT account_id, id, 'birthday_message', 'year-' || y, 'sent', 'campaign', 'run-' || (id % 5000) || '-' || y, 1,
    '2025-03-01', 'Happy birthday!', '2025-03-01 09:00:00', '2025-03-01',
    '2025-03-01 09:00:00', '2025-03-01 09:00:00', 0
FROM contacts CROSS JOIN years
"""


class Store:
    """A store with one account and its lease."""

    def __init__(self, url: str, clock: ManualClock) -> None:
        self.database = Database(url)
        self.clock = clock
        self.database.upgrade()
        self.account_id = an_account(self.database, ACCOUNT, late={"max_days": 10})
        self.lease = self._taken()

    def _taken(self) -> Lease:
        with self.database.writing() as session:
            return leases.acquire(session, self.account_id, "bench", self.clock.now(), timedelta(minutes=15))

    def people(self, number: int, *, month: str = "1 + n % 12", day: str = "1 + n % 28") -> None:
        """So many connections, whose birthdays are SQL of their number `n`."""
        no = "0" if self.database.dialect == "sqlite" else "false"
        with self.database.writing() as session:
            session.execute(text(_PEOPLE.format(people=number, account=self.account_id, month=month, day=day, no=no)))

    def wishes(self, first: int, last: int) -> None:
        """A wish sent to everybody in each year from the first to the last, which are numbers."""
        with self.database.writing() as session:
            session.execute(text(_WISHES.format(first=first, last=last)))

    def analyze(self) -> None:
        """Let the database gather statistics."""
        with self.database.writing() as session:
            session.execute(text("ANALYZE"))
        self.database.dispose()
