"""What the engine needs of the site's pages, whoever drives them.

What belongs here: the words that `services` and `browser` share. The real implementation is
`linkedin_pipelines.browser.session.SignedInBrowser`; tests of what stands above the browser use a site in memory that
implements the same protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from linkedin_pipelines.domain.canary import Part, ProbeResult
from linkedin_pipelines.domain.network_pages import NetworkPages


@dataclass(frozen=True)
class Recipient:
    """The person a message is meant for."""

    contact_id: int
    profile_slug: str
    full_name: str
    member_number: str | None = None
    """The id of the person's URN where an earlier reading kept it; slugs change, this does not."""


@dataclass(frozen=True)
class ThreadEvent:
    """One message of a thread, as the page shows it."""

    event_id: str
    """Stable within the thread while the page is open."""
    own: bool
    text: str
    sent_on: date | None
    """Local day of the account that the thread states for it; None if the page does not say, for certain."""
    wordless: bool = False
    """A picture, a voice note or a reaction without any text; `text` is then empty and says nothing."""
    named: bool = True
    """Whether the page shows the server's own name of the message; without it, the page may show what nobody got."""


class Composer(Protocol):
    """An open composer, addressed to exactly one person whose identity the composer itself showed."""

    @property
    def recipient(self) -> str:
        """The identity that the composer showed: the slug, or the URN that the person's own profile page named."""
        ...

    @property
    def member_number(self) -> str | None:
        """The id of the person's URN, where their pages or an earlier reading named it for certain."""
        ...

    def events(self, back_to: date) -> list[ThreadEvent]:
        """The messages of the thread, oldest first, complete from the account's local day `back_to` on.

        Older messages may be missing or present. A thread shows its newest messages first, so it is read upwards until
        the oldest one shown is of an earlier day, or the beginning of the conversation is proven.

        Raises:
            PageUnreadableError: the thread did not load, does not reach back that far, or an event's side cannot be
                told.
        """
        ...

    def write(self, text: str) -> str:
        """Replace whatever the editor holds, a prefilled or stale draft, by `text`; the content after that."""
        ...

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        """Keep a picture of the page as it is; its path below the evidence folder.

        For a refusal, what the page says and how it is built is kept beside it.
        """
        ...

    def click_send(self, may_still: Callable[[], None] = lambda: None) -> None:
        """Press the send button, once, as a person would. `may_still` is asked last, and its error means no press.

        Where the press was dispatched but its end not seen, this returns: whether it counted is for `proof` to tell.

        Raises:
            SiteError: of any kind: the button cannot be pressed, and was not.
        """
        ...

    def wait_for_press(self, since: date, before: list[ThreadEvent], goes_on: Callable[[], bool]) -> str | None:
        """Press nothing, and wait for a new own message, not in `before` and of `since` or later: the member's.

        The words of that message, whatever they are; None if `goes_on`, asked before every look, ends the wait, or the
        member closed the conversation. Nothing proves yet that the message stays.

        Raises:
            StopSignError: the site shows one.
        """
        ...

    def read_again(self) -> list[ThreadEvent]:
        """The messages of the thread, as far back as they were read before, of the conversation opened anew.

        Raises:
            SiteError: it cannot be opened or read, or addresses another person.
        """
        ...

    def proof(self, text: str, before: list[ThreadEvent]) -> ThreadEvent | None:
        """Wait for a new own event, not in `before`, with exactly `text`, and an empty editor; None otherwise.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
        """
        ...

    def close(self) -> None:
        """Leave nothing written in the editor and close the composer."""
        ...


@dataclass(frozen=True)
class SeenBirthday:
    """A birthday as a card of the catch-up page states it."""

    slug: str
    name: str
    occurs_on: date
    """The day that the card speaks of; its year is that of the last such day."""


@dataclass(frozen=True)
class SeenDay:
    """What the catch-up page says of a day."""

    people: tuple[SeenBirthday, ...]
    """In the page's order; each is certain by itself."""
    doubt: str | None
    """Why these may not be all; None if the page itself proves that they are."""
    unknown: tuple[str, ...] = ()
    """A line for each card that cannot be read: what is known of its person, and what is wrong with it."""


class PageSite(NetworkPages, Protocol):
    """The site's pages in a signed-in browser of one account."""

    def open(self, recipient: Recipient) -> Composer:
        """Open the composer of that person and compare the identity read from it.

        Raises:
            WrongPersonError: the composer or the profile is another person's.
            NotConnectedError: the profile shows no first-degree connection.
            ProfileGoneError: the profile does not exist any more.
            PageUnreadableError: something needed cannot be read for certain.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        """See whether the elements of a part of the site can be read, changing nothing; one result an element.

        For the composer, `recipient` is the person whose conversation is opened and closed again, as it was.

        Raises:
            NotConnectedError, WrongPersonError, ProfileGoneError: it is about the person, not the page.
            PageUnreadableError: the site does not answer at all, so nothing is known of its pages.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def birthdays(self) -> SeenDay:
        """What the catch-up page says of today.

        Raises:
            PageUnreadableError: the page cannot be read to its end.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        """Month and day that a person's contact info shows; None if it shows none, for certain. A visit.

        Raises:
            WrongPersonError, ProfileGoneError, PageUnreadableError: it cannot be read for certain.
            StopSignError: signed out, challenged, limited.
        """
        ...
