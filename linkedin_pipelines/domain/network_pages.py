"""What the engine needs of the pages beyond messages: sent invitations, searches and profiles.

What belongs here: the words that `services` and `browser` share for them, as `domain.messaging` holds those of
conversations.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from linkedin_pipelines.domain.invitations import SeenInvitations
from linkedin_pipelines.domain.moments import MomentKind, SeenMoments
from linkedin_pipelines.domain.people_searches import SeenResults
from linkedin_pipelines.domain.profiles import Depth, ReadProfile


class PreparedWithdrawal(Protocol):
    """An open dialog that asks whether to withdraw, and was seen to be about the right person."""

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        """Keep a picture of the page as it is; its path below the evidence folder."""
        ...

    def commit(self, announce: Callable[[], None]) -> None:
        """Press the dialog's control, once. `announce` is called last, and its error means no press.

        Where the press was dispatched but its end not seen, this returns: whether it counted is for `proof` to tell.

        Raises:
            SiteError: of any kind: nothing was pressed.
        """
        ...

    def proof(self) -> bool:
        """Whether the list, read again once it is no longer stale, holds the invitation no more.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
            PageUnreadableError: the list cannot be read again.
        """
        ...

    def cancel(self) -> None:
        """Leave the dialog without withdrawing anything."""
        ...


class NetworkPages(Protocol):
    """The pages of a member's network, in a signed-in browser."""

    def sent_invitations(self) -> SeenInvitations:
        """Every invitation that waits, to the proven end of the list.

        Raises:
            PageUnreadableError: the list cannot be read, or contradicts itself.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def prepare_withdrawal(self, slug: str, name: str) -> PreparedWithdrawal:
        """Open the dialog for the person's invitation, and see that row and dialog are both that person's.

        Raises:
            InvitationGoneError: the list, read to its proven end, does not hold the person.
            WrongPersonError, PageUnreadableError: it cannot be told for certain whose they are.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def holds_invitation(self, slug: str) -> bool:
        """Whether the list holds the person's invitation; False only if its end is proven.

        Raises:
            PageUnreadableError: the person was not found, and the list may not be whole.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def search(self, query: str, max_pages: int) -> SeenResults:
        """The results of a people search, page by page, at most so many pages. Visits nobody.

        Raises:
            PageUnreadableError: a page cannot be read, or shows nothing without saying that there is nothing.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def profile(self, slug: str, depth: Depth) -> ReadProfile:
        """Open a profile and read it. A visit, whether or not the reading succeeds.

        Raises:
            ProfileGoneError: there is no such profile any more.
            WrongPersonError, PageUnreadableError: it cannot be read for certain.
            StopSignError: signed out, challenged, limited.
        """
        ...

    def moments(self, kind: MomentKind, today: date) -> SeenMoments:
        """What the catch-up page's tab of that kind says today, to its end.

        Raises:
            PageUnreadableError: the tab cannot be read, or shows nobody without saying that there is nobody.
            StopSignError: signed out, challenged, limited.
        """
        ...


class PassedOn:
    """The pages of another site, passed on as they are: none of them opens a profile that no action has claimed."""

    site: NetworkPages

    def sent_invitations(self) -> SeenInvitations:
        """Every invitation that waits; no profile is opened."""
        return self.site.sent_invitations()

    def prepare_withdrawal(self, slug: str, name: str) -> PreparedWithdrawal:
        """Open the dialog for a person's invitation; no profile is opened."""
        return self.site.prepare_withdrawal(slug, name)

    def holds_invitation(self, slug: str) -> bool:
        """Whether the list holds the person's invitation; no profile is opened."""
        return self.site.holds_invitation(slug)

    def search(self, query: str, max_pages: int) -> SeenResults:
        """The results of a people search; no profile is opened."""
        return self.site.search(query, max_pages)

    def profile(self, slug: str, depth: Depth) -> ReadProfile:
        """Open a profile and read it. The visit is the action itself, claimed by it."""
        return self.site.profile(slug, depth)

    def moments(self, kind: MomentKind, today: date) -> SeenMoments:
        """What a tab of the catch-up page says; no profile is opened."""
        return self.site.moments(kind, today)
