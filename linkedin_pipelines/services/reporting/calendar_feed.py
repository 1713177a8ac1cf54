"""An account's birthdays as an iCalendar feed at an address that nobody can guess."""

from __future__ import annotations

import hmac
from datetime import date, timedelta

from icalendar import Calendar, Event

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.db.reporting import keyset, listings
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts.crypto import status_key
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.settings import Settings

_LEAP_YEAR = 2024


def secret_of(settings: Settings, account: str) -> str:
    """The secret part of the address of an account's feed; another `status.key` makes another."""
    return hmac.digest(status_key(settings, "calendar"), account.encode(), "sha256").hex()[:40]


def feed(database: Database, settings: Settings, clock: Clock, secret: str) -> bytes | None:
    """The feed with that secret; None if there is none."""
    found = None
    for account in list_accounts(database):  # all of them, so that the time taken tells nothing
        if hmac.compare_digest(secret_of(settings, account.slug).encode(), secret.encode()):
            found = account
    return None if found is None else _calendar(database, clock, found)


def _calendar(database: Database, clock: Clock, account: AccountView) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//LinkedIn Pipelines//birthdays//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Birthdays of {account.config.display_name}'s connections")
    after: tuple[object, ...] | None = None
    today = local_day(clock.now(), account.config.zone)
    with database.reading() as session:
        while True:
            query = listings.birthdays(account.id)
            found = keyset.page(session, query, listings.CONTACTS, after, keyset.LONGEST_PAGE)
            for contact, *_ in found.rows:
                if contact.status is ContactStatus.CONNECTED and contact.do_not_contact_since is None:
                    calendar.add_component(_event(account.slug, contact, clock, today))
            if found.next is None:
                ended: bytes = calendar.to_ical()
                return ended
            after = listings.CONTACTS.position(found.next)


def _event(account: str, contact: Contact, clock: Clock, today: date) -> Event:
    month, day = contact.birth_month, contact.birth_day
    assert month is not None
    assert day is not None
    leap = (month, day) == (2, 29)
    start = date(_LEAP_YEAR if leap else today.year, month, day)
    event = Event()
    event.add("uid", f"birthday-{contact.id}@{account}.linkedin-pipelines")
    event.add("dtstamp", clock.now())
    event.add("summary", f"Birthday of {contact.full_name}")
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(days=1))
    rule: dict[str, object] = {"freq": "yearly"}
    if leap:  # every year, on the last day of February
        rule |= {"bymonth": 2, "bymonthday": -1}
    event.add("rrule", rule)
    event.add("transp", "TRANSPARENT")
    return event
