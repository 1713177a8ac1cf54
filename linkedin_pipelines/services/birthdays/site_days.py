"""What is known of one day on the member's catch-up page: read to its end, unknown, or never read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.db.birthdays import readings
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.states import ReadingOutcome, SitePage
from linkedin_pipelines.services.accounts.registry import AccountView, get_account


@dataclass(frozen=True)
class DayView:
    """What is known of one day of the account on the catch-up page, without reading it."""

    day: date
    expected: bool
    """Whether the account reads the page at all: it is not switched off, and somebody signed in."""
    outcome: ReadingOutcome | None
    """None if it was not read."""
    read_at: datetime | None
    people: int | None
    explanation: str | None
    evidence: str | None

    @property
    def is_known(self) -> bool:
        """Whether all birthdays that the page shows that day are known."""
        return self.outcome is ReadingOutcome.WHOLE

    @property
    def text(self) -> str:
        """One sentence for the member."""
        if self.is_known:
            return f"The catch-up page of {self.day} was read to its end: {self.people} birthdays."
        if self.outcome is ReadingOutcome.UNKNOWN:
            return f"What the catch-up page shows for {self.day} is not known: {self.explanation}"
        if not self.expected:
            return "The catch-up page is not read: nobody is signed in, or it is switched off for this account."
        return f"The catch-up page of {self.day} has not been read."


def reading_of_day(session: Session, account: AccountView, day: date) -> DayView:
    """What is known of the account's day."""
    found = readings.reading_of(session, account.id, SitePage.CATCH_UP, day)
    expected = account.config.site_birthdays.catch_up and readings.has_session(session, account.id)
    if found is None:
        return DayView(day, expected, None, None, None, None, None)
    return DayView(day, expected, found.outcome, found.read_at, found.people, found.explanation, found.evidence)


def find_reading(database: Database, account_slug: str, day: date) -> DayView:
    """`reading_of_day` in a transaction of its own.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return reading_of_day(session, account, day)


def about_birthdays(slug: str, today: DayView, disputed: int) -> Iterator[str]:
    """What nobody knows for certain about birthdays, a sentence each for the member."""
    if today.outcome is ReadingOutcome.UNKNOWN:
        yield f"{today.text} Look at the page yourself: somebody may have a birthday that no file knows."
    if disputed:
        yield f"{disputed} disputed birthdays: nobody is wished on them; `birthdays {slug} --disputed` says why."
