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
from linkedin_pipelines.browser.elements import Candidate, Element, Scope, controls_called, css, labelled
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import folded, seen_text
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.errors import PageUnreadableError, WrongPersonError

_COMPOSE = "a[href*='/messaging/compose']"
_INVITE = "a[href*='custom-invite']"
_EDIT = "a[href*='/edit/intro'], a[href*='/edit/forms/intro']"
_HEADINGS = "main :is(h1, h2)"
_MENU = "[aria-expanded], [aria-haspopup]"
_TITLE = re.compile(r"^\s*(?:\(\d+\+?\)\s*)?(.+?)\s*\|\s*LinkedIn\s*$")
_BADGE = re.compile(r"^\s*·\s*([123])(?:\D{0,3}|\D{0,5}\+)\s*$")
_DIGIT = re.compile(r"^\D{0,3}([123])(?!\d)")
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
        Candidate("compose-anchor", lambda scope, _: scope.locator(_COMPOSE)),
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


class ProfilePage:
    """`/in/<slug>/`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._slug = ""

    def open(self, slug: str, below: str = "") -> None:
        """Go to the person's profile, or to `below` it, and see that it is that person's address that came.

        Raises:
            WrongPersonError: the browser is on another page afterwards.
        """
        self._slug = slug
        self._site.go(f"/in/{quote(slug, safe='')}/{below}")
        self.require_address()

    def require_address(self) -> None:
        """See that the browser is still on this profile.

        Raises:
            WrongPersonError: it is elsewhere.
        """
        path = urlsplit(self._site.page.url).path
        if path.strip("/").partition("/")[0] == "404":
            raise PageUnreadableError("there is no such profile any more.")
        if slug_of(path) != self._slug:
            raise WrongPersonError("the browser is not on the person's profile: the site led it elsewhere.")

    def card(self) -> Locator:
        """The top card, once it has come to rest.

        Raises:
            PageUnreadableError: none is there for certain.
        """
        name = self._site.find.one(NAME)
        before = None
        for _ in self._site.looks(self._site.timeouts.element, self._site.timeouts.rest):
            height = self._height(name)
            if height is not None and height == before:
                return self._own(name.locator(f"xpath=ancestor::*[{height}]"))
            before = height
        raise PageUnreadableError("the profile page cannot be read: no top card with the name and actions was found.")

    def _height(self, name: Locator) -> int | None:
        labels = self._site.find.labels
        for height in range(1, _HEIGHT):
            ancestor = name.locator(f"xpath=ancestor::*[{height}][not(descendant-or-self::main or self::body)]")
            if not ancestor.count():
                return None
            actions = ancestor.locator(f"{_COMPOSE}, {_INVITE}, {_EDIT}").filter(visible=True)
            named = controls_called(ancestor, labels, "message", "connect", "follow", "pending").filter(visible=True)
            if actions.count() or named.count():
                return height
        return None

    def _own(self, card: Locator) -> Locator:
        links = card.locator("a[href*='/in/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        others = [
            who for href in links if (who := identity_of(href)) and not who.is_urn and not who.is_slug(self._slug)
        ]
        if others:
            raise PageUnreadableError("the profile page cannot be read: its top card links to other people too.")
        return card

    def relation(self, card: Locator) -> Relation:
        """What the card says of self, first degree or not, by links and the badge; labels only where both are silent.

        Raises:
            PageUnreadableError: it says nothing certain, or contradicts itself.
        """
        if card.locator(_EDIT).count():
            return Relation.SELF
        degree = self._degree(card)
        invited = any(
            (parse_qs(urlsplit(href).query).get("vanityName") or [self._slug])[0].lower() == self._slug
            for href in card.locator(_INVITE).evaluate_all("all => all.map(a => a.getAttribute('href'))")
        )
        if degree == 1 and invited:
            raise PageUnreadableError(
                "the profile page contradicts itself: first degree, and an invitation to connect."
            )
        if degree is not None:
            return Relation.CONNECTED if degree == 1 else Relation.NOT_CONNECTED
        if invited:
            return Relation.NOT_CONNECTED
        if not card.locator(_COMPOSE).filter(visible=True).count():
            raise PageUnreadableError(
                "the profile page cannot be read: expected the badge of the degree, but there is none."
            )
        return Relation.NOT_CONNECTED if self._labelled_buttons(card) else Relation.CONNECTED

    def _degree(self, card: Locator) -> int | None:
        badges = self._site.find.every(DEGREE, card)
        if not badges.count():
            return None
        match = _DIGIT.match(folded(badges.first.inner_text()))
        return int(match[1]) if match else None

    def _labelled_buttons(self, card: Locator) -> int:
        """Buttons with a label of their own, menus left out: beside a compose link they say "follow" or "pending"."""
        buttons = card.locator(f":is(button, [role='button'])[aria-label]:not(:is({_MENU}))").filter(visible=True)
        more = buttons.and_(controls_called(card, self._site.find.labels, "more", "message"))
        return buttons.count() - more.count()

    def name(self) -> str:
        """The name in the card's heading, folded."""
        return folded(seen_text(self._site.find.one(NAME)))

    def urn(self, card: Locator) -> str | None:
        """The id of the person's URN that the card's own compose links address; None if there are no such links.

        Raises:
            PageUnreadableError: they address different people, or one of the card's message controls tells nobody.
        """
        links = card.locator(_COMPOSE).evaluate_all("all => all.map(a => a.getAttribute('href'))")
        named = {addressee_of(urlsplit(href)._replace(scheme="", netloc="").geturl()) for href in links}
        if len(named) > 1:
            raise PageUnreadableError("the profile page cannot be read: its message links address different people.")
        unaddressed = controls_called(card, self._site.find.labels, "message").and_(card.locator(f":not({_COMPOSE})"))
        if named and unaddressed.filter(visible=True).count():
            # Either may be somebody else's: a rail's, an advertisement's.
            raise PageUnreadableError(
                "the profile page cannot be read: one message control of its top card has an address, another has none."
            )
        return named.pop() if named else None

    def press_message(self, card: Locator) -> None:
        """Open the composer, by an ordinary click on the card's own control."""
        found = self._site.find.every(MESSAGE, card)
        if not found.count():
            raise PageUnreadableError("the profile page cannot be read: expected a message control, but there is none.")
        self.require_address()
        self._site.traffic.mark()
        found.first.click(timeout=self._site.timeouts.action)
