"""People whose birthday is dated differently by different sources: shown with who says what, and held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.db.birthdays import birthdays as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.birthday_sources import current, held_because
from linkedin_pipelines.services.accounts.registry import get_account


@dataclass(frozen=True)
class StatementView:
    """What one source says."""

    source: str
    month: int
    day: int
    seen_at: datetime | None
    """When a page showed it last; None for a file."""


@dataclass(frozen=True)
class DisputeView:
    """One person whose sources disagree."""

    contact_id: int
    slug: str | None
    name: str
    statements: tuple[StatementView, ...]
    """That of the strongest match first; it decides on which day the person is listed, as held."""
    explanation: str


def disputed_birthdays(database: Database, account_slug: str) -> list[DisputeView]:
    """Everybody of the account whose sources disagree, by name.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        people = rows.disputed_contacts(session, account.id)
        said = rows.statements_about(session, account.id, [contact_id for contact_id, _, _ in people])
    return [
        DisputeView(
            contact_id,
            slug,
            name,
            tuple(
                StatementView(one.source.value, one.month, one.day, one.seen_at)
                for one in current(said.get(contact_id, []))
            ),
            held_because(said.get(contact_id, [])),
        )
        for contact_id, name, slug in people
    ]
