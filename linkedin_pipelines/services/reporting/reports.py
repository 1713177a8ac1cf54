"""What happened, for the member: pages of the ledger, and the evening report of a day's list.

How an account stands as a whole is `services.status`; `account_status` is here too by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import lists as list_rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.ledger import reports as rows
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.list_plan import ORDER_RULE
from linkedin_pipelines.domain.outcomes import Outcome, told
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.birthdays.site_days import reading_of_day
from linkedin_pipelines.services.figures.quotas import QuotaView, quota_view
from linkedin_pipelines.services.figures.waiting import waiting
from linkedin_pipelines.services.reporting.status import StatusView, account_status
from linkedin_pipelines.services.reporting.summaries import summary_of

__all__ = [
    "InteractionView",
    "PersonReport",
    "QuotaView",
    "ReportView",
    "StatusView",
    "account_status",
    "campaign_report",
    "interactions_of",
]


@dataclass(frozen=True)
class InteractionView:
    """One row of the ledger."""

    interaction_id: int
    contact_id: int
    full_name: str
    slug: str | None
    kind: str
    occasion_key: str
    purpose: str | None
    occurrence_year: int | None
    status: str
    origin: str
    reason: str | None
    explanation: str | None
    list_date: date | None
    run_id: str | None
    template: str | None
    body: str | None
    """Exactly the text that was, or was to be, sent."""
    claimed_at: datetime
    clicked_at: datetime | None
    settled_at: datetime | None
    sent_at: datetime | None
    doubt_readings: int
    evidence: dict[str, Any] | None


@dataclass(frozen=True)
class PersonReport:
    """What became of one person of a list."""

    contact_id: int
    full_name: str
    slug: str | None
    occurs_on: date | None
    """None for somebody who was attempted, but is no longer on the list."""
    days_late: int | None
    status: str
    """Of the last attempt through this list (`sent`, `failed`, ...), else the list's outcome (`planned`, ...)."""
    reason: str | None
    explanation: str | None
    next_eligible_on: date | None
    template: str | None
    text: str | None
    sent_at: datetime | None
    interaction_id: int | None
    evidence: dict[str, Any] | None


@dataclass(frozen=True)
class KindReport:
    """What a day's runs of another kind than birthday messages came to."""

    kind: str
    counts: dict[str, int]
    """How many people have each status, by their last attempt."""
    quota: QuotaView


@dataclass(frozen=True)
class ReportView:
    """A day's campaign: its numbers, and everybody on the list."""

    account: str
    list_date: date
    reported_at: datetime
    mode: str
    built_at: datetime | None
    """None if no list was built for that date."""
    content_hash: str | None
    approved: bool
    """Whether the list, as it stands, was approved."""
    approved_at: datetime | None
    approved_by: str | None
    counts: dict[str, int]
    """How many people have each status."""
    reasons: dict[str, int]
    quota: QuotaView
    people: tuple[PersonReport, ...]
    order: str
    summary: str
    other_kinds: tuple[KindReport, ...] = ()
    quotas: tuple[QuotaView, ...] = ()
    """Birthday messages, then the other kinds that spent anything in the last seven days."""


def interactions_of(
    database: Database,
    account_slug: str,
    *,
    list_date: date | None = None,
    run_id: str | None = None,
    contact_id: int | None = None,
    statuses: Iterable[InteractionStatus] = (),
    after_id: int = 0,
    limit: int | None = None,
) -> list[InteractionView]:
    """Rows of the ledger, oldest first; page on with `after_id=` the last `interaction_id` and a `limit`.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        found = rows.interactions(
            session,
            account.id,
            list_date=list_date,
            run_id=run_id,
            contact_id=contact_id,
            statuses=tuple(statuses),
            after_id=after_id,
            limit=limit,
        )
        return [_interaction(row, contact) for row, contact in found]


def as_settled(database: Database, account_slug: str, run_id: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of a run as the ledger has them now: what was in doubt may have been read since, by the same run."""
    if not any(outcome.status is InteractionStatus.IN_DOUBT for outcome in outcomes):
        return list(outcomes)
    rows_now = {row.interaction_id: row for row in interactions_of(database, account_slug, run_id=run_id)}
    return [
        replace(outcome, status=InteractionStatus(row.status), reason=_reason(row.reason), explanation=row.explanation)
        if outcome.status is InteractionStatus.IN_DOUBT and (row := rows_now.get(outcome.interaction_id or 0))
        else outcome
        for outcome in outcomes
    ]


def _reason(word: str | None) -> Reason | None:
    return Reason(word) if word is not None else None


def campaign_report(
    database: Database, clock: Clock, account_slug: str, list_date: date, run_id: str | None = None
) -> ReportView:
    """Everybody on the list of a date, with what became of them and why; and what the quotas have left.

    `run_id` is the run whose own quota is told as well.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    now = clock.now()
    with database.reading() as session:
        built = list_rows.find_list(session, account.id, list_date)
        given = list_rows.approvals_of(session, account.id, list_date)
        approval = next((row for row in given if built and row.content_hash == built.content_hash), None)
        people = _people(session, account.id, list_date, built.id if built else None)
        quotas = [quota_view(session, account, kind, now, run_id) for kind in ACTION_KINDS]
        quota = next(each for each in quotas if each.kind == InteractionKind.BIRTHDAY_MESSAGE)
        page = reading_of_day(session, account, list_date)
        others = _other_kinds(session, account, list_date, now)
        waits = _waits(session, account, quota, now, unapproved=built is not None and approval is None)
    counts = Counter(person.status for person in people)
    return ReportView(
        account=account_slug,
        list_date=list_date,
        reported_at=now,
        mode=account.config.mode.value,
        built_at=built.built_at if built else None,
        content_hash=built.content_hash if built else None,
        approved=approval is not None,
        approved_at=approval.approved_at if approval else None,
        approved_by=approval.approved_by if approval else None,
        counts=dict(sorted(counts.items())),
        reasons=dict(sorted(Counter(person.reason for person in people if person.reason).items())),
        quota=quota,
        people=people,
        order=ORDER_RULE,
        summary=summary_of(list_date, counts, quota, page, others, waits, built=built is not None),
        other_kinds=others,
        quotas=(quota, *(each for each in quotas if each is not quota and each.used_in_week)),
    )


def _waits(
    session: Session, account: AccountView, quota: QuotaView, now: datetime, *, unapproved: bool
) -> tuple[str, ...]:
    """What those who are left wait for: the member's approval, then whatever keeps the account from acting."""
    approval = ("The list waits for its approval.",) if unapproved else ()
    return (*approval, *waiting(session, account, quota, now))


def _other_kinds(session: Session, account: AccountView, list_date: date, now: datetime) -> tuple[KindReport, ...]:
    """The kinds of which anything was tried for that day, each person by their last attempt."""
    last: dict[str, dict[int, str]] = {}
    for row, contact in rows.interactions(session, account.id, list_date=list_date):
        if row.kind != InteractionKind.BIRTHDAY_MESSAGE:
            last.setdefault(str(row.kind), {})[contact.id] = told(row.status, row.reason).value
    return tuple(
        KindReport(kind, dict(sorted(Counter(people.values()).items())), quota_view(session, account, kind, now))
        for kind, people in sorted(last.items())
    )


def _people(session: Session, account_id: int, list_date: date, list_id: int | None) -> tuple[PersonReport, ...]:
    """The people of the list in its order; then those attempted through it who are no longer on it."""
    attempts = {
        (row.contact_id, row.occurrence_year): (row, contact)
        for row, contact in rows.interactions(
            session, account_id, list_date=list_date, kind=InteractionKind.BIRTHDAY_MESSAGE
        )
        if row.origin is InteractionOrigin.CAMPAIGN
    }
    entries = list_rows.entry_rows(session, list_id) if list_id is not None else []
    listed = [_person(entry, attempts) for entry in entries]
    seen = {(entry.contact_id, entry.occurrence_year) for entry in entries}
    gone = [_gone(row, contact) for key, (row, contact) in attempts.items() if key not in seen]
    return (*listed, *gone)


def _person(
    entry: list_rows.EntryRow, attempts: Mapping[tuple[int, int | None], tuple[Interaction, Contact]]
) -> PersonReport:
    attempt, _ = attempts.get((entry.contact_id, entry.occurrence_year), (None, None))
    return PersonReport(
        contact_id=entry.contact_id,
        full_name=entry.full_name,
        slug=entry.slug,
        occurs_on=entry.occurs_on,
        days_late=entry.days_late,
        status=(told(attempt.status, attempt.reason) if attempt else entry.outcome).value,
        reason=_word(attempt.reason if attempt else entry.reason),
        explanation=attempt.explanation if attempt else entry.explanation,
        next_eligible_on=entry.next_eligible_on,
        template=attempt.template if attempt else entry.template,
        text=attempt.body if attempt else entry.body,
        sent_at=attempt.sent_at if attempt else None,
        interaction_id=attempt.id if attempt else None,
        evidence=_evidence(attempt) if attempt else None,
    )


def _gone(row: Interaction, contact: Contact) -> PersonReport:
    return PersonReport(
        contact_id=contact.id,
        full_name=contact.full_name,
        slug=contact.profile_slug,
        occurs_on=None,
        days_late=None,
        status=told(row.status, row.reason).value,
        reason=_word(row.reason),
        explanation=row.explanation,
        next_eligible_on=None,
        template=row.template,
        text=row.body,
        sent_at=row.sent_at,
        interaction_id=row.id,
        evidence=_evidence(row),
    )


def _interaction(row: Interaction, contact: Contact) -> InteractionView:
    return InteractionView(
        interaction_id=row.id,
        contact_id=contact.id,
        full_name=contact.full_name,
        slug=contact.profile_slug,
        kind=str(row.kind),
        occasion_key=row.occasion_key,
        purpose=row.purpose,
        occurrence_year=row.occurrence_year,
        status=row.status.value,
        origin=row.origin.value,
        reason=_word(row.reason),
        explanation=row.explanation,
        list_date=row.list_date,
        run_id=row.run_id,
        template=row.template,
        body=row.body,
        claimed_at=row.claimed_at,
        clicked_at=row.clicked_at,
        settled_at=row.settled_at,
        sent_at=row.sent_at,
        doubt_readings=row.doubt_readings,
        evidence=_evidence(row),
    )


def _word(reason: object) -> str | None:
    return str(reason) if reason is not None else None


def _evidence(row: Interaction) -> dict[str, Any] | None:
    return row.evidence.model_dump(mode="json") if row.evidence is not None else None
