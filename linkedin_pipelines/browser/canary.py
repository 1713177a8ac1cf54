"""Looking whether the site's elements can be read: pages are opened, one conversation is opened and closed, no more.

What belongs here: the walk, an element a step, by the same page objects that the campaign uses. What does not: when it
is taken, and what a failed element means (`services.canary`, `domain.canary`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date

from playwright.sync_api import Locator

from linkedin_pipelines.browser.pages.catch_up import CatchUpPage
from linkedin_pipelines.browser.pages.composer import CLOSE, SEND, OpenComposer
from linkedin_pipelines.browser.pages.composers import ComposerPage
from linkedin_pipelines.browser.pages.feed import FeedPage
from linkedin_pipelines.browser.pages.profile import ProfilePage, Relation
from linkedin_pipelines.browser.pages.thread import Thread
from linkedin_pipelines.browser.pages.thread_reader import Sides
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.canary import MEANINGS, PARTS, CanaryElement, Part, ProbeOutcome, ProbeResult
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, WrongPersonError


class SiteCanary:
    """One part of the walk after the other, each element seen or not."""

    def __init__(self, site: Site, account: AccountConfig, clock: Clock) -> None:
        self._site = site
        self._account = account
        self._clock = clock
        self._latest_probes: dict[CanaryElement, ProbeResult] = {}

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        """See `domain.messaging.Messenger.look`."""
        self._latest_probes = {}
        if part is Part.COMPOSER:
            if recipient is None:
                raise ValueError("a conversation is somebody's")
            self._composer(recipient)
        elif part is Part.CATCH_UP:
            self._see(CanaryElement.BIRTHDAY_CARDS, self._birthdays)
        else:
            self._see(CanaryElement.NAVIGATION, FeedPage(self._site).open)
        if any(probed.outcome is ProbeOutcome.FAILED for probed in self._latest_probes.values()):
            self._site.go("/feed/")  # a site that does not answer at all says nothing of its pages
        return [self._latest_probes.get(element) or _unchecked(element, self._latest_probes) for element in PARTS[part]]

    def _birthdays(self) -> None:
        today = self._clock.now().astimezone(self._account.zone).date()
        if (doubt := CatchUpPage(self._site).birthdays(today).doubt) is not None:
            raise PageUnreadableError(doubt)

    def _see(self, element: CanaryElement, step: Callable[[], object]) -> bool:
        """Take one step; whether its element could be read."""
        try:
            with self._site.refusing(f"canary {element.replace('_', ' ')}"):
                step()
        except (NotConnectedError, WrongPersonError):
            raise
        except PageUnreadableError as error:
            self._require_arrived(error)
            self._latest_probes[element] = ProbeResult(element, ProbeOutcome.FAILED, str(error), error.evidence)
            return False
        self._latest_probes[element] = ProbeResult(element, ProbeOutcome.OK)
        return True

    def _require_arrived(self, failure: PageUnreadableError) -> None:
        """See that the page came whole: what did not arrive cannot be judged.

        Raises:
            PageUnreadableError: the site refused, or still owes, what the page needs.
        """
        if self._site.traffic.failed or self._site.traffic.pending:
            error = PageUnreadableError(f"the site did not hand over what its page needs; {failure}")
            error.evidence = failure.evidence
            raise error

    def _composer(self, recipient: Recipient) -> None:
        profile, composers = ProfilePage(self._site), ComposerPage(self._site)
        profile.open(recipient.profile_slug)
        cards: list[Locator] = []
        urns: list[str | None] = []
        names: list[str] = []

        def who_is_it() -> None:
            cards.append(_connected(profile))
            urns.append(profile.urn(cards[0]))
            names.append(profile.name())

        if not self._see(CanaryElement.TOP_CARD, who_is_it):
            return
        card, urn = cards[0], urns[0]
        with self._leaving_nothing_open(composers):
            if not self._see(CanaryElement.MESSAGE_CONTROL, lambda: profile.press_message(card, composers)):
                return
            roots: list[Locator] = []
            if not self._see(CanaryElement.EDITOR, lambda: roots.append(composers.wait())):
                return
            held: list[Locator] = []

            def recipient_of() -> None:
                who, root = composers.identity_at_rest(roots[0])
                if not (who.is_slug(recipient.profile_slug) or who.is_member(urn)):
                    raise WrongPersonError("the composer that opened addresses another person.")
                if not who.is_slug(recipient.profile_slug):
                    composers.require_name(root, names[0])
                held.append(root)

            if not self._see(CanaryElement.RECIPIENT, recipient_of):
                return
            opened = OpenComposer(self._site, held[0])
            sides = Sides(self._account.profile_slug, recipient.profile_slug, urn)
            thread = Thread(self._site, held[0], sides, self._clock, self._account.zone)
            self._see(CanaryElement.CONVERSATION, lambda: thread.events(date.max))
            self._see(CanaryElement.SEND_BUTTON, lambda: self._button(opened))
            self._see(CanaryElement.CLOSE_CONTROL, lambda: self._close(held[0]))

    def _button(self, opened: OpenComposer) -> None:
        """The send button, which is disabled while nothing is written."""
        opened.editor()  # one with a subject line writes an InMail: NotConnectedError
        self._site.find.one(SEND, opened.form())

    def _close(self, root: Locator) -> None:
        """Close the conversation and leave what its editor holds: a draft is the member's."""
        timeouts = self._site.timeouts
        if root.and_(self._site.page.locator("main")).count():
            return  # a page of its own; leaving it closes it
        self._site.find.any(CLOSE, root, timeouts.closing).click(timeout=timeouts.action)
        root.wait_for(state="hidden", timeout=timeouts.closing)
        self._site.traffic.settle(timeouts.closing)

    @contextmanager
    def _leaving_nothing_open(self, composers: ComposerPage) -> Iterator[None]:
        """Close what the walk opened, also where it could not be read; a bubble survives navigation."""
        try:
            yield
        finally:
            closed = self._latest_probes.get(CanaryElement.CLOSE_CONTROL)
            if closed is None or closed.outcome is not ProbeOutcome.OK:
                with suppress(PageUnreadableError):  # it was just seen, and said, that this page cannot be read
                    composers.close_all()
                self._site.traffic.settle(self._site.timeouts.closing)  # the site has to hear that it was closed


def _connected(profile: ProfilePage) -> Locator:
    card = profile.card()
    if profile.relation(card) is not Relation.CONNECTED:
        raise NotConnectedError("the profile says that this person is not a first-degree connection.")
    return card


def _unchecked(element: CanaryElement, latest_probes: dict[CanaryElement, ProbeResult]) -> ProbeResult:
    before = next(probed.element for probed in latest_probes.values() if probed.outcome is ProbeOutcome.FAILED)
    return ProbeResult(element, ProbeOutcome.UNCHECKED, f"Not reached: {MEANINGS[before]} could not be read.")
