"""Whom an open composer names: by its header's link, by its recipient field, or by the card of an empty conversation.

What belongs here: reading one person from a composer, or refusing. What does not: finding composers (`composers`), and
whether that person is the one meant (`messenger`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from playwright.sync_api import Frame, Locator, Page
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import Identity, identity_of
from linkedin_pipelines.browser.asking import Aside, all_say, said_by
from linkedin_pipelines.browser.elements import controls_called
from linkedin_pipelines.browser.pages.composer import IS_COMPOSER
from linkedin_pipelines.browser.pages.thread_entries import scroll_up
from linkedin_pipelines.browser.pages.thread_reader import CLOCK
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, same_name
from linkedin_pipelines.errors import PageUnreadableError, WrongPersonError

_PERSON = "a[href*='/in/']"
_PILLS = "[class*='msg-connections-typeahead__added-recipients']"
_TITLES = (
    ":is([class*='bubble-header__title'], [class*='entity-title'], header :is(h1, h2, h3, [role='heading']))"
    ":not(:is(li, ul, form, [class*='conversations-list']) *)"
)
"""Headings of a composer that name its person."""
_CARD_LINKS = (
    "a[href*='/in/']"
    ":not(form *, [class~='msg-s-message-list__event'] *, [data-event-urn] *, [class*='msg-s-event-listitem'] *)"
    ":not([class*='conversation-list'] *, [class*='conversations-list'] *, [class*='typeahead'] *)"
    ":not(:is(li, [role='listitem']):has(time) *)"
)
"""Links that introduce the other person, in a card of the conversation, and are no sender's of a message."""
_HEADER_LINKS = (
    "a[href*='/in/']:not(:is(li, ul, ol, form, [role='log'], [role='list'], [role='listitem'], [data-event-urn]) *)"
)
_IDENTITY_IN_MARKUP = re.compile(r"/in/([^/\"'?#\s]+)|urn:li:fsd?_[a-zA-Z]+:([\w-]+)")

_READ_LINKS = f"""
links => {{
  const read = {READ_TEXT};
  const lines = e => read(e, false).split('\\n').map(l => l.trim()).filter(l => /[\\p{{L}}\\p{{N}}]/u.test(l));
  return links.map(link => {{
    const address = link.getAttribute('href');
    const others = e => [...e.querySelectorAll("a[href*='/in/']")].some(a => a.getAttribute('href') !== address);
    let card = link;
    for (let up = link.parentElement; up && !others(up); up = up.parentElement) {{
      if (up.matches("form, header, ul, main, [role='list'], [role='dialog'], [class*='msg-overlay']")) break;
      if (up.querySelector("form, header, h1, h2, input, [role='textbox'], [data-event-urn]")) break;
      card = up;
    }}
    return {{href: address, lines: lines(link), card: lines(card)}};
  }});
}}
"""
"""The addresses and words of links, and the words of the card around each: of all that concerns nobody else."""
_READ_HEADER = f"""
(found, pill) => {{
  const pills = found.filter(e => e.matches(pill));
  const links = found.filter(e => e.matches("a[href*='/in/']"));
  const roots = found.filter(e => !pills.includes(e) && !links.includes(e));
  return {{roots: roots.length, links: ({_READ_LINKS})(links), pills: pills.length}};
}}
"""
_PILL_NAME = """
pill => {
  const shown = e => { const box = e.getBoundingClientRect(); return box.width > 1 && box.height > 1; };
  const words = (inside) => {
    const walk = document.createTreeWalker(pill, NodeFilter.SHOW_TEXT);
    const out = [];
    for (let n = walk.nextNode(); n; n = walk.nextNode())
      if (/\\p{L}/u.test(n.data) && shown(n.parentElement)
          && (inside || !n.parentElement.closest("button, [role='button']")))
        out.push(n.data.trim());
    return out.join(' ');
  };
  return words(false) || words(true);
}
"""
"""The name on a pill, without the sign of the control that takes it away."""


class _Link(BaseModel):
    href: str
    lines: list[str]
    card: list[str]

    @property
    def title(self) -> str:
        """Its first line that says something; a portrait stands before the name, and says nothing."""
        return self.lines[0] if self.lines else ""

    def bears(self, name: str) -> bool:
        """Whether the link is called so, or, where it is a mere portrait, the card around it."""
        return any(same_name(line, name) for line in (self.lines[:1] or self.card))


class Header(BaseModel):
    """What composers show of whom they address, without looking for it by words."""

    roots: int
    links: list[_Link]
    pills: int


class RecipientReader:
    """Reads the one person that a composer is addressed to."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def identity(self, place: Page | Frame, root: Locator, shown: Header | None = None) -> tuple[Identity, Locator]:
        """The one person whom the composer itself names, by header or recipient pill, and the composer held by that.

        `shown` is the header as it was read just now.

        Raises:
            PageUnreadableError: it names nobody, or several.
        """
        shown = shown or self._header(root)
        if shown.roots != 1:
            raise PageUnreadableError(f"expected one open conversation, but there are {shown.roots}.")
        links = _known(shown.links)
        pills = self._pills(root, by_label=not links) if shown.pills or not links else None
        if pills is not None and not links and pills.count() <= 1:
            named = self._name_of(pills) if pills.count() else self._title(root)
            links = self._of_card(root, named)
        people = {who for link in links if (who := identity_of(link.href)) is not None}
        found = people if pills is None else people | self._of_pills(pills, links)
        if not found:
            raise PageUnreadableError("the composer page cannot be read: it addresses nobody, or does not say whom.")
        if len(found) != 1:
            raise PageUnreadableError(f"the composer page cannot be read: it names {len(found)} people, not one.")
        held = root
        if people:
            held = root.filter(has=place.locator(f'a[href="{_css_text(links[0].href)}"]'))
        return found.pop(), held

    def find_card(self, root: Locator) -> None:
        """Scroll a conversation up whose composer has a pill alone: the card stands where the conversation begins."""
        if self._pills(root, by_label=True).count() == 1:
            scroll_up(root, self._site.timeouts.action)

    def require_name(self, root: Locator, name: str) -> None:
        """See that who is known by a number alone is called `name`, folded: the number came from a link of the page.

        Raises:
            WrongPersonError: the header, or the recipient field, shows another name, or none.
        """
        header = self._links(root, _HEADER_LINKS)
        shown = [link.title for link in (*header, *self._links(root, _CARD_LINKS))]
        shown += [self._name_of(pill) for pill in self._pills(root, by_label=not header).all()]
        said = [text for text in shown if re.search(r"\w", text)]
        if not said or not all(same_name(text, name) for text in said):
            raise WrongPersonError("the composer that opened does not bear the name of the profile.")

    @staticmethod
    def header(root: Locator, hear: Callable[[Header], None]) -> Aside:
        """What `identity` goes by, asked beside something else."""
        own = f"e => e.matches({json.dumps(_PILLS)}) || e.matches({json.dumps(_PERSON)}) || ({IS_COMPOSER})(e)"
        return Aside(_of_header(root), own, _READ_HEADER, lambda said: hear(Header.model_validate(said)), _PILLS)

    @staticmethod
    def _header(root: Locator) -> Header:
        """The composers, and the links and recipient fields of their headers, by one question: it is asked often."""
        return Header.model_validate(all_say(_of_header(root), _READ_HEADER, _PILLS))

    @staticmethod
    def _links(root: Locator, selector: str) -> list[_Link]:
        return _known(_Link.model_validate(link) for link in all_say(root.locator(selector), _READ_LINKS))

    def _pills(self, root: Locator, *, by_label: bool) -> Locator:
        """The recipient field, by its class; else the controls that take a recipient away, by what they are called."""
        by_class = root.locator(_PILLS).filter(visible=True)
        if by_class.count() or not by_label:
            return by_class
        apart = "form *, li *, [role='listitem'] *, [data-event-urn] *"
        called = controls_called(root, self._site.find.labels, "remove_recipient")
        return called.and_(root.locator(f":not({apart})")).filter(visible=True)

    @staticmethod
    def _title(root: Locator) -> str:
        """What the composer is headed, where that is one heading."""
        titles = {text.strip() for text in root.locator(_TITLES).filter(visible=True).all_inner_texts() if text.strip()}
        return titles.pop() if len(titles) == 1 else ""

    def _of_card(self, root: Locator, name: str) -> list[_Link]:
        """The links of the one card that introduces the person of that name; none if the card bears another one.

        A first message has no header with a link: its composer names its person by the pill or the title alone, and the
        card of the empty conversation says who that is.
        """
        links = self._links(root, _CARD_LINKS)
        if any(CLOCK.search(line) for link in links for line in link.card):
            return []  # a message, perhaps of the conversation that was here before
        return links if any(link.bears(name) for link in links) else []

    def _of_pills(self, pills: Locator, links: list[_Link]) -> set[Identity]:
        """Who stands in the recipient field, where there is one: one person, by link or by the header's own name."""
        if not pills.count():
            return set()
        if pills.count() > 1:
            raise PageUnreadableError("the composer addresses several people.")
        shown = self._name_of(pills)
        if not shown:
            raise PageUnreadableError("the composer addresses nobody: its recipient field is empty.")
        who = self._of_pill(pills)
        if who is not None:
            return {who}
        if not any(link.bears(shown) for link in links):
            raise PageUnreadableError(
                "the composer addresses nobody for certain: its recipient field names no profile, and no card does."
            )
        return set()

    def _name_of(self, pill: Locator) -> str:
        """The name on a pill: its words, or those of the label of the control that takes it away."""
        words = str(said_by(pill, _PILL_NAME))
        said = words or str(pill.get_attribute("aria-label") or "")
        return self._site.find.labels.named_in("remove_recipient", said) or words

    @staticmethod
    def _of_pill(pill: Locator) -> Identity | None:
        markup = str(said_by(pill, "e => e.outerHTML"))
        found = {slug or urn for slug, urn in _IDENTITY_IN_MARKUP.findall(markup)}
        return identity_of(f"/in/{found.pop()}/") if len(found) == 1 else None


def _of_header(root: Locator) -> Locator:
    return root.or_(root.locator(_HEADER_LINKS)).or_(root.locator(_PILLS).filter(visible=True))


def _known(links: Iterable[_Link]) -> list[_Link]:
    """Those that lead to a person."""
    return [link for link in links if identity_of(link.href) is not None]


def _css_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
