"""The catch-up page: whose birthday it is, was lately, or that it is nobody's. Read to its proven end, or refused.

A card states its day in one line of its own. Names and headlines hold words such as "hier", "today" or "30 days" as
well, so lines are judged whole, and a line that names somebody has to name the card's own person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import Identity, identity_of
from linkedin_pipelines.browser.dates import birthday_of_line, is_other_moment, matching
from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded, seen_text
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.domain.identity import slug_of, tidy
from linkedin_pipelines.errors import PageUnreadableError

ADDRESS = "/mynetwork/catch-up/birthday/"

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
  return cards.map(card => {{
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
"""More batches of cards than this is no birthday page."""


@dataclass(frozen=True)
class SeenBirthday:
    """A birthday as a card states it."""

    slug: str
    name: str
    occurs_on: date
    """The day that the card speaks of; its year is that of the last such day."""


@dataclass(frozen=True)
class SeenDay:
    """What the page says of a day."""

    people: tuple[SeenBirthday, ...]
    """In the page's order; each is certain by itself."""
    doubt: str | None
    """Why these may not be all; None if the page itself proves that they are."""


class _Card(BaseModel):
    links: list[str]
    named: list[str]
    controls: list[str]
    lines: list[str]


class CatchUpPage:
    """`/mynetwork/catch-up/birthday/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def birthdays(self, today: date) -> SeenDay:
        """Every birthday that the page shows on `today`; other moments are left out.

        Raises:
            PageUnreadableError: a card cannot be read, or the page contradicts itself, or shows nobody without saying
                that there is nobody.
            StopSignError: signed out, challenged, limited.
        """
        self._site.go(ADDRESS)
        with self._site.refusing("catch-up"):
            found = self._load_all()
            cards = [_Card.model_validate(card) for card in found.evaluate_all(_READ_CARDS)]
            labels = self._site.find.labels
            seen = [self._read(card, labels, today) for card in cards]
            birthdays = [each for each in seen if each is not None]
            return SeenDay(tuple(birthdays), self._doubt(cards, birthdays, labels))

    def _load_all(self) -> Locator:
        """Scroll and ask for more until nothing more comes."""
        page = self._site.page
        for _ in range(_ROUNDS):
            cards = self._site.find.every(CARDS)
            count = cards.count()
            if count:
                cards.last.scroll_into_view_if_needed(timeout=self._site.timeouts.action)
            if (more := self._site.find.maybe(LOAD_MORE)) is not None:
                more.click(timeout=self._site.timeouts.action)
            if not self._grew(count):
                if self._site.find.maybe(LOAD_MORE) is not None:
                    raise PageUnreadableError("the catch-up page offers more cards, but none came.")
                if self._site.traffic.failed:
                    raise PageUnreadableError(
                        "the catch-up page did not load: the site refused to hand over its cards."
                    )
                return self._site.find.every(CARDS)
            page.wait_for_timeout(self._site.timeouts.poll)
        raise PageUnreadableError("the catch-up page has no end.")

    def _grew(self, before: int) -> bool:
        """Whether more cards came, within the time in which they do."""
        quiet_for = fitting(self._site.timeouts.empty_rest, self._site.timeouts.poll)
        for number, _ in enumerate(self._site.looks(self._site.timeouts.element)):
            if self._site.find.every(CARDS).count() > before:
                return True
            if number >= quiet_for and not self._site.traffic.pending:
                return False
        return False

    def _read(self, card: _Card, labels: Labels, today: date) -> SeenBirthday | None:
        people: set[Identity] = {who for href in card.links if (who := identity_of(href)) is not None}
        slugs = {slug_of(f"/in/{who.segment}") for who in people if not who.is_urn}
        if len(slugs) != 1 or len(people) != 1 or not card.named:
            raise PageUnreadableError(f"a catch-up card cannot be read: it shows {len(people)} people, not one.")
        name = tidy(card.named[0])
        about = [line for line in card.lines if folded(line) != folded(name) and line not in card.controls]
        days = birthday_of_line(about, name, labels, today)
        if len(days) == 1:
            return SeenBirthday(str(slugs.pop()), name, days.pop())
        if not days and any(is_other_moment(line, name, labels) for line in about):
            return None
        raise PageUnreadableError(f"a catch-up card cannot be read: its lines state {len(days) or 'no'} days, not one.")

    def _doubt(self, cards: list[_Card], birthdays: list[SeenBirthday], labels: Labels) -> str | None:
        """See that the page's own count or empty sign agrees with what was read; why it proves nothing, if it does not.

        Raises:
            PageUnreadableError: the page contradicts what was read, or itself.
        """
        if (people := len({each.slug for each in birthdays})) != len(birthdays):
            raise PageUnreadableError(f"the catch-up page shows {len(birthdays)} birthdays of {people} people.")
        of_cards = {line for card in cards for line in card.lines}
        main = seen_text(self._site.page.locator("main, [role='main']").first).split("\n")
        lines = [tidy(line) for line in main if tidy(line) and tidy(line) not in of_cards]
        counts = {int(m["number"]) for line in lines if (m := matching(line, labels.birthdays.count)) is not None}
        if counts and counts != {len(birthdays)}:
            raise PageUnreadableError(
                f"the catch-up page counts {sorted(counts)} birthdays, but {len(birthdays)} were read."
            )
        empty = any(matching(line, labels.birthdays.empty) for line in lines)
        if not birthdays and not empty and counts != {0}:
            raise PageUnreadableError(
                "the catch-up page shows no birthday, but does not say either that there is none."
            )
        if birthdays and empty:
            raise PageUnreadableError("the catch-up page shows birthdays, and says that there are none.")
        if birthdays and not counts:
            return f"the catch-up page shows {len(birthdays)} birthdays, and no count that proves them to be all."
        return None
