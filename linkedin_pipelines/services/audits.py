"""Whether the promises held: the questions that checks ask of the store after the fact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import ValidationError

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import audits
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import CEILINGS, InteractionKind
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.services.accounts import get_account

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuotaAudit:
    """The most that campaigns of the last fortnight spent within one run, one local day and any seven days."""

    run: int
    day: int
    week: int
    ceiling_run: int
    ceiling_day: int
    ceiling_week: int

    @property
    def kept(self) -> bool:
        return self.run <= self.ceiling_run and self.day <= self.ceiling_day and self.week <= self.ceiling_week


def audit_quota(database: Database, clock: Clock, slug: str) -> QuotaAudit:
    """Count afresh what campaigns spent, and hold it against the ceilings that no file can raise."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        rows = audits.spent(session, account.id, clock.now() - 2 * _WEEK)
    moments = sorted(claimed_at for claimed_at, _, _ in rows)
    weeks = (sum(start <= moment < start + _WEEK for moment in moments) for start in moments)
    ceiling = CEILINGS[InteractionKind.BIRTHDAY_MESSAGE]
    return QuotaAudit(
        run=max(Counter(run_id for _, _, run_id in rows).values(), default=0),
        day=max(Counter(local_day for _, local_day, _ in rows).values(), default=0),
        week=max(weeks, default=0),
        ceiling_run=ceiling.per_run,
        ceiling_day=ceiling.per_day,
        ceiling_week=ceiling.per_week,
    )


def doubled_occasions(database: Database, slug: str) -> list[tuple[int, int]]:
    """(contact, year) of birthdays that more than one row occupies: somebody may have been wished twice."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return audits.doubled_occasions(session, account.id)


def orphan_interactions(database: Database, slug: str) -> list[int]:
    """Rows of the ledger whose contact is missing or another account's."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return audits.orphans(session, account.id)


def invalid_payloads(database: Database, slug: str, list_date: date) -> list[int]:
    """Rows of that day's ledger whose evidence is not what our payloads look like."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        stored = list(audits.raw_evidence(session, account.id, list_date))
    return [row_id for row_id, text in stored if not _is_evidence(text)]


def old_doubts(database: Database, clock: Clock, slug: str) -> list[int]:
    """Rows that have been in doubt, or in flight, for over a day."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return audits.old_doubts(session, account.id, clock.now() - _DAY)


def planned_against_their_will(database: Database, slug: str, list_date: date) -> list[int]:
    """Contacts planned on that list who must not be written to."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return audits.planned_against_their_will(session, account.id, list_date)


def _is_evidence(text: str) -> bool:
    try:
        Evidence.model_validate_json(text)
    except ValidationError:
        return False
    return True
