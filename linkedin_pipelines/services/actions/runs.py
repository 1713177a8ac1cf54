"""A run of one kind over several people, one after the other: what all kinds do alike around each action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Self

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import NotNowError
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.protocol import Action
from linkedin_pipelines.services.actions.site_session import SiteFactory, SiteSession, open_site
from linkedin_pipelines.settings import Settings


class KindRun:
    """One account's work of one kind under way, in one site session."""

    def __init__(self, site_session: SiteSession, list_date: date, *, live: bool) -> None:
        self._at = site_session
        self._list_date = list_date
        self.act(live=live)

    @classmethod
    @contextmanager
    def opened(
        cls,
        database: Database,
        settings: Settings,
        clock: Clock,
        account_slug: str,
        list_date: date,
        run_id: str,
        *,
        live: bool,
        site_factory: SiteFactory | None = None,
    ) -> Iterator[Self]:
        """Begin: take the account's lease, adopt what a dead run left behind.

        It is live only if `live` is asked for and the account's mode admits it. The browser opens with the first person
        who needs it, through `site_factory`; without one it is the account's own signed-in browser.

        Raises:
            UnknownAccountError: there is no such account.
            LeaseHeldError: another run is at work for the account.
        """
        with open_site(database, settings, clock, account_slug, run_id, site_factory) as site_session:
            yield cls(site_session, list_date, live=live)

    def act(self, *, live: bool) -> None:
        """From now on really act, if `live` is asked for and the mode admits it; else up to the last click."""
        self.live = live and self.account.mode.sends

    def told_by(self, tell: Callable[[str], None]) -> None:
        """Use `tell` for what the member has to know while a person's step is under way."""
        self._at.tell = tell

    @property
    def account(self) -> AccountConfig:
        """The account as configured when the run began."""
        return self._at.config

    def carry(self, action: Action) -> Outcome:
        """Do one action at the account's pace, or say why not.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
        """
        self._at.rest()
        return self._at.carry_out(action, live=self.live)

    def finish(self) -> None:
        """Close the browser and give the lease back; nothing more can be done."""
        self._at.close()


@contextmanager
def reading(site_session: SiteSession, day: date, what: str) -> Iterator[None]:
    """Around the reading of a list of the site: settled first, paced, not interrupted, its stop signs recorded.

    Raises:
        NotNowError: the account must leave the site alone now, or `day` is not its present one.
    """
    today = local_day(site_session.clock.now(), site_session.config.zone)
    if day != today:
        raise NotNowError(f"{what} can be read of the present day alone, which is {today}, not {day}")
    refused = site_session.may_act()
    if refused is not None:
        raise NotNowError(f"{what} cannot be read now: {refused.explanation}")
    with deferred_interrupts(), site_session.watching():
        if left := site_session.settle_first():
            raise NotNowError(f"{what} cannot be read now: {left} earlier attempts have to be settled first")
        site_session.rest()
        yield
        site_session.touched()
