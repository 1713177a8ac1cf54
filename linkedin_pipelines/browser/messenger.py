"""Opening conversations and writing into them: the real site behind `domain.messaging`.

What belongs here: the order of identity checks around a composer. What does not: how a page is read (`pages`), and
what a refusal means for the ledger (`services.sending`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from playwright.sync_api import Error

from linkedin_pipelines.browser.addresses import Identity
from linkedin_pipelines.browser.asking import Aside
from linkedin_pipelines.browser.canary import SiteCanary
from linkedin_pipelines.browser.failures import is_gone
from linkedin_pipelines.browser.pages.composer import OpenComposer
from linkedin_pipelines.browser.pages.composers import ComposerPage
from linkedin_pipelines.browser.pages.profile import ProfilePage, Relation
from linkedin_pipelines.browser.pages.recipients import Header
from linkedin_pipelines.browser.pages.thread import Thread
from linkedin_pipelines.browser.pages.thread_reader import Sides
from linkedin_pipelines.browser.press_watch import first_words
from linkedin_pipelines.browser.send_proof import SendProof, said_in
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.canary import Part, ProbeResult
from linkedin_pipelines.domain.messaging import Composer, Recipient, ThreadEvent
from linkedin_pipelines.domain.threads import new_messages, own_events
from linkedin_pipelines.errors import BrowserUnavailableError, NotConnectedError, PageUnreadableError, WrongPersonError

log = structlog.get_logger(__name__)


class SiteMessenger:
    """The part of `domain.messaging.PageSite` that writes to people."""

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
            urn, name, press = self._press_message(recipient)
            composers = ComposerPage(self._site)

            def find() -> Conversation:
                return self._addressed(composers, slug, urn, name)

            return SiteComposer(self._site, composers, find(), Reopening(press, find), urn)

    def _addressed(self, composers: ComposerPage, slug: str, urn: str | None, name: str) -> Conversation:
        """The composer that opened, if it addresses that person.

        Raises:
            As `open`.
        """
        who, root = composers.identity_at_rest(composers.wait())
        if not (who.is_slug(slug) or who.is_member(urn)):
            self._refuse(who, urn)
        if not who.is_slug(slug):
            composers.require_name(root, name)
        opened = OpenComposer(self._site, root)
        opened.editor()
        sides = Sides(self._account.profile_slug, slug, urn)
        return Conversation(opened, Thread(self._site, root, sides, self._clock, self._account.zone), who)

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        """See whether the elements of a part of the site can be read, changing nothing.

        Raises:
            NotConnectedError, WrongPersonError: the person is nobody to look at.
            PageUnreadableError: the site does not answer at all.
            StopSignError: signed out, challenged, limited.
        """
        return SiteCanary(self._site, self._account, self._clock).probe(part, recipient)

    def _press_message(self, recipient: Recipient) -> tuple[str | None, str, Callable[[], None]]:
        """Go to the profile, see who it is, open the composer; the number known for certain, the name, the press."""
        profile = ProfilePage(self._site)
        profile.open(recipient.profile_slug)
        card = profile.card()
        relation = profile.relation(card)
        if relation is Relation.SELF:
            raise WrongPersonError("the profile is the account's own member's.")
        if relation is not Relation.CONNECTED:
            raise NotConnectedError("the profile says that this person is not a first-degree connection.")
        urn, name = profile.urn(card), profile.name()
        known = recipient.member_number
        if urn and known and urn != known:
            raise WrongPersonError("the profile is of another member than the one known by this address before.")
        urn = urn or known
        profile.press_message(card, ComposerPage(self._site))
        return urn, name, lambda: profile.press_message(card)

    @staticmethod
    def _refuse(who: Identity, urn: str | None) -> None:
        if who.is_urn and urn is None:
            raise PageUnreadableError(
                "the composer names its recipient by a number that the profile did not give, so nobody knows who it is."
            )
        raise WrongPersonError("the composer that opened addresses another person.")


@dataclass(frozen=True)
class Conversation:
    """An open composer with its messages, and whom it showed that it addresses."""

    opened: OpenComposer
    thread: Thread
    identity: Identity


@dataclass(frozen=True)
class Reopening:
    """How a composer that was closed is opened again, without another look at the profile."""

    press: Callable[[], None]
    find: Callable[[], Conversation]


class SiteComposer:
    """Implements `domain.messaging.Composer`: one composer, held by the identity that it showed."""

    def __init__(
        self,
        site: Site,
        composers: ComposerPage,
        conversation: Conversation,
        reopening: Reopening,
        member_number: str | None = None,
    ) -> None:
        self._site = site
        self._composers = composers
        self._reopening = reopening
        self._opened, self._thread = conversation.opened, conversation.thread
        self._identity = conversation.identity
        self._back_to = date.max
        self.member_number = member_number
        """The id of the person's URN, where the profile, the composer or an earlier reading named it for certain."""
        self._written: str | None = None

    @property
    def recipient(self) -> str:
        """The slug, or the URN's id, as the composer showed it."""
        return self._identity.segment

    def events(self, back_to: date) -> list[ThreadEvent]:
        """The messages of the thread, oldest first, complete from the local day `back_to` on.

        Raises:
            PageUnreadableError: the thread did not load, or an event's side cannot be told.
        """
        with self._site.refusing("read conversation"):
            self._back_to = back_to
            return self._thread.events(back_to, [self._same()])

    def write(self, text: str) -> str:
        """Replace whatever the editor holds by `text`; what the editor holds then."""
        with self._site.refusing("write"):
            self._opened.insert(text, [self._same()])
            self._written = self._opened.content(text, beside=[self._same()])
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
            written = self._written or ""
            held, form = self._opened.content_in_form(written, [self._same()])
            if not written or held != written:
                raise PageUnreadableError("the editor no longer holds what was written into it.")
            button = self._opened.send_button(form)
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

    def wait_for_press(self, since: date, before: Sequence[ThreadEvent], goes_on: Callable[[], bool]) -> str | None:
        """Wait for the member's own press; see `Composer.wait_for_press`."""
        with self._site.refusing("ask for the press"):
            self._require_same()
            self._opened.send_button(self._opened.form())
            self._site.page.bring_to_front()
        known = own_events(before)

        def poll() -> list[ThreadEvent]:
            self._require_same()
            return new_messages(self._thread.events_now(), known, since)

        return first_words(self._site, poll, goes_on)

    def proof(self, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        """Wait for a new own event with exactly `text` that is not in `before`, and an empty editor; None otherwise.

        The event must stay: one shown before the server took it goes away again. One that does not bear the server's
        own name for it may be the page's alone, whatever marks it as not sent: the conversation is then opened anew,
        and has to hold it.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
            PageUnreadableError: the conversation can no longer be read.
        """
        with self._site.refusing("proof"):
            event = SendProof(self._site, self._composers.place, self._opened, self._thread).wait(text, before)
            return event if event is None or event.named else self._read_again(text, before)

    def _read_again(self, text: str, before: Sequence[ThreadEvent]) -> ThreadEvent | None:
        """The message as the conversation holds it once it is opened anew; None if it does not."""
        self._reopen()
        now = said_in(self._thread.events(self._back_to), text, self._back_to)
        return now[-1] if len(now) > len(said_in(before, text, self._back_to)) else None

    def read_again(self) -> list[ThreadEvent]:
        """The messages of the conversation opened anew; see `Composer.read_again`."""
        with self._site.refusing("read conversation again"):
            self._reopen()
            return self._thread.events(self._back_to)

    def _reopen(self) -> None:
        self._composers.dismiss_prompts()
        if self._opened.root.count() and self._opened.is_page:
            self._site.page.reload(timeout=self._site.timeouts.navigation)
        else:
            self._opened.close()
            self._reopening.press()
        again = self._reopening.find()
        if again.identity != self._identity:
            raise WrongPersonError("the conversation opened anew addresses another person.")
        self._opened, self._thread = again.opened, again.thread

    def close(self) -> None:
        """Leave nothing written in the editor and close the composer.

        Raises:
            PageUnreadableError: a draft or the composer stays.
        """
        with self._site.refusing("close composer"):
            self._composers.close(self._opened)

    def _same(self) -> Aside:
        """`_require_same`, asked beside something else and heard before it."""
        return self._composers.header(self._opened.root, self._require_same)

    def _require_same(self, shown: Header | None = None) -> None:
        """See that the composer still addresses whom it did; `shown` is its header as it was read just now.

        Raises:
            WrongPersonError: it does not, or it is gone.
        """
        try:
            who, _ = self._composers.identity(self._opened.root, shown)
        except PageUnreadableError:
            if self._opened.root.count() == 1:
                raise
            raise WrongPersonError("the composer is no longer open, or another one took its place.") from None
        if who != self._identity:
            raise WrongPersonError("the composer now addresses another person.")
