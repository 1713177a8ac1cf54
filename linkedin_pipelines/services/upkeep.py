"""Upkeep of one account: sends in doubt settled by reading their conversations, and old pictures removed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.campaigns import MessengerFactory, open_campaign
from linkedin_pipelines.services.interrupts import deferred_interrupts
from linkedin_pipelines.settings import Settings


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
    messenger_factory: MessengerFactory | None = None,
) -> SettledDoubts:
    """Settle what dead runs left behind, as every campaign does before it sends. Opens a browser only if it must.

    Raises:
        LeaseHeldError: a campaign of the account is running; it settles what is open by itself.
        StopSignError: the site stopped us; the breaker knows it already.
    """
    account = get_account(database, slug)
    today = local_day(clock.now(), account.config.zone)
    with open_campaign(
        database, settings, clock, slug, today, run_id, live=False, messenger_factory=messenger_factory
    ) as campaign:
        found = _unsettled(database, account.id)
        # A signal must not end Playwright in the middle of a call; reading a few conversations is soon done.
        with deferred_interrupts():
            campaign.settle_what_is_open()
    return SettledDoubts(found, _unsettled(database, account.id))


def _unsettled(database: Database, account_id: int) -> int:
    with database.reading() as session:
        return len(ledger.unsettled(session, account_id))


def expire_evidence(database: Database, settings: Settings, clock: Clock, slug: str, keep_days: int) -> int:
    """Remove the day folders of pictures older than `keep_days`; the number of folders removed.

    A day on which something is still in doubt keeps its pictures: they are what the member decides by.
    """
    account = get_account(database, slug, retired=True)
    folder = settings.evidence / slug
    if not folder.is_dir():
        return 0
    oldest = local_day(clock.now(), account.config.zone) - timedelta(days=keep_days)
    with database.reading() as session:
        needed = {
            path.split("/")[1]
            for doubt in ledger.unsettled(session, account.id)
            for path in (doubt.evidence.screenshots if doubt.evidence else ())
            if path.count("/") > 1
        }
    removed = 0
    for day in sorted(folder.iterdir()):
        if day.is_dir() and day.name not in needed and _is_before(day.name, oldest):
            shutil.rmtree(day)
            removed += 1
    return removed


def _is_before(name: str, oldest: date) -> bool:
    """Whether a folder is a day before `oldest`; one of another name is not ours to remove."""
    try:
        return date.fromisoformat(name) < oldest
    except ValueError:
        return False
