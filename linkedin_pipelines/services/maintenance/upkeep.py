"""Upkeep of one account: what is in doubt settled by reading, old screenshots and profiles of strangers removed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.moments import moments
from linkedin_pipelines.db.visits import profiles
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts.registry import get_account, list_accounts
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.site_session import SiteFactory, open_site
from linkedin_pipelines.settings import Settings

MOMENTS_KEPT = timedelta(days=180)
"""Long after any page shows a moment for the last time."""


@dataclass(frozen=True)
class SettledDoubts:
    """What reading the conversations came to."""

    found: int
    """Interactions that no living run was working on, and whose end nobody had seen."""
    left: int
    """Those of which that is still so."""


def settle_open_interactions(
    database: Database,
    settings: Settings,
    clock: Clock,
    slug: str,
    run_id: str,
    site_factory: SiteFactory | None = None,
) -> SettledDoubts:
    """Settle what dead runs left behind, as every campaign does before it sends. Opens a browser only if it must.

    Raises:
        LeaseHeldError: a campaign of the account is running; it settles what is open by itself.
        StopSignError: the site stopped us; the breaker knows it already.
    """
    account = get_account(database, slug)
    with open_site(database, settings, clock, slug, run_id, site_factory) as site_session:
        found = _unsettled(database, account.id)
        # A signal must not end Playwright in the middle of a call; reading a few conversations is soon done.
        with deferred_interrupts():
            site_session.settle_first()
    return SettledDoubts(found, _unsettled(database, account.id))


def _unsettled(database: Database, account_id: int) -> int:
    with database.reading() as session:
        return len(ledger.unsettled(session, account_id))


def expire_evidence(database: Database, settings: Settings, clock: Clock, slug: str, keep_days: int) -> int:
    """Remove the day folders of screenshots older than `keep_days`; the number of folders removed.

    A day on which something is still in doubt keeps its screenshots: they are what the member decides by.
    """
    account = get_account(database, slug, retired=True)
    oldest = local_day(clock.now(), account.config.zone) - timedelta(days=keep_days)
    return _expire(settings.evidence / slug, oldest, _needed(database, [account.id]))


def drop_old_profiles(database: Database, clock: Clock, slug: str) -> int:
    """Drop profiles of people who are no connections once the account's `keep_days` are over; the number of them."""
    account = get_account(database, slug, retired=True)
    before = local_day(clock.now(), account.config.zone) - timedelta(days=account.config.sourcing.keep_days)
    with database.writing() as session:
        return profiles.drop_strangers(session, account.id, before)


def drop_old_moments(database: Database, clock: Clock, slug: str) -> int:
    """Drop moments that no page has shown for `MOMENTS_KEPT`; the number of them. The ledger keeps what was sent."""
    account = get_account(database, slug, retired=True)
    with database.writing() as session:
        return moments.drop_old(session, account.id, local_day(clock.now(), account.config.zone) - MOMENTS_KEPT)


def expire_left_evidence(database: Database, settings: Settings, clock: Clock, keep_days: int) -> int:
    """The same for every folder that no active account has: of retired accounts, and of slugs from before a renaming.

    Upkeep of an account never comes to them.
    """
    accounts = list_accounts(database, retired=True)
    active = {account.slug for account in accounts if not account.retired}
    needed = _needed(database, [account.id for account in accounts])
    oldest = clock.now().date() - timedelta(days=keep_days + 1)  # a day more: there may be no zone to count days in
    folders = sorted(settings.evidence.iterdir()) if settings.evidence.is_dir() else []
    return sum(_expire(folder, oldest, needed) for folder in folders if folder.name not in active)


def _needed(database: Database, account_ids: Sequence[int]) -> set[str]:
    """Days, as `slug/day`, with screenshots of what is still in doubt."""
    with database.reading() as session:
        return {
            path.rsplit("/", 1)[0]
            for account_id in account_ids
            for doubt in ledger.unsettled(session, account_id)
            for path in (doubt.evidence.screenshots if doubt.evidence else ())
            if path.count("/") > 1
        }


def _expire(folder: Path, oldest: date, needed: set[str]) -> int:
    if not folder.is_dir():
        return 0
    removed = 0
    for day in sorted(folder.iterdir()):
        if day.is_dir() and f"{folder.name}/{day.name}" not in needed and _is_before(day.name, oldest):
            shutil.rmtree(day)
            removed += 1
    return removed


def _is_before(name: str, oldest: date) -> bool:
    """Whether a folder is a day before `oldest`; one of another name is not ours to remove."""
    try:
        return date.fromisoformat(name) < oldest
    except ValueError:
        return False
