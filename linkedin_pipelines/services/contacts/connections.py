"""The people that an account is connected to, whole, for whatever is made from all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from linkedin_pipelines.db.contacts.pages import LONGEST_PAGE, contacts_by_status
from linkedin_pipelines.db.contacts.stop_requests import undecided
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines.services.accounts.registry import get_account


@dataclass(frozen=True)
class ConnectionView:
    """A connected person."""

    slug: str | None
    """None for a person of whom no file gives a profile address."""
    full_name: str
    first_name: str
    company: str | None
    position: str | None
    connected_on: date | None
    birth_month: int | None
    birth_day: int | None
    birth_year: int | None
    do_not_contact: bool
    """Set so, or asked to stop and not decided yet."""


def connections_of(database: Database, account_slug: str) -> Iterator[ConnectionView]:
    """Everybody that the account is connected to, in the order in which they became known.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        asked = {contact.id for _, contact in undecided(session, account.id)}
    last = 0
    while True:
        with database.reading() as session:
            page = contacts_by_status(session, account.id, ContactStatus.CONNECTED, after_id=last, limit=LONGEST_PAGE)
            views = [
                ConnectionView(
                    slug=row.profile_slug,
                    full_name=row.full_name,
                    first_name=row.first_name,
                    company=row.company,
                    position=row.position,
                    connected_on=row.connected_on,
                    birth_month=row.birth_month,
                    birth_day=row.birth_day,
                    birth_year=row.birth_year,
                    do_not_contact=row.do_not_contact_since is not None or row.id in asked,
                )
                for row in page
            ]
            last = page[-1].id if page else last
        yield from views
        if len(views) < LONGEST_PAGE:
            return
