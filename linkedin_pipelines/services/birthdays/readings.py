"""Birthdays read from the member's own pages: the catch-up page of a day, to its proven end or not at all.

A day that was not read is unknown, never empty. It holds up what would rest on it: nothing of such a reading is taken
for the whole of the day, the schedule tries again before the campaign begins, and the member is told. Wishes whose day
is certain from elsewhere do not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.birthdays import birthdays as birthday_rows
from linkedin_pipelines.db.birthdays import readings
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts.people import BATCH
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import SiteReading
from linkedin_pipelines.domain.birthday_sources import Statement, agree, current, dispute
from linkedin_pipelines.domain.canary import READING_BIRTHDAYS
from linkedin_pipelines.domain.messaging import SeenBirthday, SeenDay
from linkedin_pipelines.domain.records import NAME_LIMIT, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource, ReadingOutcome, SitePage
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import (
    BrowserUnavailableError,
    NotNowError,
    PageUnreadableError,
    SessionMissingError,
    SiteError,
)
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.actions.canary import held_until, lost_catch_up, saw_catch_up
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.site_session import SiteFactory, SiteSession, open_site
from linkedin_pipelines.services.birthdays import contact_infos
from linkedin_pipelines.services.contacts import matching
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

CATCH_UP = "catch-up"
"""Surface of the page's elements."""


@dataclass(frozen=True)
class SeenPerson:
    """A birthday that the page showed, next to what was known of the person."""

    contact_id: int | None
    """None for somebody whom no imported file names as a connection."""
    slug: str
    name: str
    occurs_on: date
    state: str
    """`agrees`, `new`, `disputed` or `not imported`."""
    explanation: str | None


@dataclass(frozen=True)
class ReadingView:
    """What one reading came to."""

    day: date
    outcome: ReadingOutcome
    people: tuple[SeenPerson, ...]
    explanation: str | None
    """Why the day is unknown, for the member."""
    contact_infos: contact_infos.ReadingResult


def read_birthdays(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    day: date,
    run_id: str,
    site_factory: SiteFactory | None = None,
) -> ReadingView:
    """Read the catch-up page of the account's present day, and keep what it says and what became of the reading.

    Raises:
        UnknownAccountError: there is no such account.
        NotNowError: the account must leave the site alone now, or `day` is not its present one.
        LeaseHeldError: another run is at work for the account.
        StopSignError: the site stopped us; the breaker and the day's record know it already.
        PageUnreadableError, BrowserUnavailableError, SessionMissingError: the day is unknown, and recorded as such.
    """
    with open_site(database, settings, clock, account_slug, run_id, site_factory) as site_session:
        _require_may_read(database, clock, site_session.account, day)
        return _Reading(site_session, day).take()


def _require_may_read(database: Database, clock: Clock, account: AccountView, day: date) -> None:
    now = clock.now()
    today = local_day(now, account.config.zone)
    if day != today:
        raise NotNowError(
            f"the catch-up page tells of the present day alone, which is {today} for {account.slug}; "
            f"{day} can no longer, or not yet, be read"
        )
    with database.reading() as session:
        refused = ledger.may_act(session, account.id, now)
    if refused is not None:
        raise NotNowError(f"the catch-up page is not read now: {refused.explanation}")
    until = held_until(database, account, READING_BIRTHDAYS)
    if until is not None and until > now:
        raise NotNowError(
            "the catch-up page is not read now: it could not be read when the pages were last looked at "
            f"(`canary {account.slug}`); it is tried again from {until.astimezone(account.config.zone):%Y-%m-%d %H:%M}"
        )


@dataclass(frozen=True)
class _Reading:
    """One reading under the account's lease."""

    at: SiteSession
    day: date

    @property
    def database(self) -> Database:
        return self.at.database

    def take(self) -> ReadingView:
        """Open the browser, read, keep; then look at contact infos, if the member chose that."""
        try:
            self.at.rest()
            with deferred_interrupts(), self.at.watching():
                view = self._keep(self.at.site().birthdays())
                self.at.touched()
                if view.outcome is ReadingOutcome.WHOLE:
                    saw_catch_up(self.at)
            looked = contact_infos.read_some(self.at)
        except (SiteError, BrowserUnavailableError, SessionMissingError) as error:
            self._keep_failure(error)
            raise
        return replace(view, contact_infos=looked)

    def _keep(self, seen: SeenDay) -> ReadingView:
        now = self.at.clock.now()
        account_id, slugs = self.at.account.id, [each.slug for each in seen.people]
        outcome = ReadingOutcome.WHOLE if seen.doubt is None else ReadingOutcome.UNKNOWN
        self.at.keeper.renew()
        with self.database.writing() as session:
            import_rows.lock_imports(session, account_id)
            known = birthday_rows.contacts_of_slugs(session, account_id, slugs)
            before = birthday_rows.statements_about(session, account_id, list(known.values()))
            # Whoever asked to be forgotten is not stored again, and not shown in a table either.
            stated = birthday_rows.without_forgotten(session, account_id, [_stated(each) for each in seen.people])
            for start in range(0, len(stated), BATCH):
                batch = stated[start : start + BATCH]
                birthday_rows.put_birthdays(session, account_id, None, batch, now, seen_at=now)
            matching.rederive(session, account_id, self.at.config, now)
            after = birthday_rows.statements_about(session, account_id, list(known.values()))
            readings.add_reading(session, self._row(outcome, now, people=len(seen.people), why=seen.doubt))
        people = tuple(
            _seen_person(each, known.get(each.slug), before.get(known.get(each.slug, 0), []), after)
            for each in seen.people
            if any(each.slug in row.slugs for row in stated)
        )
        log.info("catch_up_read", account_id=account_id, outcome=str(outcome), people=len(people))
        return ReadingView(self.day, outcome, people, seen.doubt, contact_infos.ReadingResult())

    def _keep_failure(self, error: SiteError | BrowserUnavailableError | SessionMissingError) -> None:
        """Record the day as unknown, unless this very run has read it: what went wrong afterwards is another matter."""
        evidence = error.evidence if isinstance(error, SiteError) else None
        with self.database.writing() as session:
            found = readings.reading_of(session, self.at.account.id, SitePage.CATCH_UP, self.day)
            if found is None or found.run_id != self.at.run_id:
                row = self._row(ReadingOutcome.UNKNOWN, self.at.clock.now(), people=None, why=str(error))
                row.evidence = evidence
                readings.add_reading(session, row)
        if isinstance(error, PageUnreadableError) and error.element is not None and error.element[0] == CATCH_UP:
            lost_catch_up(self.at, error)
        log.warning("catch_up_unknown", account_id=self.at.account.id, error_type=type(error).__name__)

    def _row(self, outcome: ReadingOutcome, now: datetime, *, people: int | None, why: str | None) -> SiteReading:
        return SiteReading(
            account_id=self.at.account.id,
            page=SitePage.CATCH_UP,
            local_day=self.day,
            read_at=now,
            run_id=self.at.run_id,
            outcome=outcome,
            people=people,
            explanation=why[:1000] if why else None,
            evidence=None,
        )


def _stated(seen: SeenBirthday) -> StatedBirthday:
    """The card's statement. It names the day of one year; the birthday is its month and day."""
    month, day = seen.occurs_on.month, seen.occurs_on.day
    return StatedBirthday(
        line=0,
        source=BirthdaySource.CATCH_UP,
        name=seen.name[:NAME_LIMIT],
        slugs=(seen.slug,),
        emails=(),
        month=month,
        day=day,
        year=None,
        raw=f"--{month:02d}-{day:02d}",
        refusal=None,
    )


def _seen_person(
    seen: SeenBirthday, contact_id: int | None, before: list[Statement], after: dict[int, list[Statement]]
) -> SeenPerson:
    if contact_id is None:
        why = "No imported file names a connection of this address; import a newer archive."
        return SeenPerson(None, seen.slug, seen.name, seen.occurs_on, "not imported", why)
    holding = current(after.get(contact_id, []))
    if any(not agree(one, holding[0]) for one in holding):
        return SeenPerson(contact_id, seen.slug, seen.name, seen.occurs_on, "disputed", dispute(holding))
    state = "agrees" if before else "new"
    return SeenPerson(contact_id, seen.slug, seen.name, seen.occurs_on, state, None)
