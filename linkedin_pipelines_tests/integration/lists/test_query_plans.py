"""The list's queries are served by their indexes, by the databases' own word."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event, insert, text

from linkedin_pipelines.db.birthdays import lists
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.occasions import days_of_year
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines_tests.builders import LONG_AGO, an_account

WINDOW = days_of_year(date(2026, 2, 25), date(2026, 3, 4))


def fill(database: Database, account: int, people: int = 6000) -> None:
    rows = [
        {
            "account_id": account,
            "identity_key": f"person-{number}",
            "profile_slug": f"person-{number}",
            "full_name": "Anna Example",
            "first_name": "Anna",
            "name_key": "anna example",
            "status": ContactStatus.CONNECTED,
            "birth_month": number % 12 + 1,
            "birth_day": number % 28 + 1,
            "birthday_disputed": False,
            "created_at": LONG_AGO,
            "updated_at": LONG_AGO,
        }
        for number in range(people)
    ]
    with database.writing() as session:
        session.execute(insert(Contact), rows)


def plans(database: Database) -> list[str]:
    """How the database goes about each statement of `born_on`."""
    asked: list[tuple[str, Any]] = []
    with database.reading() as session:
        connection = session.connection()

        def listen(_connection, _cursor, statement, parameters, _context, _many):
            asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", listen)
        assert lists.born_on(session, 1, WINDOW)
        event.remove(connection, "before_cursor_execute", listen)
        explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
        return [
            " ".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
        ]


def test_birthdays_of_a_window_are_found_by_idx_contact_birth_date(database):
    fill(database, an_account(database))
    if database.dialect == "postgresql":
        with database.writing() as session:
            session.execute(text("ANALYZE contacts"))
    found = plans(database)
    assert len(found) == 2, "the window touches two months"
    assert all("idx_contact_birth_date" in plan for plan in found), found
