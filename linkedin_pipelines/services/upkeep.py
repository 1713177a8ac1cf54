"""Upkeep of one account: sends in doubt settled by reading their conversations, and old pictures removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.messaging import Messenger
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.doubts import settle_doubts
from linkedin_pipelines.services.interrupts import deferred_interrupts
from linkedin_pipelines.services.lease_keeper import held_lease
from linkedin_pipelines.services.signed_in import open_messenger
from linkedin_pipelines.settings import Settings


@dataclass(frozen=True)
class SettledDoubts:
    """What reading the conversations came to."""

    found: int
    """Rows that no living run was working on, and whose end nobody had seen."""
    left: int
    """Those that three readings could not tell: they wait for the member."""


def settle_open_interactions(
    database: Database,
    settings: Settings,
    clock: Clock,
    slug: str,
    run_id: str,
    messenger_factory: Callable[[Settings, AccountView, date], AbstractContextManager[Messenger]] | None = None,
) -> SettledDoubts:
    """Settle what dead runs left behind. The browser is opened only if there is something to read.

    Raises:
        LeaseHeldError: a campaign of the account is running; it settles what is open by itself.
        StopSignError: the site stopped us; the breaker knows it already.
    """
    account = get_account(database, slug)
    today = clock.now().astimezone(account.config.zone).date()
    with ExitStack() as stack:
        keeper = stack.enter_context(held_lease(database, clock, account.id, run_id))
        with database.reading() as session:
            found = len(ledger.unsettled(session, account.id))
        opened: list[Messenger] = []

        def messenger() -> Messenger:
            if not opened:
                factory = messenger_factory or open_messenger
                opened.append(stack.enter_context(factory(settings, account, today)))
            return opened[0]

        # A signal must not end Playwright in the middle of a call; reading a few conversations is soon done.
        with deferred_interrupts():
            left = settle_doubts(database, clock, account, keeper, messenger)
    return SettledDoubts(found, left)


def expire_evidence(database: Database, settings: Settings, clock: Clock, slug: str, keep_days: int) -> int:
    """Remove the day folders of pictures older than `keep_days`; the number of folders removed.

    A day on which something is still in doubt keeps its pictures: they are what the member decides by.
    """
    account = get_account(database, slug, retired=True)
    folder = settings.evidence / slug
    if not folder.is_dir():
        return 0
    oldest = clock.now().astimezone(account.config.zone).date() - timedelta(days=keep_days)
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
