"""The site's pages with every profile counted: none is opened before a visit was spent on it.

What belongs here: that rule, in the only place through which the engine reaches a profile on its way to a conversation.
What does not: how many visits there are, and who comes first (`domain.visits`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linkedin_pipelines.domain.canary import Part, ProbeResult
from linkedin_pipelines.domain.messaging import Composer, PageSite, Recipient, SeenDay
from linkedin_pipelines.domain.network_pages import PassedOn


@dataclass(frozen=True)
class CountedSite(PassedOn):
    """Implements `domain.messaging.PageSite` over another; `spend` raises `NoVisitLeftError` where none is left."""

    site: PageSite
    spend: Callable[[Recipient], None]

    def open(self, recipient: Recipient) -> Composer:
        """Open the composer of that person, by a profile visit."""
        self.spend(recipient)
        return self.site.open(recipient)

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        """See whether a part's elements can be read; a person's conversation is opened by a profile visit."""
        if recipient is not None:
            self.spend(recipient)
        return self.site.probe(part, recipient)

    def birthdays(self) -> SeenDay:
        """What the catch-up page says of today; no profile is opened."""
        return self.site.birthdays()

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        """What a contact info shows. The visit is the action itself, claimed by it."""
        return self.site.contact_birthday(slug)
