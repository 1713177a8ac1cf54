"""The composers that a page shows: closing those in the way, waiting for the right one, reading whom it names.

A composer is held by the very address that its header shows, so that another one that opens meanwhile, or takes its
place, is never typed into.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import Identity, identity_of
from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.pages.composer import CLOSE, EDITABLE
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded, seen_text
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError, WrongPersonError

_BUBBLE = "[class~='msg-overlay-conversation-bubble']"
_ROOTS = (_BUBBLE, f"[role='dialog']:has({EDITABLE})", f"main:has({EDITABLE})")
_PILLS = "[class*='msg-connections-typeahead__added-recipients']"
_PAYWALL = ":is([role='dialog'], [role='alertdialog'], dialog[open]) a[href*='/premium/']"
_HEADER_LINKS = "a[href*='/in/']:not(li *):not(form *):not([role='log'] *):not([role='list'] *)"
_IDENTITY_IN_MARKUP = re.compile(r"/in/([^/\"'?#\s]+)|urn:li:fsd?_[a-zA-Z]+:([\w-]+)")

DISMISS = Element(
    "prompt",
    "dismiss_control",
    "one control that dismisses the prompt",
    (
        css("modal-dismiss", "[class*='artdeco-modal__dismiss'], [data-test-modal-close-btn]"),
        labelled("close-label", "close"),
    ),
)
_READ_LINKS = f"""
links => {{
  const read = {READ_TEXT};
  return links.map(link => ({{href: link.getAttribute('href'), text: read(link, false)}}));
}}
"""


class _Link(BaseModel):
    href: str
    text: str


class ComposerPage:
    """Finding composers on the page, and closing those that are in the way."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _page(self) -> Page:
        return self._site.page

    def close_all(self) -> None:
        """Close every bubble that is open or minimised: they are other conversations, and survive navigation.

        Raises:
            PageUnreadableError: one stays.
        """
        bubbles = self._page.locator(_BUBBLE).filter(visible=True)
        while count := bubbles.count():
            self._close_one(bubbles.last)
            if not any(bubbles.count() < count for _ in self._site.looks(self._site.timeouts.closing)):
                raise PageUnreadableError("another conversation is open on the page and does not close.")

    def _close_one(self, bubble: Locator) -> None:
        self._site.find.any(CLOSE, bubble, self._site.timeouts.closing).click(timeout=self._site.timeouts.action)

    def dismiss_prompts(self) -> None:
        """Dismiss dialogs that hold no conversation, such as the one that offers to share contact details."""
        prompts = self._page.locator(f":is([role='dialog'], dialog[open]):not({_BUBBLE}):not(:has({EDITABLE}))")
        visible = prompts.filter(visible=True)
        if visible.count():
            self._site.find.any(DISMISS, visible.first, self._site.timeouts.closing).click(
                timeout=self._site.timeouts.action
            )
            visible.first.wait_for(state="hidden", timeout=self._site.timeouts.closing)

    def wait(self) -> Locator:
        """The one composer that opened, once its editor is there.

        Raises:
            NotConnectedError: the site asks for money, or offers an InMail.
            PageUnreadableError: none came, one without editor, or several.
            StopSignError: the site shows a stop sign instead.
        """
        for _ in self._site.looks(self._site.timeouts.element):
            if self._page.locator(_PAYWALL).filter(visible=True).count():
                raise NotConnectedError(
                    "the site asks for a paid plan to write to this person, so it is no connection."
                )
            self._site.look_out()
            for selector in _ROOTS:
                roots = self._page.locator(selector).filter(visible=True).filter(has=self._page.locator(EDITABLE))
                if (count := roots.count()) > 1:
                    raise PageUnreadableError(f"expected one open conversation, but there are {count}.")
                if count:
                    return roots
        what = "one without an editor" if self._page.locator(_BUBBLE).filter(visible=True).count() else "none"
        raise PageUnreadableError(
            f"the composer page cannot be read: expected an open conversation, but there is {what}."
        )

    def identity_at_rest(self, root: Locator) -> tuple[Identity, Locator]:
        """As `identity`, once the composer says the same twice in a row: its header arrives after its frame.

        Raises:
            PageUnreadableError: it names nobody, or several, or does not come to rest.
        """
        refusal = at_rest = PageUnreadableError("the composer's header does not come to rest.")
        before: Identity | None = None
        for _ in self._site.looks(self._site.timeouts.element, self._site.timeouts.rest):
            try:
                who, held = self.identity(root)
                if who == before:
                    return who, held
                before, refusal = who, at_rest
            except PageUnreadableError as error:
                before, refusal = None, error
        raise refusal

    def identity(self, root: Locator) -> tuple[Identity, Locator]:
        """The one person whom the composer itself names, by header or recipient pill, and the composer held by that.

        Raises:
            PageUnreadableError: it names nobody, or several.
        """
        links = [_Link.model_validate(link) for link in root.locator(_HEADER_LINKS).evaluate_all(_READ_LINKS)]
        people = {who for link in links if (who := identity_of(link.href)) is not None}
        found = people | self._of_pills(root, links)
        if len(found) != 1:
            number = len(found) or "no"
            raise PageUnreadableError(f"the composer page cannot be read: its header names {number} people, not one.")
        held = root
        if people:
            address = next(link.href for link in links if identity_of(link.href) is not None)
            held = root.filter(has=self._page.locator(f'a[href="{_css_text(address)}"]'))
        return found.pop(), held

    def require_name(self, root: Locator, name: str) -> None:
        """See that who is known by a number alone is called `name`, folded: the number came from a link of the page.

        Raises:
            WrongPersonError: the header, or the recipient field, shows another name, or none.
        """
        links = [_Link.model_validate(link) for link in root.locator(_HEADER_LINKS).evaluate_all(_READ_LINKS)]
        shown = [folded(link.text) for link in links if identity_of(link.href) is not None]
        shown += [folded(text) for text in map(seen_text, root.locator(_PILLS).filter(visible=True).all())]
        said = [text for text in shown if re.search(r"\w", text)]
        if not said or any(name not in text or re.search(r"\w", text.replace(name, "")) for text in said):
            raise WrongPersonError("the composer that opened does not bear the name of the profile.")

    def _of_pills(self, root: Locator, links: list[_Link]) -> set[Identity]:
        """Who stands in the recipient field, where there is one: one person, by link or by the header's own name."""
        pills = root.locator(_PILLS).filter(visible=True)
        if not pills.count():
            return set()
        if pills.count() > 1:
            raise PageUnreadableError("the composer addresses several people.")
        shown = folded(seen_text(pills))
        who = self._of_pill(pills)
        if who is not None:
            return {who}
        names = [folded(link.text) for link in links if link.text.strip()]
        if not any(name in shown and not re.search(r"\w", shown.replace(name, "", 1)) for name in names):
            raise PageUnreadableError(
                "the composer addresses nobody for certain: its recipient field names no profile."
            )
        return set()

    @staticmethod
    def _of_pill(pill: Locator) -> Identity | None:
        markup = str(pill.evaluate("e => e.outerHTML"))
        found = {slug or urn for slug, urn in _IDENTITY_IN_MARKUP.findall(markup)}
        return identity_of(f"/in/{found.pop()}/") if len(found) == 1 else None


def _css_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
