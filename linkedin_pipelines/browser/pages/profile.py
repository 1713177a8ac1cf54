"""A person's profile, as far as its top card goes: who it is, how near, and the control that opens a composer.

The page around the card shows other people with the same controls, so everything is looked for inside the card: the
smallest ancestor of the name that also holds the actions.
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Locator

from linkedin_pipelines.browser.addresses import addressee_of, identity_of
from linkedin_pipelines.browser.asking import all_say, said_by
from linkedin_pipelines.browser.elements import Candidate, Element, Scope, controls_called, css, labelled
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.pages.composers import ComposerPage
from linkedin_pipelines.browser.pages.profile_card import (
    COMPOSE,
    EDIT,
    INVITE,
    MARKS,
    READ_CARD,
    READ_CARDS_NOW,
    Card,
    CardNow,
)
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.errors import PageUnreadableError, ProfileGoneError, WrongPersonError

_HEADINGS = "main :is(h1, h2, h3)"
_MENU = "[aria-expanded], [aria-haspopup]"
_TITLE = re.compile(r"^\s*(?:\(\d+\+?\)\s*)?(.+?)\s*\|\s*LinkedIn\s*$")
_BADGE = re.compile(r"^\s*·\s*([123])(?:\D{0,3}|\D{0,5}\+)\s*$")
_DIGIT = re.compile(r"^\D{0,3}([123])(?!\d)")
_SECTION = "xpath=ancestor::section[not(.//section) and not(ancestor::aside)]"
"""The top card is a section of its own, as far as there are sections."""
_NUMBERS_IN_DATA = """
slug => {
  const found = new Set();
  const walk = value => {
    if (!value || typeof value !== 'object') return;
    if (typeof value.publicIdentifier === 'string' && value.publicIdentifier.toLowerCase() === slug) {
      const urn = /^urn:li:fsd?_(?:miniP|p)rofile:([\\w-]+)$/.exec(value.entityUrn || '');
      if (urn) found.add(urn[1]);
    }
    Object.values(value).forEach(walk);
  };
  for (const data of document.querySelectorAll("code, script[type='application/json']")) {
    try { walk(JSON.parse(data.textContent)); } catch { continue; }
  }
  return [...found];
}
"""
"""Reads the data that a page brings along for its script: who bears a slug has the number beside it."""
_HEIGHT = 14
"""So many ancestors up the card is looked for; beyond them is the page."""


def _named_in_title(scope: Scope, _: Labels) -> Locator:
    page = scope if not isinstance(scope, Locator) else scope.page
    title = _TITLE.match(page.title())
    # A name may stand there twice, once for screen readers.
    name = rf"^\s*(?:{re.escape(title[1])}\s*){{1,2}}$" if title else r"(?!)"
    return scope.locator(_HEADINGS).filter(has_text=re.compile(name)).first


NAME = Element(
    "profile",
    "name",
    "one heading with the person's name",
    (Candidate("heading-of-title", _named_in_title), css("main-h1", "main h1")),
)
MESSAGE = Element(
    "profile",
    "message_control",
    "one control in the top card that opens a conversation",
    (
        Candidate("compose-anchor", lambda scope, _: scope.locator(COMPOSE)),
        labelled("message-label", "message"),
        css("send-icon", ":is(button, a, [role='button']):has(svg[data-test-icon*='send-privately'])"),
    ),
)
DEGREE = Element(
    "profile",
    "degree_badge",
    "the badge of the degree",
    (css("dist-value", ".distance-badge .dist-value"), Candidate("dotted", lambda scope, _: scope.get_by_text(_BADGE))),
)


class Relation(StrEnum):
    """How the signed-in member stands to the person."""

    SELF = "self"
    CONNECTED = "connected"
    NOT_CONNECTED = "not connected"


def _addressees(links: list[str]) -> set[str | None]:
    """Whom message controls address, by number; None is nobody who can be told."""
    return {addressee_of(urlsplit(href)._replace(scheme="", netloc="").geturl()) for href in links}


class ProfilePage:
    """`/in/<slug>/`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._slug = ""
        self._name = ""
        self._read: tuple[Locator, Card] | None = None

    def open(self, slug: str, below: str = "") -> None:
        """Go to the person's profile, or to `below` it, and see that it is that person's address that came.

        Raises:
            WrongPersonError: the browser is on another page afterwards.
            ProfileGoneError: there is no such profile any more.
        """
        self._slug, self._name, self._read = slug, "", None
        try:
            self._site.go(f"/in/{quote(slug, safe='')}/{below}")
        except PageUnreadableError:
            if self._site.answered:
                self._require_there()
            raise
        self.require_address()

    def require_address(self) -> None:
        """See that the browser is still on this profile.

        Raises:
            WrongPersonError: it is elsewhere.
            ProfileGoneError: the site has moved on to its page for what does not exist.
        """
        self._require_there()
        path = urlsplit(self._site.page.url).path
        if slug_of(path) != self._slug:
            raise WrongPersonError("the browser is not on the person's profile: the site led it elsewhere.")

    def _require_there(self) -> None:
        """A missing profile is answered like any other; a moment later a script moves the page to `/404/`."""
        if urlsplit(self._site.page.url).path.strip("/").partition("/")[0] == "404":
            raise ProfileGoneError("there is no such profile any more; correct the contact's address.")

    def card(self) -> Locator:
        """The top card, once it has come to rest.

        Raises:
            PageUnreadableError: none is there for certain.
            WrongPersonError: the site led the browser to another page meanwhile.
            ProfileGoneError: there is no such profile any more.
        """
        self._site.traffic.settle(self._site.timeouts.rest)
        try:
            name, before = self._site.find.found(NAME, lambda _, way: self._cards_of(way))
        except PageUnreadableError:
            self._require_there()
            raise
        self._site.page.wait_for_timeout(self._site.rest)
        for _ in self._site.polls(self._site.timeouts.element, self._site.rest):
            self._require_there()
            now = next(iter(self._cards_of(name)), None)
            if now is not None and now == before:
                self.require_address()  # what leads elsewhere explains a card of somebody else
                self._name = now.name
                card = name.locator(f"xpath=ancestor::*[{now.height}]")
                self._read = (card, now.card)
                return self._own(self._whole(card))
            before = now
        raise PageUnreadableError("the profile page cannot be read: no top card with the name and actions was found.")

    def _cards_of(self, names: Locator) -> list[CardNow | None]:
        """The card around each name as it is now, by one question; None while there is none."""
        page, labels = self._site.page, self._site.find.labels
        actions = page.locator(f"{COMPOSE}, {INVITE}, {EDIT}")
        named = controls_called(page, labels, "message", "connect", "follow", "pending")
        beside = actions.or_(named).filter(visible=True)
        read = all_say(names.or_(beside), READ_CARDS_NOW, {"height": _HEIGHT, "marks": MARKS})
        return [None if each is None else CardNow.model_validate(each) for each in read]

    def _whole(self, card: Locator) -> Locator:
        """The card, or its section: somebody else's control beside the name may have ended the search early."""
        read = self._facts(card)
        if read.compose_shown or read.sections != 1 or self._site.find.count(MESSAGE, card):
            return card
        section = card.locator(_SECTION)
        return section if self._site.find.count(MESSAGE, section) else card

    def _facts(self, card: Locator) -> Card:
        """The card's links, as they were when it had come to rest."""
        if self._read is None or self._read[0] is not card:
            self._read = (card, Card.model_validate(said_by(card, READ_CARD, MARKS)))
        return self._read[1]

    def _own(self, card: Locator) -> Locator:
        others = [
            who
            for href in self._facts(card).people
            if (who := identity_of(href)) and not who.is_urn and not who.is_slug(self._slug)
        ]
        if others:
            raise PageUnreadableError("the profile page cannot be read: its top card links to other people too.")
        return card

    def relation(self, card: Locator) -> Relation:
        """What the card says of self, first degree or not, by links and the badge; labels only where both are silent.

        Raises:
            PageUnreadableError: it says nothing certain, or contradicts itself.
        """
        read = self._facts(card)
        if read.edits:
            return Relation.SELF
        degree = self.degree(card)
        invited = any(
            (parse_qs(urlsplit(href).query).get("vanityName") or [self._slug])[0].lower() == self._slug
            for href in read.invites
        )
        if degree == 1 and invited:
            raise PageUnreadableError(
                "the profile page contradicts itself: first degree, and an invitation to connect."
            )
        if degree is not None:
            return Relation.CONNECTED if degree == 1 else Relation.NOT_CONNECTED
        if invited:
            return Relation.NOT_CONNECTED
        if not read.compose_shown:
            raise PageUnreadableError(
                "the profile page cannot be read: expected the badge of the degree, but there is none."
            )
        return Relation.NOT_CONNECTED if self._labelled_buttons(card) else Relation.CONNECTED

    def degree(self, card: Locator) -> int | None:
        """What the card's own badge says; None if it shows none."""
        badges = self._site.find.texts(DEGREE, card)
        if not badges:
            return None
        match = _DIGIT.match(folded(badges[0]))
        return int(match[1]) if match else None

    def _labelled_buttons(self, card: Locator) -> int:
        """Buttons with a label of their own, menus left out: beside a compose link they say "follow" or "pending"."""
        buttons = card.locator(f":is(button, [role='button'])[aria-label]:not(:is({_MENU}))").filter(visible=True)
        more = buttons.and_(controls_called(card, self._site.find.labels, "more", "message"))
        return buttons.count() - more.count()

    def name(self) -> str:
        """The name in the card's heading, folded."""
        return folded(self._name or str(self._site.find.read(NAME, READ_TEXT)))

    def urn(self, card: Locator) -> str | None:
        """The id of the person's URN that the card's own compose links address; None if there are no such links.

        A number that only some of its section's message controls bear is not certain, so it is none.

        Raises:
            PageUnreadableError: they address different people, or one of the card's message controls tells nobody.
        """
        read = self._facts(card)
        named = _addressees(read.compose)
        if len(named) > 1:
            raise PageUnreadableError("the profile page cannot be read: its message links address different people.")
        unaddressed = controls_called(card, self._site.find.labels, "message").and_(card.locator(f":not({COMPOSE})"))
        if named and read.controls != 0 and unaddressed.filter(visible=True).count():
            # Either may be somebody else's: a rail's, an advertisement's.
            raise PageUnreadableError(
                "the profile page cannot be read: one message control of its top card has an address, another has none."
            )
        if named and self._elsewhere(card, read, named):
            return self._urn_in_data()
        return named.pop() if named else self._urn_in_links(read) or self._urn_in_data()

    def _elsewhere(self, card: Locator, read: Card, named: set[str | None]) -> bool:
        """Whether the card's section has message controls that address others than those `named`, or nobody."""
        if read.sections != 1:
            return False
        section = card.locator(_SECTION)
        others = _addressees(read.compose_in_section) - named
        controls = controls_called(section, self._site.find.labels, "message").and_(section.locator(f":not({COMPOSE})"))
        return bool(others) or (read.controls_in_section != 0 and controls.filter(visible=True).count() > 0)

    def _urn_in_links(self, read: Card) -> str | None:
        """The number that the card's links to this very profile carry in their query, if it is one."""
        links = (href for href in read.people if "miniProfileUrn=" in href)
        own = [href for href in links if (who := identity_of(href)) is not None and who.is_slug(self._slug)]
        numbers = {urn.rpartition(":")[2] for h in own for urn in parse_qs(urlsplit(h).query)["miniProfileUrn"]}
        return numbers.pop() if len(numbers) == 1 else None

    def _urn_in_data(self) -> str | None:
        """The number that the page's own data gives to this very slug; None if it gives none, or several."""
        numbers = self._site.page.evaluate(_NUMBERS_IN_DATA, self._slug)
        return str(numbers[0]) if len(numbers) == 1 else None

    def press_message(self, card: Locator, others: ComposerPage | None = None) -> None:
        """Open the composer, by an ordinary click on the card's own control, once `others` are closed.

        Raises:
            PageUnreadableError: there is no such control, or another conversation does not close.
        """
        open_ones: list[int] = []
        beside = others.open_ones(open_ones.append) if others else ()
        found, count = self._site.find.counted(MESSAGE, card, beside=beside)
        if others and (not beside or any(open_ones)):
            others.close_all()
            found, count = self._site.find.counted(MESSAGE, card)
        if not count:
            raise PageUnreadableError("the profile page cannot be read: expected a message control, but there is none.")
        self.require_address()
        self._site.traffic.mark()
        found.first.click(timeout=self._site.timeouts.action)
