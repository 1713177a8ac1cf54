"""Seeing that a conversation without messages is one, and not one whose messages are drawn in an unknown way.

An empty conversation shows an empty list, the card of the other person in it or beside it, or no list at all: a first
message has the heading "New message" and a form that is marked as composing. Whatever else it says may be a message.
"""

from __future__ import annotations

import re
from functools import cached_property

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.asking import ABOVE, DEEP, all_say, said_by
from linkedin_pipelines.browser.pages.composer import EDITABLE
from linkedin_pipelines.browser.pages.thread_entries import EVENTS, LISTED
from linkedin_pipelines.browser.pages.thread_reader import CLOCK, Sides
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import folded
from linkedin_pipelines.errors import PageUnreadableError

_LIST = "[class*='msg-s-message-list']"
"""Without any part of a list that is known, an empty one is not known to be empty, and no proof would ever be seen."""
_WRAPPER = "[class~='msg-convo-wrapper']"
_PART = f"{_WRAPPER}:has({EDITABLE})"
"""The conversation itself: a page of its own shows other lists around it."""
_ENTRIES = (
    f":is({LISTED}, time)"
    ":not([class*='conversation-list'] *, [class*='conversations-list'] *, [class*='typeahead'] *, form *)"
)
"""What messages of any markup would be made of, so that a conversation which has them is not called empty."""
CARD = (
    f"{LISTED}:has(a[href*='/in/']):not(:has(time, [data-event-urn], [class*='event-listitem']))"
    f":not({EVENTS}, {EVENTS} *, form *, [data-event-urn], [class*='conversation-list'] *)"
    ":not([class*='conversations-list'] *, [class*='typeahead'] *)"
)
"""The card of the other person, which the site shows at the beginning of a conversation; its classes vary."""
_REMAINS = """
(root, parts) => {
  const seen = e => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1; };
  const known = parts.flatMap(part => [...root.querySelectorAll(part)]);
  const card = link => {
    let e = link;
    const other = p => p.querySelector("form, header, h1, h2, ul, [role='list'], [class*='typeahead']")
      || [...p.querySelectorAll("a[href*='/in/']")].some(a => a.getAttribute('href') !== link.getAttribute('href'));
    const more = () => e.parentElement && e.parentElement !== root && !e.matches("ul, ol, [role='list']");
    while (more() && !other(e.parentElement)) e = e.parentElement;
    return e;
  };
  const links = [...root.querySelectorAll("a[href*='/in/']")].filter(a => !known.some(k => k.contains(a)));
  const cards = [...new Set(links.map(card))];
  known.push(...cards);
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const out = [];
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (n.data.trim() && seen(e) && !known.some(k => k.contains(e)) && !e.closest('script, style, code, template'))
      out.push(n.data.trim());
  }
  return {rest: out.join(' '), cards: cards.map(e => e.innerText), links: links.map(a => a.getAttribute('href'))};
}
"""
"""What a conversation says beside the parts that are known to be no message."""
_NO_MESSAGE = [
    "form", "header", "h1", "h2", "button", "[role='button']", "label", "nav", "[class*='msg-connections-typeahead']",
    "[class*='bubble-header']", "[class*='msg-conversation']", "[class*='conversations-list']",
]  # fmt: skip
_COMPOSE = "form[class*='compose'], [class*='msg-compose'], form[data-view-name*='compose']"
"""A first message's form says so, or the site's address does; then there may be no list at all."""


_READ_PARTS = f"""
(found, kinds) => {{
  const deep = {DEEP};
  const parts = found.filter(e => e.matches(kinds.part) && deep(e, kinds.editor).length);
  const above = {ABOVE};
  const inPart = e => {{ for (let up = above(e); up; up = above(up)) if (up === parts[0]) return true; return false; }};
  const inside = parts.length === 1 ? found.filter(inPart) : found;
  return {{
    entries: inside.filter(e => e.matches(kinds.entry)).length,
    lists: inside.filter(e => e.matches(kinds.list)).length,
  }};
}}
"""
"""Of all that is found of them, what is in the conversation itself, as `EmptyThread._root` has it."""


class _Parts(BaseModel):
    """How many parts of a conversation are seen where no message is."""

    entries: int
    """At most so many that messages could be made of; those of a known list may be invisible."""
    lists: int


class _Left(BaseModel):
    """What a conversation without a list says beside its form, its header and its controls."""

    rest: str
    cards: list[str]
    links: list[str]


class EmptyThread:
    """A conversation in which no message is seen."""

    def __init__(self, site: Site, root: Locator, sides: Sides) -> None:
        self._site = site
        self._whole = root
        self._sides = sides

    @cached_property
    def _root(self) -> Locator:
        part = self._whole.locator(_PART)
        return part if part.count() == 1 else self._whole

    def require(self, *, listed: bool) -> None:
        """See that it is empty: nothing in it but the card of its own person. `listed` tells of a list without classes.

        Raises:
            PageUnreadableError: it may hold messages, in markup that is not known.
        """
        parts = self._parts()
        if parts.entries:
            self._require_card_alone()
        if parts.lists:
            return
        left = _Left.model_validate(said_by(self._root, _REMAINS, _NO_MESSAGE))
        introduced = len(left.cards) <= 1 and self._sides.introduces(left.links)
        dated = any(CLOCK.search(card) for card in left.cards)
        if not ((listed or self._is_first_message()) and introduced) or dated or re.search(r"\w", left.rest):
            raise self._unknown()

    def _parts(self) -> _Parts:
        """What messages would be made of, by one question."""
        entries = self._whole.locator(_ENTRIES).or_(self._whole.locator(CARD)).filter(visible=True)
        found = entries.or_(self._whole.locator(_LIST)).or_(self._whole.locator(_PART))
        kinds = {"part": _WRAPPER, "editor": EDITABLE, "entry": f"{LISTED}, time", "list": _LIST}
        return _Parts.model_validate(all_say(found, _READ_PARTS, kinds))

    def _require_card_alone(self) -> None:
        """See that the card of the other person is the only entry there is."""
        entries = self._root.locator(_ENTRIES).filter(visible=True)
        card = self.card()
        others = entries.count() - (card.and_(entries).count() if card is not None else 0)
        if card is not None:
            others -= card.locator(_ENTRIES).filter(visible=True).count()
        if others:
            raise self._unknown()

    def card(self) -> Locator | None:
        """The list entry that introduces the other person: links to them alone, no time, at most one of its kind."""
        found = self._root.locator(CARD).filter(visible=True)
        if found.count() != 1:
            return None
        links = found.locator("a[href*='/in/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        if CLOCK.search(folded(found.inner_text())) or not self._sides.introduces(links):
            return None
        return found

    def _is_first_message(self) -> bool:
        """Whether the composer itself says that it begins a conversation."""
        words = self._site.find.labels.control("new_message")
        heading = self._whole.get_by_text(words).filter(visible=True)
        return bool(heading.count() or self._whole.locator(_COMPOSE).count())

    @staticmethod
    def _unknown() -> PageUnreadableError:
        return PageUnreadableError("the conversation cannot be read: it is built in an unknown way.")
