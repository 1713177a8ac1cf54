"""The account's own signed-in browser, opened for a run and closed with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from linkedin_pipelines.browser.session import SignedInBrowser, open_browser
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db import breakers, selectors
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.messaging import Messenger
from linkedin_pipelines.errors import PageUnreadableError, StopSignError
from linkedin_pipelines.services.accounts import AccountView
from linkedin_pipelines.services.sessions import load_session
from linkedin_pipelines.services.store import open_store
from linkedin_pipelines.settings import Settings


@contextmanager
def open_messenger(
    settings: Settings,
    account: AccountView,
    _list_date: date,
    clock: Clock | None = None,
    *,
    timeouts: Timeouts | None = None,
) -> Iterator[Messenger]:
    """Open the account's browser, see that its member is signed in, and keep what was learnt about the pages.

    `timeouts` are those for the real site unless the site is known to be quicker.

    Raises:
        SessionMissingError: nobody signed in yet.
        BrowserUnavailableError: no browser can be started.
        StopSignError: signed out, challenged, limited; the breaker knows it already.
        PageUnreadableError: the site is away or unreadable; the breaker counts it.
    """
    with open_signed_in(settings, account, clock, timeouts=timeouts) as browser:
        yield browser.messenger()


@contextmanager
def open_signed_in(
    settings: Settings, account: AccountView, clock: Clock | None = None, *, timeouts: Timeouts | None = None
) -> Iterator[SignedInBrowser]:
    """As `open_messenger`, for whoever reads pages; the same errors."""
    clock = clock or SystemClock()
    database = open_store(settings)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        browser = _open(stack, database, settings, account, clock, timeouts)
        stack.callback(_remember, database, browser, clock)
        yield browser


def _open(
    stack: ExitStack,
    database: Database,
    settings: Settings,
    account: AccountView,
    clock: Clock,
    timeouts: Timeouts | None,
) -> SignedInBrowser:
    state = load_session(database, settings, account.slug, clock)
    with database.reading() as session:
        preferences = selectors.preferences(session)
    try:
        return stack.enter_context(
            open_browser(settings, account.config, state, clock=clock, preferences=preferences, timeouts=timeouts)
        )
    except StopSignError as error:
        with database.writing() as session:
            breakers.record_stop_sign(session, account.id, clock.now(), error.sign, str(error), error.evidence)
        raise
    except PageUnreadableError as error:
        with database.writing() as session:
            breakers.record_failure(session, account.id, clock.now(), str(error))
        raise


def _remember(database: Database, browser: SignedInBrowser, clock: Clock) -> None:
    outcomes = browser.drain_outcomes()
    with database.writing() as session:
        selectors.record(session, outcomes, clock.now())
