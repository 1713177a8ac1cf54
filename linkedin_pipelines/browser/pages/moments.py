"""The catch-up page's tabs of work anniversaries and new jobs: whose it is, as far as each card says for certain.

A card is taken for what one line of its own says, in words known for exactly that kind; a headline may say similar
things. A card that is unclear is left out and told of, and what is read of the others stands: nobody is congratulated
for a card that was not understood, and nobody misses anything by that.
"""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.browser.dates import birthday_of_line, matching, names_person
from linkedin_pipelines.browser.labels import network
from linkedin_pipelines.browser.labels.network import MomentLabels
from linkedin_pipelines.browser.pages.catch_up_cards import Card, CatchUpCards
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import folded
from linkedin_pipelines.domain.moments import Moment, MomentKind, SeenMoments
from linkedin_pipelines.errors import PageUnreadableError

ADDRESSES = {
    MomentKind.WORK_ANNIVERSARY: "/mynetwork/catch-up/work_anniversaries/",
    MomentKind.NEW_JOB: "/mynetwork/catch-up/job_changes/",
}


class MomentsPage:
    """One tab at a time."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cards = CatchUpCards(site)

    def read(self, kind: MomentKind, today: date) -> SeenMoments:
        """Every moment of the kind that its tab shows on `today`; cards of other kinds are left alone.

        Raises:
            PageUnreadableError: the tab contradicts itself, shows nobody without saying that there is nobody, or none
                of its cards can be read.
            StopSignError: signed out, challenged, limited.
        """
        self._cards.open(ADDRESSES[kind])
        with self._site.refusing("catch-up moments"):
            cards = self._cards.read()
            words = self._words()
            moments: dict[tuple[str, str], Moment] = {}
            unknown: list[str] = []
            others = 0
            for card in cards:
                try:
                    read = self._read(card, kind, words, today)
                except PageUnreadableError as error:
                    unknown.append(f"{card.label} ({error})")
                    continue
                if read is None:
                    others += 1
                else:
                    moments.setdefault((read.slug, read.occasion_key), read)
            if unknown and not moments:
                raise PageUnreadableError(f"no card of the catch-up page's tab can be read: {unknown[0]}")
            doubt = self._doubt(cards, kind, others, words.moments)
            if unknown:
                doubt = f"{len(unknown)} of {len(cards)} cards cannot be read: {'; '.join(unknown)}"
            return SeenMoments(tuple(moments.values()), doubt, tuple(unknown))

    def _words(self) -> network.NetworkLabels:
        return network.for_page(self._site.page.locator("html").get_attribute("lang"))

    def _read(self, card: Card, kind: MomentKind, words: network.NetworkLabels, today: date) -> Moment | None:
        if not card.links and any(matching(line, words.search.hidden_member) for line in card.lines):
            return None  # somebody who shows neither name nor profile
        slug, name = card.person()
        about = card.about(name)
        said: set[tuple[MomentKind, str]] = set()
        for each in MomentKind:
            for line in about:
                match = matching(line, getattr(words.moments, each.value))
                if match is not None and names_person(match, name):
                    said.add((each, match.groupdict().get("detail") or ""))
        if not said and birthday_of_line(about, name, self._site.find.labels, today):
            return None
        if len({each for each, _ in said}) != 1 or len(said) != 1:
            raise PageUnreadableError(f"its lines say {len(said) or 'no'} things that are known, not one.")
        found, detail = said.pop()
        return Moment(slug, name, kind, today, detail) if found is kind else None

    def _doubt(self, cards: list[Card], kind: MomentKind, others: int, words: MomentLabels) -> str | None:
        """See that the tab's own count or empty sign agrees; why it proves nothing, if it does not.

        Raises:
            PageUnreadableError: it contradicts what was read, or itself.
        """
        lines = self._cards.lines_around(cards)
        patterns = words.anniversaries_count if kind is MomentKind.WORK_ANNIVERSARY else words.jobs_count
        counts = {int(m["number"]) for line in lines if (m := matching(line, patterns)) is not None}
        empty = any(folded(line) in map(folded, words.empty) for line in lines)
        shown = len(cards)
        if cards and empty:
            raise PageUnreadableError("the catch-up page's tab shows cards, and says that there are none.")
        if not cards and not empty and counts != {0}:
            raise PageUnreadableError("the catch-up page's tab shows no card, but does not say that there is none.")
        if len(counts) > 1 or (counts and min(counts) < shown - others):
            raise PageUnreadableError(f"the catch-up page's tab counts {sorted(counts)}, but shows {shown} cards.")
        if counts and min(counts) > shown:
            return f"the tab counts {min(counts)} moments, of which {shown} are shown; some members are hidden."
        if cards and not counts:
            return f"the tab shows {shown} cards, and no count that proves them to be all."
        return None
