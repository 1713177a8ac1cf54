"""The cards of the catch-up page's tabs: loaded to the end of the list, each with the one person that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import Identity, identity_of
from linkedin_pipelines.browser.asking import seen_text
from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.domain.identity import slug_of, tidy
from linkedin_pipelines.errors import PageUnreadableError

CARDS = Element(
    "catch-up",
    "birthday_cards",
    "one card a person",
    (
        css("lazy-column", "[data-testid='lazy-column'] [role='listitem']:has(a[href*='/in/'])"),
        css("nurture-card", "[data-view-name='nurture-card']"),
        css(
            "props-card",
            ":is(article, li, section, div):has(> * [class*='props-s-card-content__headline'])[class*='card']",
        ),
    ),
)
LOAD_MORE = Element("catch-up", "load_more", "one button that loads more", (labelled("load-more-label", "load_more"),))
_READ_CARDS = f"""
cards => {{
  const read = {READ_TEXT};
  const lines = e => read(e, false).split('\\n').map(l => l.trim()).filter(l => l);
  const innermost = cards.filter(card => !cards.some(other => other !== card && card.contains(other)));
  return innermost.map(card => {{
    const people = [...card.querySelectorAll("a[href*='/in/']")];
    const controls = [...card.querySelectorAll("button, [role='button'], a[href*='/messaging/']")];
    return {{
      links: people.map(a => a.getAttribute('href')),
      named: people.flatMap(lines),
      controls: controls.flatMap(lines),
      lines: lines(card),
    }};
  }});
}}
"""
_ROUNDS = 200
"""More batches of cards than this is no page of moments."""


class Card(BaseModel):
    """What one card shows."""

    links: list[str]
    named: list[str]
    controls: list[str]
    lines: list[str]

    @property
    def label(self) -> str:
        """What to call the card's person in a message about it."""
        return tidy(self.named[0]) if self.named else "somebody without a name"

    def person(self) -> tuple[str, str]:
        """Slug and name of the one person that the card is about.

        Raises:
            PageUnreadableError: it shows another number of people, or no name.
        """
        people: set[Identity] = {who for href in self.links if (who := identity_of(href)) is not None}
        slugs = {slug_of(f"/in/{who.segment}") for who in people if not who.is_urn}
        if len(slugs) != 1 or len(people) != 1 or not self.named:
            raise PageUnreadableError(f"a catch-up card cannot be read: it shows {len(people)} people, not one.")
        return str(slugs.pop()), tidy(self.named[0])

    def about(self, name: str) -> list[str]:
        """What it says beside the name and its controls."""
        return [line for line in self.lines if folded(line) != folded(name) and line not in self.controls]


class CatchUpCards:
    """The cards of whichever tab is opened."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def open(self, address: str) -> None:
        """Open a tab.

        Raises:
            PageUnreadableError, StopSignError: as of every page.
        """
        self._site.go(address)

    def read(self) -> list[Card]:
        """Every card of the tab that is open.

        Raises:
            PageUnreadableError: the list did not load, or has no end.
        """
        return [Card.model_validate(card) for card in self._load_all().evaluate_all(_READ_CARDS)]

    def lines_around(self, cards: Sequence[Card]) -> list[str]:
        """What the page says outside its cards: counts, and that there is nothing."""
        of_cards = {line for card in cards for line in card.lines}
        main = seen_text(self._site.page.locator("main, [role='main']").first).split("\n")
        return [tidy(line) for line in main if tidy(line) and tidy(line) not in of_cards]

    def _load_all(self) -> Locator:
        """Scroll and ask for more until nothing more comes."""
        page = self._site.page
        for _ in range(_ROUNDS):
            cards = self._site.find.every(CARDS)
            count = cards.count()
            if count:
                cards.last.scroll_into_view_if_needed(timeout=self._site.timeouts.action)
            if pressed := (more := self._site.find.maybe(LOAD_MORE)) is not None:
                more.click(timeout=self._site.timeouts.action)
            if not self._grew(count, pressed=pressed):
                if self._site.find.maybe(LOAD_MORE) is not None:
                    if not pressed:
                        continue  # it is offered only once the last card has been in view
                    raise PageUnreadableError("the catch-up page offers more cards, but none came.")
                if self._site.traffic.failed:
                    raise PageUnreadableError(
                        "the catch-up page did not load: the site refused to hand over its cards."
                    )
                return self._site.find.every(CARDS)
            page.wait_for_timeout(self._site.timeouts.poll)
        raise PageUnreadableError("the catch-up page has no end.")

    def _grew(self, before: int, *, pressed: bool) -> bool:
        """Whether more cards came, within the time in which they do; ends early where more are offered meanwhile."""
        quiet_for = fitting(self._site.timeouts.empty_rest, self._site.timeouts.poll)
        for number, _ in enumerate(self._site.polls(self._site.timeouts.element)):
            if self._site.find.every(CARDS).count() > before:
                return True
            if not pressed and self._site.find.maybe(LOAD_MORE) is not None:
                return False
            if number >= quiet_for and not self._site.traffic.pending:
                return False
        return False
