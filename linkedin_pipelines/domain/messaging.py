"""What the send protocol needs of a message composer, whoever drives it.

What belongs here: the words that `services.sending` and `browser` share. The real implementation is
`linkedin_pipelines.browser.messenger`; tests of the ledger use an in-memory site that implements the same protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from linkedin_pipelines.domain.canary import Part, Sight


@dataclass(frozen=True)
class Recipient:
    """The person a message is meant for."""

    contact_id: int
    profile_slug: str
    full_name: str


@dataclass(frozen=True)
class ThreadEvent:
    """One message of a thread, as the page shows it."""

    event_id: str
    """Stable within the thread while the page is open."""
    own: bool
    text: str
    sent_on: date | None
    """Local day of the account that the thread states for it; None if the page does not say, for certain."""


class Composer(Protocol):
    """An open composer, addressed to exactly one person whose identity the composer itself showed."""

    @property
    def recipient(self) -> str:
        """The identity that the composer showed: the slug, or the URN that the person's own profile page named."""
        ...

    def events(self) -> list[ThreadEvent]:
        """All messages that the thread shows, oldest first.

        Raises:
            PageUnreadableError: the thread did not load, or an event's side cannot be told.
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

    def proof(self, text: str, before: list[ThreadEvent]) -> ThreadEvent | None:
        """Wait for a new own event, not in `before`, with exactly `text`, and an empty editor; None otherwise.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
        """
        ...

    def close(self) -> None:
        """Leave nothing written in the editor and close the composer."""
        ...


class Messenger(Protocol):
    """A signed-in browser of one account, able to open composers."""

    def open(self, recipient: Recipient) -> Composer:
        """Open the composer of that person and compare the identity read from it.

        Raises:
            WrongPersonError: the composer or the profile is another person's.
            PageUnreadableError: something needed cannot be read for certain.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def look(self, part: Part, recipient: Recipient | None = None) -> list[Sight]:
        """See whether the elements of a part of the site can be read, changing nothing; one sight an element.

        For the composer, `recipient` is whose conversation is opened and closed again, as it was.

        Raises:
            NotConnectedError, WrongPersonError: the person is nobody to look at; nothing is wrong with the page.
            PageUnreadableError: the site does not answer at all, so nothing is known of its pages.
            StopSignError: signed out, challenged, limited.
        """
        ...
