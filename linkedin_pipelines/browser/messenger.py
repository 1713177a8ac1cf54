"""Opening conversations and writing into them: the real site behind `domain.messaging`.

What belongs here: the order of identity checks around a composer. What does not: how a page is read (`pages`), and
what a refusal means for the ledger (`services.sending`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from playwright.sync_api import Error

from linkedin_pipelines.browser.addresses import Identity
from linkedin_pipelines.browser.canary import SiteCanary
from linkedin_pipelines.browser.failures import is_gone
from linkedin_pipelines.browser.pages.composer import OpenComposer
from linkedin_pipelines.browser.pages.composers import ComposerPage
from linkedin_pipelines.browser.pages.profile import ProfilePage, Relation
from linkedin_pipelines.browser.pages.thread import Sides, Thread
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.canary import Part, Sight
from linkedin_pipelines.domain.messaging import Composer, Recipient, ThreadEvent
from linkedin_pipelines.domain.threads import same_text
from linkedin_pipelines.errors import BrowserUnavailableError, NotConnectedError, PageUnreadableError, WrongPersonError

log = structlog.get_logger(__name__)


class SiteMessenger:
    """Implements `domain.messaging.Messenger`."""

    def __init__(self, site: Site, account: AccountConfig, clock: Clock) -> None:
        self._site = site
        self._account = account
        self._clock = clock

    def open(self, recipient: Recipient) -> Composer:
        """Open the composer of that person and compare the identity read from it.

        Raises:
            WrongPersonError: it is the member, or the composer or the profile is another person's.
            NotConnectedError: the person is no first-degree connection.
            PageUnreadableError: something needed cannot be read for certain.
            StopSignError: signed out, challenged, limited.
        """
        with self._site.refusing("open composer"):
            slug = recipient.profile_slug
            if slug == self._account.profile_slug:
                raise WrongPersonError("the recipient is the account's own member.")
            urn, name = self._press_message(slug)
            composers = ComposerPage(self._site)
            found = composers.wait()
            who, root = composers.identity_at_rest(found)
            if not (who.is_slug(slug) or who.is_member(urn)):
                self._refuse(who, urn)
            if not who.is_slug(slug):
                composers.require_name(root, name)
            opened = OpenComposer(self._site, root)
            opened.editor()
            thread = Thread(
                self._site, root, Sides(self._account.profile_slug, slug, urn), self._clock, self._account.zone
            )
            return SiteComposer(self._site, composers, opened, thread, who)

    def look(self, part: Part, recipient: Recipient | None = None) -> list[Sight]:
        """See whether the elements of a part of the site can be read, changing nothing.

        Raises:
            NotConnectedError, WrongPersonError: the person is nobody to look at.
            PageUnreadableError: the site does not answer at all.
            StopSignError: signed out, challenged, limited.
        """
        return SiteCanary(self._site, self._account, self._clock).look(part, recipient)

    def _press_message(self, slug: str) -> tuple[str | None, str]:
        """Go to the profile, see who it is, open the composer; the URN that the profile itself names, and the name."""
        profile = ProfilePage(self._site)
        profile.open(slug)
        card = profile.card()
        relation = profile.relation(card)
        if relation is Relation.SELF:
            raise WrongPersonError("the profile is the account's own member's.")
        if relation is not Relation.CONNECTED:
            raise NotConnectedError("the profile says that this person is not a first-degree connection.")
        ComposerPage(self._site).close_all()
        urn, name = profile.urn(card), profile.name()
        profile.press_message(card)
        return urn, name

    @staticmethod
    def _refuse(who: Identity, urn: str | None) -> None:
        if who.is_urn and urn is None:
            raise PageUnreadableError(
                "the composer names its recipient by a number that the profile did not give, so nobody knows who it is."
            )
        raise WrongPersonError("the composer that opened addresses another person.")


class SiteComposer:
    """Implements `domain.messaging.Composer`: one composer, held by the identity that it showed."""

    def __init__(
        self, site: Site, composers: ComposerPage, opened: OpenComposer, thread: Thread, identity: Identity
    ) -> None:
        self._site = site
        self._composers = composers
        self._opened = opened
        self._thread = thread
        self._identity = identity
        self._written: str | None = None

    @property
    def recipient(self) -> str:
        """The slug, or the URN's id, as the composer showed it."""
        return self._identity.segment

    def events(self) -> list[ThreadEvent]:
        """All messages that the thread shows, oldest first.

        Raises:
            PageUnreadableError: the thread did not load, or an event's side cannot be told.
        """
        with self._site.refusing("read conversation"):
            self._require_same()
            return self._thread.events()

    def write(self, text: str) -> str:
        """Replace whatever the editor holds by `text`; what the editor holds then."""
        with self._site.refusing("write"):
            self._require_same()
            self._opened.insert(text)
            self._require_same()
            self._written = self._opened.content(text)
            return self._written

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        """Keep a picture of the page as it is, and for a refusal its text beside it; its path below the folder."""
        keep = self._site.evidence.refusal if refusal else self._site.evidence.screenshot
        return keep(self._site.page, label)

    def click_send(self, may_still: Callable[[], None] = lambda: None) -> None:
        """Press the send button, once, as a person would. `may_still` is asked last, and its error means no press.

        Where the press was dispatched but its end not seen, this returns: whether it counted is for `proof` to tell.
        So every SiteError raised here means that nothing was pressed.

        Raises:
            PageUnreadableError: the button cannot be pressed.
            WrongPersonError: the composer's recipient changed.
            StopSignError: the site shows a stop sign in its place.
        """
        with self._site.refusing("send"):
            self._require_same()
            if not self._written or self._opened.content(self._written) != self._written:
                raise PageUnreadableError("the editor no longer holds what was written into it.")
            button = self._opened.send_button()
            button.click(trial=True, timeout=self._site.timeouts.action)
            self._require_same()
        self._site.traffic.mark()
        may_still()
        try:
            button.click(timeout=self._site.timeouts.action)
        except Error as error:
            if is_gone(error):
                raise BrowserUnavailableError("the browser ended while the send button was pressed.") from error
            log.warning("send_press_not_seen_through", problem=error.message.partition("\n")[0])

    def proof(self, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        """Wait for a new own event with exactly `text` that is not in `before`, and an empty editor; None otherwise.

        The event must stay: one shown before the server took it goes away again.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
        """
        stays, seen = fitting(self._site.timeouts.proof_stays, self._site.timeouts.poll), 0
        with self._site.refusing("proof"):
            for _ in self._site.looks(self._site.timeouts.proof):
                self._site.look_out()
                event = self._new_event(text, before)
                seen = seen + 1 if event is not None else 0
                if seen > stays:
                    return event
        return None

    def _new_event(self, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        if not self._opened.root.count() or self._opened.content().strip():
            return None
        now = self._thread.events_now()
        known = {event.event_id for event in before}
        new = [e for e in now if e.own and same_text(e.text, text) and e.event_id not in known]
        more = self._said(now, text) > self._said(before, text)
        return new[-1] if new and more else None

    @staticmethod
    def _said(events: Sequence[ThreadEvent], text: str) -> int:
        return sum(1 for event in events if event.own and same_text(event.text, text))

    def close(self) -> None:
        """Leave nothing written in the editor and close the composer.

        Raises:
            PageUnreadableError: a draft or the composer stays.
        """
        with self._site.refusing("close composer"):
            self._composers.dismiss_prompts()
            self._opened.close()

    def _require_same(self) -> None:
        """See that the composer still addresses whom it did.

        Raises:
            WrongPersonError: it does not, or it is gone.
        """
        if self._opened.root.count() != 1:
            raise WrongPersonError("the composer is no longer open, or another one took its place.")
        who, _ = self._composers.identity(self._opened.root)
        if who != self._identity:
            raise WrongPersonError("the composer now addresses another person.")
