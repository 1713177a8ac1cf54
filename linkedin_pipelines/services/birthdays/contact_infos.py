"""Birthdays from contact infos: a few connections a day without a known birthday, if the member chose that.

Opening somebody's contact info is a visit that they can see. So it is a `profile_visit` of the ledger: claimed before
the browser moves, within the quota of visits, at most once a person and year, at a human pace, by live accounts alone.
A visit that was begun counts as made, whatever the page then showed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.birthdays import birthdays as birthday_rows
from linkedin_pipelines.db.birthdays import readings
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.account import CONTACT_INFO_CEILING, Mode
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.records import StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource, EntryOutcome
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import SiteError, StopSignError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal, outcome_of
from linkedin_pipelines.services.actions.protocol import Announce
from linkedin_pipelines.services.actions.site_session import SiteSession
from linkedin_pipelines.services.contacts import matching

KIND = InteractionKind.PROFILE_VISIT.value
PURPOSE = "contact_info"
"""How the ledger names visits made for this purpose."""
ORDER_RULE = (
    "Connections without a known birthday come in an order drawn anew for each of them every year; whoever was looked "
    "at waits for the next year, so nobody is asked twice before everybody else was asked once."
)


@dataclass(frozen=True)
class ReadingResult:
    """What looking at contact infos came to."""

    visits: int = 0
    found: int = 0
    unread: int = 0
    """Visits whose page could not be read for certain."""
    held: str | None = None
    """Why there were not as many as the member allows."""


def read_some(site_session: SiteSession) -> ReadingResult:
    """Look at as many contact infos as the member allows a day, and keep the birthdays that they show.

    Raises:
        StopSignError: the site stopped us; the breaker knows it already.
        BrowserUnavailableError: the browser ended.
        LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
    """
    config = site_session.config
    allowed = min(config.site_birthdays.contact_info_per_day, CONTACT_INFO_CEILING)
    if not allowed:
        return ReadingResult()
    if config.mode is not Mode.LIVE:
        return ReadingResult(held="Contact infos are opened by live accounts alone: the people see the visit.")
    today = local_day(site_session.clock.now(), config.zone)
    key = f"{PURPOSE}:{today.year}"
    with site_session.database.reading() as session:
        allowed -= readings.visits_of_day(session, site_session.account.id, KIND, PURPOSE, today)
        people = readings.without_birthday(session, site_session.account.id, KIND, key)
    people.sort(key=lambda person: _sort_key(site_session.account.slug, person.profile_slug, today.year))
    visits = found = unread = 0
    for person in people:
        if visits >= allowed:
            break
        site_session.rest()
        visit = ContactInfoVisit(site_session, person, key)
        outcome = site_session.carry_out(visit, live=True)
        if outcome.stop_sign is not None:
            raise _stop_sign(outcome)
        if outcome.status is EntryOutcome.DEFERRED:
            return ReadingResult(visits, found, unread, outcome.explanation)
        if outcome.status is EntryOutcome.SKIPPED:
            continue
        visits += 1
        found += visit.born is not None
        unread += outcome.reason is not None
    return ReadingResult(visits, found, unread)


def _stop_sign(outcome: Outcome) -> StopSignError:
    """The sign that ended a visit, for the run that made it."""
    error = StopSignError(outcome.stop_sign or "", outcome.explanation or "")
    error.evidence = next(reversed(outcome.evidence.screenshots), None)
    return error


def _sort_key(account: str, slug: str, year: int) -> str:
    """Sort key of `ORDER_RULE`."""
    return hashlib.sha256(f"contact info|{account}|{slug}|{year}".encode()).hexdigest()


@dataclass
class ContactInfoVisit:
    """One contact info opened; implements `services.actions.protocol.Action`."""

    site_session: SiteSession
    person: readings.Unknown
    occasion_key: str
    born: tuple[int, int] | None = field(default=None, init=False)
    _site: PageSite | None = field(default=None, init=False)

    @property
    def request(self) -> ledger.ClaimRequest:
        """A visit of the person, for this purpose once a year."""
        return ledger.ClaimRequest(
            account_id=self.site_session.account.id,
            contact_id=self.person.contact_id,
            kind=KIND,
            occasion_key=self.occasion_key,
            purpose=PURPOSE,
            list_date=None,
            run_id=self.site_session.run_id,
        )

    def prepare(self, site: PageSite, attempt: Attempt) -> None:  # noqa: ARG002 - nothing comes before a visit
        """Opening the page is the visit itself, so there is nothing to be done before it is announced."""
        self._site = site

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """Make the visit. Once announced it counts as made, whatever the page then shows."""
        assert self._site is not None  # `prepare` was given it
        announce(None)
        try:
            self.born = self._site.contact_birthday(self.person.profile_slug)
        except SiteError as error:
            if error.evidence:
                attempt.add_screenshot(error.evidence)
            outcome = outcome_of(error, attempt.status_so_far)
            why = f"The visit was begun and counts; the contact info was not read: {error}"
            raise Refusal(replace(outcome, status=attempt.status_so_far, explanation=why)) from error
        attempt.proven = True

    def record(self, session: Session, attempt: Attempt) -> None:  # noqa: ARG002 - the visit itself holds what it found
        """Keep the birthday, and which contact it makes known."""
        if self.born is None:
            return
        at, now = self.site_session, self.site_session.clock.now()
        import_rows.lock_imports(session, at.account.id)
        rows = [_stated(self.person, *self.born)]
        birthday_rows.put_birthdays(session, at.account.id, None, rows, now, seen_at=now)
        matching.rederive(session, at.account.id, at.config, now)

    def close(self) -> None:
        """Nothing stays open."""


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
