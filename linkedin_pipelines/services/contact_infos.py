"""Birthdays from contact infos: a few connections a day without a known birthday, if the member chose that.

Opening somebody's contact info is a visit that they can see. So it is a `profile_visit` of the ledger: claimed before
the browser moves, within the quota of visits, at most once a person and year, at a human pace, by live accounts alone.
A visit that was begun counts as made, whatever the page then showed.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import birthdays as birthday_rows
from linkedin_pipelines.db import breakers, ledger, readings
from linkedin_pipelines.db import imports as import_rows
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import CONTACT_INFO_CEILING, InteractionKind, Mode
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.records import StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource, EntryOutcome, InteractionStatus
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import (
    BrowserUnavailableError,
    PageUnreadableError,
    SiteError,
    StopSignError,
    WrongPersonError,
)
from linkedin_pipelines.services import matching
from linkedin_pipelines.services.accounts import AccountView
from linkedin_pipelines.services.interrupts import deferred_interrupts
from linkedin_pipelines.services.lease_keeper import LeaseKeeper

log = structlog.get_logger(__name__)

PURPOSE = "contact_info"
"""How the ledger names visits made for this purpose, in the column that names a message's template."""
ORDER_RULE = (
    "Connections without a known birthday come in an order drawn anew for each of them every year; whoever was looked "
    "at waits for the next year, so nobody is asked twice before everybody else was asked once."
)


class ContactInfoReader(Protocol):
    """What reads a contact info; `browser.session.SignedInBrowser` does."""

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        """Month and day that the person's contact info shows; None if it shows none, for certain."""
        ...


@dataclass(frozen=True)
class Looked:
    """What looking at contact infos came to."""

    visits: int = 0
    found: int = 0
    unread: int = 0
    """Visits whose page could not be read for certain."""
    held: str | None = None
    """Why there were not as many as the member allows."""


def look_at_some(
    database: Database,
    clock: Clock,
    account: AccountView,
    run_id: str,
    keeper: LeaseKeeper,
    browser: ContactInfoReader,
    draw: Callable[[float, float], float] = random.uniform,
) -> Looked:
    """Look at as many contact infos as the member allows a day, and keep the birthdays that they show.

    Raises:
        StopSignError: the site stopped us; the breaker knows it already.
        BrowserUnavailableError: the browser ended.
        LeaseLostError, StoreUnavailableError: this run must not, or cannot, go on.
    """
    config = account.config
    allowed = min(config.site_birthdays.contact_info_per_day, CONTACT_INFO_CEILING)
    if not allowed:
        return Looked()
    if config.mode is not Mode.LIVE:
        return Looked(held="Contact infos are opened by live accounts alone: the people see the visit.")
    today = local_day(clock.now(), config.zone)
    with database.reading() as session:
        allowed -= readings.visits_of_day(session, account.id, PURPOSE, today)
        people = readings.without_birthday(session, account.id, today.year)
    people.sort(key=lambda person: _turn(account.slug, person.profile_slug, today.year))
    looker = _Looker(database, clock, account, run_id, keeper, browser)
    visits = found = unread = 0
    touched_site = True  # the catch-up page was read just now
    for person in people:
        if visits >= allowed:
            break
        if touched_site:
            keeper.pause(draw(*config.pace_seconds))
        touched_site = False
        with deferred_interrupts():
            claim = looker.claim(person, today)
            if isinstance(claim, ledger.Refused):
                if claim.outcome is EntryOutcome.SKIPPED:
                    continue
                return Looked(visits, found, unread, claim.explanation)
            visits, touched_site = visits + 1, True
            try:
                found += looker.look(claim.interaction_id, person)
            except (PageUnreadableError, WrongPersonError):
                unread += 1
    return Looked(visits, found, unread)


def _turn(account: str, slug: str, year: int) -> str:
    """Sort key of `ORDER_RULE`."""
    return hashlib.sha256(f"contact info|{account}|{slug}|{year}".encode()).hexdigest()


@dataclass(frozen=True)
class _Looker:
    """Looks at one contact info after the other."""

    database: Database
    clock: Clock
    account: AccountView
    run_id: str
    keeper: LeaseKeeper
    browser: ContactInfoReader

    def claim(self, person: readings.Unknown, today: date) -> ledger.Claimed | ledger.Refused:
        """Spend the quota of one visit, and announce it: from here on it counts as made."""
        request = ledger.ClaimRequest(
            account_id=self.account.id,
            contact_id=person.contact_id,
            kind=InteractionKind.PROFILE_VISIT,
            occurrence_year=today.year,
            list_date=None,
            run_id=self.run_id,
            body="",
            template=PURPOSE,
        )
        lease = self.keeper.renew()
        with self.database.writing() as session:
            claim = ledger.claim(session, request, lease, self.clock.now())
            if isinstance(claim, ledger.Claimed):
                ledger.mark_clicked(session, claim.interaction_id, lease, self.clock.now())
            return claim

    def look(self, interaction_id: int, person: readings.Unknown) -> bool:
        """Make the visit; whether it showed a birthday.

        Raises:
            PageUnreadableError, WrongPersonError: the page could not be read for certain.
            StopSignError: the site stopped us; the breaker knows it already.
            BrowserUnavailableError: the browser ended.
        """
        try:
            born = self.browser.contact_birthday(person.profile_slug)
        except (SiteError, BrowserUnavailableError) as error:
            self._settle_failure(interaction_id, error)
            raise
        now = self.clock.now()
        lease = self.keeper.renew()
        with self.database.writing() as session:
            import_rows.lock_imports(session, self.account.id)
            ledger.settle(
                session,
                interaction_id,
                lease,
                now,
                InteractionStatus.SENT,
                explanation=None if born else "The contact info shows no birthday.",
            )
            breakers.record_success(session, self.account.id, now)
            if born is not None:
                rows = [_stated(person, *born)]
                birthday_rows.put_birthdays(session, self.account.id, None, rows, now, seen_at=now)
                matching.rederive(session, self.account.id, self.account.config, now)
        return born is not None

    def _settle_failure(self, interaction_id: int, error: SiteError | BrowserUnavailableError) -> None:
        now = self.clock.now()
        picture = error.evidence if isinstance(error, SiteError) else None
        lease = self.keeper.renew()
        with self.database.writing() as session:
            ledger.settle(
                session,
                interaction_id,
                lease,
                now,
                InteractionStatus.SENT,
                explanation=f"The visit was begun and counts; the contact info was not read: {error}",
                evidence=Evidence(screenshots=(picture,)) if picture else None,
            )
            if isinstance(error, StopSignError):
                breakers.record_stop_sign(session, self.account.id, now, error.sign, str(error), error.evidence)
            else:
                breakers.lose_probe(session, self.account.id, now)  # it says nothing about the messages
        log.warning("contact_info_unread", interaction_id=interaction_id, error_type=type(error).__name__)


def _stated(person: readings.Unknown, month: int, day: int) -> StatedBirthday:
    return StatedBirthday(
        line=0,
        source=BirthdaySource.CONTACT_INFO,
        name=person.full_name,
        slugs=(person.profile_slug,),
        emails=(),
        month=month,
        day=day,
        year=None,
        raw=f"--{month:02d}-{day:02d}",
        refusal=None,
    )
