"""What the tests of imports share: an account of the samples' member, and looks at what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Base, Contact, Interaction, StopRequest
from linkedin_pipelines.domain.states import InteractionOrigin
from linkedin_pipelines.services.contacts.import_reports import ImportReport
from linkedin_pipelines.services.contacts.imports import import_files, list_birthdays
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.member_files import written

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def imported(database: Database, *paths: Path, at: datetime = NOW) -> ImportReport:
    """Import files at a moment of the samples' year."""
    return import_files(database, ManualClock(at), "demo", paths)


def import_text(database: Database, folder: Path, name: str, content: str | bytes) -> ImportReport:
    """Import one file of that content."""
    folder.mkdir(parents=True, exist_ok=True)
    return imported(database, written(folder / name, content))


def birthdays(database: Database) -> dict[str, list[int | None]]:
    """Every birthday that is known, as the truth of the samples writes it."""
    return {
        row.slug: [row.month, row.day, row.year] for row in list_birthdays(database, "demo", on=None, everyone=True)
    }


def wished_by_hand(database: Database) -> set[tuple[str | None, int | None]]:
    """Slug and occurrence year of every by-hand row of the ledger."""
    query = select(Contact.profile_slug, Interaction.occurrence_year).join(
        Contact, Contact.id == Interaction.contact_id
    )
    with database.reading() as session:
        rows = session.execute(query.where(Interaction.origin == InteractionOrigin.BY_HAND))
        return {(slug, year) for slug, year in rows}


def asked_to_stop(database: Database) -> set[str | None]:
    """Slugs of those who asked for no more messages."""
    query = select(Contact.profile_slug).join(StopRequest, StopRequest.contact_id == Contact.id)
    with database.reading() as session:
        return set(session.scalars(query))


def contact(database: Database, key: str) -> Contact:
    """The contact of that identity key, by itself."""
    with database.reading() as session:
        return session.scalars(select(Contact).where(Contact.identity_key == key)).one()


def everything(database: Database) -> dict[str, Sequence[Any]]:
    """All that is stored, but for ids, moments and the list of imports: equal databases are equal to the member."""
    told = {
        "contacts": select(
            Contact.identity_key,
            Contact.profile_slug,
            Contact.full_name,
            Contact.first_name,
            Contact.email,
            Contact.company,
            Contact.position,
            Contact.connected_on,
            Contact.facts_as_of,
            Contact.status,
            Contact.birth_month,
            Contact.birth_day,
            Contact.birth_year,
            Contact.birthday_source,
            Contact.birthday_disputed,
        ).order_by(Contact.identity_key)
    }
    with database.reading() as session:
        found: dict[str, Sequence[Any]] = {name: session.execute(query).all() for name, query in told.items()}
        for table in Base.metadata.sorted_tables:
            found[f"rows of {table.name}"] = [session.scalar(select(func.count()).select_from(table)) or 0]
    return found | {"by hand": sorted(wished_by_hand(database)), "stops": sorted(map(str, asked_to_stop(database)))}
