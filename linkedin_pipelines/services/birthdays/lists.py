"""A day's birthday list: everyone whose birthday it is about, each with an outcome, a reason, and the exact words.

What belongs here: building, reading and amending a list. What does not: the rules (`domain.eligibility`,
`domain.list_plan`, `domain.wording`) and the yes to a list (`services.approvals`).

An entry carries a text exactly if the text is part of what an approval covers: it is to be sent, or an attempt to send
it was made through this very list. So a rebuild in the middle of sending leaves an approval valid, and any other change
of recipients or words does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import registry as account_rows
from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import BirthdayList
from linkedin_pipelines.domain.list_plan import ORDER_RULE
from linkedin_pipelines.domain.outcomes import SENTENCE_LIMIT, Outcome
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.wording import Wordings
from linkedin_pipelines.domain.wording_files import built_in_wordings
from linkedin_pipelines.garbage import nothing_collected
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.list_building import ListBuilder, save_list

_ATTEMPTS = 3
"""How often a list is computed before it is computed under the lock."""


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
    """Build the list of a date anew; a past date is a late list.

    It is computed while others may write, and replaces what the list held in one transaction, unless what it rests on
    has changed meanwhile; then it is computed again. Texts already chosen stay as long as their person is still to be
    wished. A list is about the day on which it is built: build it again before it is sent on another, since wishes that
    were on time have become late ones.

    Raises:
        UnknownAccountError: there is no such account, or it is retired.
    """
    with nothing_collected():  # 30,000 people are hundreds of thousands of objects, none of them garbage
        return _build_list(database, clock, account_slug, list_date, run_id, wordings or built_in_wordings())


def _build_list(
    database: Database, clock: Clock, account_slug: str, list_date: date, run_id: str, words: Wordings
) -> ListView:
    account = get_account(database, account_slug)
    for attempt in range(_ATTEMPTS):
        now = clock.now()
        plan = None
        if attempt < _ATTEMPTS - 1:  # the last time nobody may write in between
            with database.reading() as session:
                plan = ListBuilder(session, now, account.id, list_date, run_id, words).build()
        with database.writing() as session:
            if plan is None:
                account_rows.lock_account(session, account.id)
                plan = ListBuilder(session, now, account.id, list_date, run_id, words).build()
            built = save_list(session, plan, account.id, list_date, now, run_id)
            if built is not None:
                return _view(account_slug, built, plan.entries)
    raise AssertionError("under the account's lock nothing changes between reading and writing")


def read_list(database: Database, account_slug: str, list_date: date) -> ListView | None:
    """The list as it stands; None if none was built for that date.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        found = rows.find_list(session, account.id, list_date)
        return None if found is None else _view(account_slug, found, rows.entry_rows(session, found.id))


def list_in_numbers(session: Session, account_id: int, day: date) -> str | None:
    """How many of a day's list are planned, deferred and skipped, in words; None if there is no list."""
    built = rows.find_list(session, account_id, day)
    if built is None:
        return None
    entries = [entry for entry, _ in rows.entries_of(session, built.id)]
    of = {outcome: [entry for entry in entries if entry.outcome is outcome] for outcome in EntryOutcome}
    waiting = of[EntryOutcome.DEFERRED]
    again = min((entry.next_eligible_on for entry in waiting if entry.next_eligible_on), default=None)
    wait = f"{len(waiting)} deferred{f', the first until {again}' if again else ''}"
    return f"{len(of[EntryOutcome.PLANNED])} planned, {wait}, {len(of[EntryOutcome.SKIPPED])} skipped"


def note_outcome(
    database: Database, account_slug: str, list_date: date, key: tuple[int, int], outcome: Outcome
) -> bool:
    """Write down what became of one person (contact, occurrence year) of a list; no approval is touched.

    False if the list was built anew meanwhile without that person: the ledger knows what became of them all the same.
    """
    assert isinstance(outcome.status, EntryOutcome)  # what an attempt came to stands in the ledger
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        found = rows.find_list(session, account.id, list_date)
        entry = rows.find_entry(session, found.id, *key) if found else None
        if entry is None:
            return False
        entry.outcome = outcome.status
        entry.reason = outcome.reason
        entry.explanation = outcome.explanation[:SENTENCE_LIMIT] if outcome.explanation else outcome.explanation
        entry.next_eligible_on = outcome.next_eligible_on
        return True


def _view(account: str, built: BirthdayList, entries: Sequence[rows.EntryRow]) -> ListView:
    views = tuple(map(_entry, entries))
    reasons = Counter(str(view.reason) for view in views if view.reason is not None)
    count = Counter(view.outcome for view in views)
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
            reasons=dict(reasons),
        ),
    )


def _entry(entry: rows.EntryRow) -> EntryView:
    values = entry._asdict()
    del values["identity_key"]
    return EntryView(**values)
