"""A day's birthday list: everyone whose birthday it is about, each with an outcome, a reason, and the exact words.

What belongs here: building, reading and amending a list. What does not: the rules (`domain.eligibility`,
`domain.list_plan`, `domain.wording`) and the yes to a list (`services.approvals`).

An entry carries a text exactly if the text is part of what an approval covers: it is to be sent, or an attempt to send
it was made through this very list. So a rebuild in the middle of sending leaves an approval valid, and any other change
of recipients or words does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import lists as rows
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.models import BirthdayList, Contact, ListEntry
from linkedin_pipelines.domain.list_plan import ORDER_RULE
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.wording import Wordings
from linkedin_pipelines.domain.wording_files import built_in_wordings
from linkedin_pipelines.errors import NotOnListError
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.list_building import ListBuilder

_SENTENCE_LIMIT = 1000


@dataclass(frozen=True)
class EntryView:
    """One person on a list."""

    contact_id: int
    slug: str | None
    full_name: str
    occurs_on: date
    occurrence_year: int
    days_late: int
    outcome: EntryOutcome
    reason: Reason | None
    explanation: str | None
    next_eligible_on: date | None
    template: str | None
    body: str | None


@dataclass(frozen=True)
class Forecast:
    """What a list amounts to."""

    planned: int
    deferred: int
    skipped: int
    reasons: dict[str, int]
    """How many people each reason holds back."""
    order: str = ORDER_RULE

    @property
    def text(self) -> str:
        """One paragraph for the member."""
        held = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(self.reasons.items()))
        numbers = f"{self.planned} to be wished, {self.deferred} wait, {self.skipped} left out"
        return f"{numbers}{f' ({held})' if held else ''}. {self.order}"


@dataclass(frozen=True)
class ListView:
    """A list as it was built last, with what has happened to its people since."""

    list_id: int
    account: str
    list_date: date
    content_hash: str
    built_at: datetime
    built_by_run: str
    entries: tuple[EntryView, ...]
    forecast: Forecast


def build_list(
    database: Database,
    clock: Clock,
    account_slug: str,
    list_date: date,
    run_id: str,
    *,
    wordings: Wordings | None = None,
) -> ListView:
    """Build the list of a date anew, in one transaction; a past date is a late list.

    Texts already chosen stay as long as their person is still to be wished. A list is about the day on which it is
    built: build it again before it is sent on another, since wishes that were on time have become late ones.

    Raises:
        UnknownAccountError: there is no such account, or it is retired.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        builder = ListBuilder(session, clock.now(), account.id, list_date, run_id, wordings or built_in_wordings())
        built = builder.build()
        return _view(account_slug, built, rows.entries_of(session, built.id))


def read_list(database: Database, account_slug: str, list_date: date) -> ListView | None:
    """The list as it stands; None if none was built for that date.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        found = rows.find_list(session, account.id, list_date)
        return None if found is None else _view(account_slug, found, rows.entries_of(session, found.id))


def note_outcome(
    database: Database,
    account_slug: str,
    list_date: date,
    contact_id: int,
    occurrence_year: int,
    outcome: EntryOutcome,
    reason: Reason | None,
    explanation: str | None,
    next_eligible_on: date | None,
) -> None:
    """Write down what became of one person of a list. What an approval covers is not touched.

    Raises:
        NotOnListError: the list, or the person on it, is not there.
    """
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        found = rows.find_list(session, account.id, list_date)
        entry = rows.find_entry(session, found.id, contact_id, occurrence_year) if found else None
        if entry is None:
            raise NotOnListError(f"nobody of number {contact_id} is on the list of {account_slug} for {list_date}")
        entry.outcome = outcome
        entry.reason = reason
        entry.explanation = explanation[:_SENTENCE_LIMIT] if explanation else explanation
        entry.next_eligible_on = next_eligible_on


def _view(account: str, built: BirthdayList, entries: list[tuple[ListEntry, Contact]]) -> ListView:
    views = tuple(_entry(entry, contact) for entry, contact in entries)
    reasons: dict[str, int] = {}
    for view in views:
        if view.reason is not None:
            reasons[view.reason.value] = reasons.get(view.reason.value, 0) + 1
    count = {outcome: sum(view.outcome is outcome for view in views) for outcome in EntryOutcome}
    return ListView(
        list_id=built.id,
        account=account,
        list_date=built.list_date,
        content_hash=built.content_hash,
        built_at=built.built_at,
        built_by_run=built.built_by_run,
        entries=views,
        forecast=Forecast(
            planned=count[EntryOutcome.PLANNED],
            deferred=count[EntryOutcome.DEFERRED],
            skipped=count[EntryOutcome.SKIPPED],
            reasons=reasons,
        ),
    )


def _entry(entry: ListEntry, contact: Contact) -> EntryView:
    return EntryView(
        contact_id=contact.id,
        slug=contact.profile_slug,
        full_name=contact.full_name,
        occurs_on=entry.occurs_on,
        occurrence_year=entry.occurrence_year,
        days_late=entry.days_late,
        outcome=entry.outcome,
        reason=entry.reason,
        explanation=entry.explanation,
        next_eligible_on=entry.next_eligible_on,
        template=entry.template,
        body=entry.body,
    )
