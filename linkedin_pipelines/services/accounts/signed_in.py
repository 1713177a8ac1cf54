"""The account's own signed-in browser, opened for a run and closed with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db.accounts import selectors
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger import counters
from linkedin_pipelines.errors import BrowserUnavailableError
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.accounts.sessions import load_session, renew_session
from linkedin_pipelines.settings import Settings

if TYPE_CHECKING:
    from linkedin_pipelines.browser.session import SignedInBrowser
    from linkedin_pipelines.browser.timeouts import Timeouts

log = structlog.get_logger(__name__)


@contextmanager
def open_signed_in(
    settings: Settings, account: AccountView, clock: Clock | None = None, *, timeouts: Timeouts | None = None
) -> Iterator[SignedInBrowser]:
    """Open the account's browser, see who is signed in; keep renewed cookies and what was learnt at the end.

    `timeouts` are those for the real site unless the site is known to be quicker.

    Raises:
        SessionMissingError: nobody signed in yet.
        BrowserUnavailableError: no browser can be started.
        StopSignError: signed out, challenged, limited.
        PageUnreadableError: the site is away or unreadable.
    """
    clock = clock or SystemClock()
    database = open_database(settings)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        opened = clock.now()
        browser = _open(stack, database, settings, account, clock, timeouts)
        stack.callback(_keep_session, database, settings, account, clock, opened, browser)
        stack.callback(_remember, database, account, browser, clock)
        yield browser


def _open(
    stack: ExitStack,
    database: Database,
    settings: Settings,
    account: AccountView,
    clock: Clock,
    timeouts: Timeouts | None,
) -> SignedInBrowser:
    # Here alone: the code server and the status server never open one, and Playwright takes 18 MB of each.
    from linkedin_pipelines.browser.session import open_browser

    state = load_session(database, settings, account.slug, clock)
    with database.reading() as session:
        preferences = selectors.preferences(session)
    return stack.enter_context(
        open_browser(settings, account.config, state, clock=clock, preferences=preferences, timeouts=timeouts)
    )


def _keep_session(
    database: Database,
    settings: Settings,
    account: AccountView,
    clock: Clock,
    opened: datetime,
    browser: SignedInBrowser,
) -> None:
    """Store the cookies that the site renewed, so that the next run is signed in for longer.

    Not where a stop sign was shown, since the site may have ended the session; nor over a session that the member
    stored while this run was at work.
    """
    try:
        state = browser.storage_state()
    except BrowserUnavailableError as error:
        log.warning("session_not_renewed", account_id=account.id, problem=str(error))
        return
    renew_session(database, settings, account, state, opened, clock)


def _remember(database: Database, account: AccountView, browser: SignedInBrowser, clock: Clock) -> None:
    outcomes, page_times = browser.drain_outcomes(), browser.drain_page_times()
    with database.writing() as session:
        selectors.record(session, outcomes, clock.now())
        counters.record_page_times(session, account.slug, page_times)
