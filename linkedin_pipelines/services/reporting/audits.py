"""Whether the promises held: the questions that checks ask of the database after the fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import selectors
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger import audits
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, ActionKind, sharing_quota
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.selector_health import ElementHealth, judged
from linkedin_pipelines.services.accounts.registry import get_account

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuotaAudit:
    """The most of one quota that campaigns of the last fortnight spent: in a run, a local day and any seven days."""

    quota: str
    """Its name in accounts.yaml."""
    run: int
    day: int
    week: int
    ceiling_run: int
    ceiling_day: int
    ceiling_week: int

    @property
    def kept(self) -> bool:
        return self.run <= self.ceiling_run and self.day <= self.ceiling_day and self.week <= self.ceiling_week


def audit_quotas(database: Database, clock: Clock, slug: str) -> tuple[QuotaAudit, ...]:
    """Count afresh what campaigns spent of each quota, and hold it against the ceilings that no file can raise."""
    account = get_account(database, slug, retired=True)
    found: dict[str, QuotaAudit] = {}
    with database.reading() as session:
        for kind in (row for each in ACTION_KINDS.values() for row in (each, each.alone)):
            if kind.quota not in found:
                rows = audits.used(session, account.id, sharing_quota(kind), clock.now() - 2 * _WEEK)
                found[kind.quota] = _audit(kind, rows)
    return tuple(found.values())


def _audit(kind: ActionKind, rows: Sequence[tuple[datetime, date, str | None]]) -> QuotaAudit:
    moments = sorted(claimed_at for claimed_at, _, _ in rows)
    weeks = (sum(start <= moment < start + _WEEK for moment in moments) for start in moments)
    return QuotaAudit(
        quota=kind.quota,
        run=max(Counter(run_id for _, _, run_id in rows).values(), default=0),
        day=max(Counter(local_day for _, local_day, _ in rows).values(), default=0),
        week=max(weeks, default=0),
        ceiling_run=kind.ceiling.per_run,
        ceiling_day=kind.ceiling.per_day,
        ceiling_week=kind.ceiling.per_week,
    )


@dataclass(frozen=True)
class LedgerAudit:
    """Rows of the ledger that should not exist."""

    doubled: list[tuple[int, str, str]]
    """(contact, kind, occasion key) of occasions that more than one row occupies: something may be done twice."""
    orphans: list[int]
    """Rows whose contact is missing or another account's."""


def audit_ledger(database: Database, clock: Clock, slug: str) -> LedgerAudit:
    """Look at what came since the ledger was last found whole; a fault is found again until it is mended."""
    account = get_account(database, slug, retired=True)
    now = clock.now()
    with database.reading() as session:
        after = audits.audited_up_to(session, account.id, now)
        found = LedgerAudit(
            audits.doubled_occasions(session, account.id, after), audits.orphans(session, account.id, after)
        )
    if not found.doubled and not found.orphans:
        with database.writing() as session:
            audits.keep_audited(session, account.id, now, whole=not after)
    return found


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


def selector_health(database: Database) -> list[ElementHealth]:
    """How well each element of the site that was ever looked for is found, over all accounts; the worst first."""
    with database.reading() as session:
        return judged(row for page in selectors.surfaces(session) for row in selectors.health(session, page))


def opted_out_recipients(database: Database, slug: str, list_date: date) -> list[int]:
    """Contacts planned on that list who must not be written to."""
    account = get_account(database, slug, retired=True)
    with database.reading() as session:
        return audits.opted_out_recipients(session, account.id, list_date)


def _is_evidence(text: str) -> bool:
    try:
        Evidence.model_validate_json(text)
    except ValidationError:
        return False
    return True
