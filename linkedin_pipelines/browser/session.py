"""A browser signed in as one account's member: opened, fenced in, and verified before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.browser.elements import Finder
from linkedin_pipelines.browser.evidence import EvidenceFolder
from linkedin_pipelines.browser.failures import named_failures, unless_gone
from linkedin_pipelines.browser.guard import block_foreign_requests, resolver_flag
from linkedin_pipelines.browser.launch import ended_after, running_chromium
from linkedin_pipelines.browser.messenger import SiteMessenger
from linkedin_pipelines.browser.pages.catch_up import CatchUpPage
from linkedin_pipelines.browser.pages.contact_info import ContactInfoPage
from linkedin_pipelines.browser.pages.feed import FeedPage
from linkedin_pipelines.browser.pages.moments import MomentsPage
from linkedin_pipelines.browser.pages.people_search import PeopleSearchPage
from linkedin_pipelines.browser.pages.profile import ProfilePage, Relation
from linkedin_pipelines.browser.pages.profile_reading import ProfileReader
from linkedin_pipelines.browser.pages.sent_invitations import PreparedWithdrawal, SentInvitationsPage
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.canary import Part, ProbeResult
from linkedin_pipelines.domain.invitations import SeenInvitations
from linkedin_pipelines.domain.messaging import Composer, Recipient, SeenDay
from linkedin_pipelines.domain.moments import MomentKind, SeenMoments
from linkedin_pipelines.domain.people_searches import SeenResults
from linkedin_pipelines.domain.profiles import Depth, ReadProfile
from linkedin_pipelines.domain.selector_health import Preferences, SelectorOutcome
from linkedin_pipelines.errors import PageUnreadableError, ProfileGoneError, WrongPersonError
from linkedin_pipelines.settings import Settings


class SignedInBrowser:
    """One context and one page of a browser in which the account's own member is signed in.

    Implements `domain.messaging.PageSite`.
    """

    def __init__(self, context: BrowserContext, site: Site, account: AccountConfig, clock: Clock) -> None:
        self._context = context
        self._site = site
        self._account = account
        self._clock = clock

    @property
    def page(self) -> Page:
        """The page itself, for looking at it."""
        return self._site.page

    def verify(self) -> None:
        """See that somebody is signed in, and that it is the account's member: only they may edit their own profile.

        Raises:
            StopSignError: signed out, challenged, limited, or another member is signed in.
            PageUnreadableError: the pages do not say.
        """
        FeedPage(self._site).open()
        profile = ProfilePage(self._site)
        try:
            profile.open(self._account.profile_slug)
            with self._site.refusing("own profile"):
                if profile.relation(profile.card()) is not Relation.SELF:
                    raise stop_signs.sign(stop_signs.WRONG_MEMBER)
        except (WrongPersonError, ProfileGoneError) as error:
            raise PageUnreadableError("profile_url does not lead to a profile of that address; correct it.") from error

    def messenger(self) -> SiteMessenger:
        """Opens conversations with people."""
        return SiteMessenger(self._site, self._account, self._clock)

    def open(self, recipient: Recipient) -> Composer:
        """Open the composer of that person; see `SiteMessenger.open`."""
        return self.messenger().open(recipient)

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        """See whether a part of the site can be read; see `SiteMessenger.look`."""
        return self.messenger().probe(part, recipient)

    def birthdays(self) -> SeenDay:
        """Every birthday that the catch-up page shows today, and whether it proves them to be all.

        Raises:
            StopSignError: signed out, challenged, limited.
            PageUnreadableError: the page cannot be read to its end, so today's birthdays are unknown; or the account's
                day ended meanwhile, so that "today" on the page could be either.
        """
        today = self._today()
        seen = CatchUpPage(self._site).birthdays(today)
        if self._today() != today:
            raise PageUnreadableError("the day ended while the catch-up page was read; read it again.")
        return seen

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        """Month and day of the birthday that a person's contact info shows; None if it shows none. A visit.

        Raises:
            StopSignError: signed out, challenged, limited.
            WrongPersonError: the page is another person's.
            PageUnreadableError: the contact info cannot be read for certain.
        """
        return ContactInfoPage(self._site).birthday(slug)

    def sent_invitations(self) -> SeenInvitations:
        """Every sent invitation that waits; see `SentInvitationsPage.read`."""
        return SentInvitationsPage(self._site).read()

    def moments(self, kind: MomentKind, today: date) -> SeenMoments:
        """What a tab of the catch-up page says; see `MomentsPage.read`."""
        return MomentsPage(self._site).read(kind, today)

    def prepare_withdrawal(self, slug: str, name: str) -> PreparedWithdrawal:
        """Open the dialog that withdraws a person's invitation; see `SentInvitationsPage.prepare`."""
        return SentInvitationsPage(self._site).prepare(slug, name)

    def holds_invitation(self, slug: str) -> bool:
        """Whether the list still holds a person's invitation; see `SentInvitationsPage.holds`."""
        return SentInvitationsPage(self._site).holds(slug)

    def search(self, query: str, max_pages: int) -> SeenResults:
        """The results of a people search; see `PeopleSearchPage.read`."""
        return PeopleSearchPage(self._site).read(query, max_pages)

    def profile(self, slug: str, depth: Depth) -> ReadProfile:
        """Open a profile and read it, which is a visit; see `ProfileReader.read`."""
        return ProfileReader(self._site).read(slug, depth, self._today())

    def _today(self) -> date:
        return self._clock.now().astimezone(self._account.zone).date()

    def storage_state(self) -> dict[str, Any]:
        """Cookies and storage as they are now; the site renews them, so they are worth storing again."""
        return cast("dict[str, Any]", self._context.storage_state())

    def drain_outcomes(self) -> list[SelectorOutcome]:
        """What was learnt about finding elements since the last call, for `db.selectors.record`."""
        return self._site.find.drain()

    def drain_page_times(self) -> list[tuple[str, float]]:
        """Which pages were opened, and in how many seconds each, since the last call."""
        taken, self._site.page_times = self._site.page_times, []
        return taken


@contextmanager
def open_browser(
    settings: Settings,
    account: AccountConfig,
    state: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    preferences: Preferences | None = None,
    timeouts: Timeouts | None = None,
) -> Iterator[SignedInBrowser]:
    """A Chromium of the account's own, with its stored state, verified to be signed in as its member.

    `timeouts` are the real site's unless given.

    Raises:
        BrowserUnavailableError: no browser can be started.
        StopSignError: signed out, challenged, limited, or another member is signed in.
        PageUnreadableError: the site is away, or its pages do not say who is signed in.
    """
    with (
        running_chromium(settings, (resolver_flag(account.base_url),)) as chromium,
        signed_in(
            chromium, settings, account, state, clock=clock, preferences=preferences, timeouts=timeouts
        ) as browser,
    ):
        browser.verify()
        yield browser


@contextmanager
def signed_in(
    chromium: Browser,
    settings: Settings,
    account: AccountConfig,
    state: Mapping[str, Any] | None,
    *,
    clock: Clock | None = None,
    preferences: Preferences | None = None,
    timeouts: Timeouts | None = None,
) -> Iterator[SignedInBrowser]:
    """A context of a running Chromium with the account's state, not verified yet.

    Language, time zone and everything else by which a site knows a browser are left as they are. `timeouts` are the
    real site's unless given.

    Raises:
        BrowserUnavailableError: the browser ended, or did not open a page in time.
    """
    clock, timeouts = clock or SystemClock(), timeouts or Timeouts()
    with named_failures("open a window"), ended_after(timeouts.window):
        context = chromium.new_context(
            storage_state=cast("StorageState", dict(state)) if state else None,
            service_workers="block",  # their requests would pass by the guard
            accept_downloads=False,
        )
    try:
        context.set_default_timeout(timeouts.element)
        context.set_default_navigation_timeout(timeouts.navigation)
        block_foreign_requests(context, account.base_url)
        with named_failures("open a page"), ended_after(timeouts.window):
            page = context.new_page()
        evidence = EvidenceFolder(settings.evidence, account, clock, timeouts)
        yield SignedInBrowser(
            context, Site(page, account.base_url, Finder(page, timeouts, preferences), evidence), account, clock
        )
    finally:
        unless_gone(context.close)
