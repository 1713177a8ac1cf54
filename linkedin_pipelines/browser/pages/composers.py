"""The composers that a page shows: closing those in the way, waiting for the right one, asking whom it names.

A composer is held by the very address that its header shows, so that another one that opens meanwhile, or takes its
place, is never typed into.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from playwright.sync_api import Frame, Locator, Page
from pydantic import BaseModel

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.browser.addresses import Identity, same_site
from linkedin_pipelines.browser.asking import COUNT, Aside, all_say
from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.pages.composer import BUBBLE, CLOSE, EDITABLE, IS_COMPOSER, OpenComposer
from linkedin_pipelines.browser.pages.recipients import Header, RecipientReader
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError

_DIALOG = f"[role='dialog']:has({EDITABLE})"
_MAIN = f":is(main, [role='main']):has({EDITABLE})"
_ROOTS = (BUBBLE, f"{_DIALOG}:not({_DIALOG} *)", f"{_MAIN}:not({_MAIN} *)")
_PROMPT = f":is([role='dialog'], dialog[open]):not({BUBBLE})"
_PAYWALL = ":is([role='dialog'], [role='alertdialog'], dialog[open]) a[href*='/premium/']"

DISMISS = Element(
    "prompt",
    "dismiss_control",
    "one control that dismisses the prompt",
    (
        css("modal-dismiss", "[class*='artdeco-modal__dismiss'], [data-test-modal-close-btn]"),
        labelled("close-label", "close"),
    ),
)


_WHICH = """
found => {
  const links = found.filter(e => e.localName === 'a');
  const bubbles = found.filter(e => e.matches("[class~='msg-overlay-conversation-bubble']"));
  const dialogs = found.filter(e => !bubbles.includes(e) && e.matches("[role='dialog']"));
  const others = found.length - links.length - bubbles.length - dialogs.length;
  return {paywall: links.length > 0, roots: [bubbles.length, dialogs.length, others]};
}
"""


class _Opened(BaseModel):
    """What is open in one place: a way to a paid plan, and composers by the selectors of `_ROOTS`."""

    paywall: bool
    roots: list[int]


def _conversations(place: Page | Frame) -> Locator:
    return place.locator(f":is({BUBBLE}, {_DIALOG})").filter(visible=True)


def _roots(place: Page | Frame, selector: str) -> Locator:
    return place.locator(selector).filter(visible=True).filter(has=place.locator(EDITABLE))


class ComposerPage:
    """Finding composers on the page, and closing those that are in the way."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._place: Page | Frame = site.page
        self._recipients = RecipientReader(site)

    @property
    def place(self) -> Page | Frame:
        """The page, or the frame in it, in which the composer opened."""
        return self._place

    @property
    def _page(self) -> Page:
        return self._site.page

    def close_all(self) -> None:
        """Close every conversation that is open or minimised: they are other people's, and survive navigation.

        A minimised advertisement looks like one and holds no editor; where nothing closes it, it stays.

        Raises:
            PageUnreadableError: one stays.
        """
        for place in self._places():
            if not _conversations(place).count():
                continue
            bare = place.locator(f"{BUBBLE}:not(:has({EDITABLE}))").filter(visible=True)
            for bubble in reversed(bare.all()):
                if self._site.find.every(CLOSE, bubble).count():
                    self._close_one(bubble)
            bubbles = place.locator(f":is({BUBBLE}, {_DIALOG}):has({EDITABLE})").filter(visible=True)
            while count := bubbles.count():
                self._close_one(bubbles.last)
                if not any(bubbles.count() < count for _ in self._site.polls(self._site.timeouts.closing)):
                    raise PageUnreadableError("another conversation is open on the page and does not close.")

    def open_ones(self, hear: Callable[[int], None]) -> Sequence[Aside]:
        """How many conversations are open, asked beside something else; nothing where frames may hold some."""
        if len(self._page.frames) > 1:
            return ()
        own = f"e => e.matches({json.dumps(BUBBLE)}) || ({IS_COMPOSER})(e)"
        return [Aside(_conversations(self._page), own, COUNT, hear)]

    def _close_one(self, bubble: Locator) -> None:
        self._site.find.any(CLOSE, bubble, self._site.timeouts.closing).click(timeout=self._site.timeouts.action)

    def dismiss_prompts(self) -> None:
        """Dismiss dialogs that hold no conversation, such as the one that offers to share contact details."""
        visible = self._prompts()
        if visible.count():
            self._site.find.any(DISMISS, visible.first, self._site.timeouts.closing).click(
                timeout=self._site.timeouts.action
            )
            visible.first.wait_for(state="hidden", timeout=self._site.timeouts.closing)

    def _prompts(self) -> Locator:
        return self._page.locator(f"{_PROMPT}:not(:has({EDITABLE}))").filter(visible=True)

    def close(self, opened: OpenComposer) -> None:
        """Dismiss prompts, and close the composer, leaving nothing in its editor.

        Raises:
            PageUnreadableError: a draft or the composer stays.
        """
        prompts: list[int] = []
        if self._place is self._page:
            own = f"e => e.matches({json.dumps(_PROMPT)}) && !({IS_COMPOSER})(e)"
            left = opened.left(Aside(self._prompts(), own, COUNT, prompts.append))
        if not prompts or any(prompts):
            self.dismiss_prompts()
            left = opened.left()
        opened.close(left)

    def wait(self) -> Locator:
        """The one composer that opened, once its editor is there.

        Raises:
            NotConnectedError: the site asks for money, or offers an InMail.
            PageUnreadableError: none came, one without editor, or several.
            StopSignError: the site shows a stop sign instead.
        """
        self._site.traffic.settle(self._site.timeouts.rest)
        for _ in self._site.polls(self._site.timeouts.element):
            signs: list[stop_signs.Shown] = []
            page, *frames = self._places()
            opened = [(page, self._opened_in(page, [stop_signs.beside(page, signs.append)]))]
            opened += [(frame, self._opened_in(frame)) for frame in frames]
            if opened[0][1].paywall:
                raise NotConnectedError(
                    "the site asks for a paid plan to write to this person, so it is no connection."
                )
            self._site.judge(page, signs[0])
            for place, there in opened:
                for selector, count in zip(_ROOTS, there.roots, strict=True):
                    if count > 1:
                        raise PageUnreadableError(f"expected one open conversation, but there are {count}.")
                    if count:
                        self._place = place
                        return _roots(place, selector)
        what = "one without an editor" if self._page.locator(BUBBLE).filter(visible=True).count() else "none"
        raise PageUnreadableError(
            f"the composer page cannot be read: expected an open conversation, but there is {what}."
        )

    def _opened_in(self, place: Page | Frame, beside: Sequence[Aside] = ()) -> _Opened:
        """What a click on a message control has brought about in one place, by one question."""
        found = place.locator(_PAYWALL).filter(visible=True)
        for selector in _ROOTS:
            found = found.or_(_roots(place, selector))
        own = f"e => e.localName === 'a' || ({IS_COMPOSER})(e)"
        return _Opened.model_validate(all_say(found, _WHICH, own=own, beside=beside))

    def _places(self) -> list[Page | Frame]:
        """The page, and frames of the site's own that are to be seen on it: a composer may open in one."""
        if len(self._page.frames) == 1:
            return [self._page]
        shown = self._page.locator("iframe").filter(visible=True).element_handles()
        frames = [frame for element in shown if (frame := element.content_frame()) is not None]
        return [self._page, *(frame for frame in frames if same_site(frame.url, self._site.base_url))]

    def identity_at_rest(self, root: Locator) -> tuple[Identity, Locator]:
        """As `identity`, once the composer says the same twice in a row: its header arrives after its frame.

        Raises:
            PageUnreadableError: it names nobody, or several, or does not come to rest.
        """
        refusal = at_rest = PageUnreadableError("the composer's header does not come to rest.")
        before: Identity | None = None
        self._site.traffic.settle(self._site.timeouts.rest)
        for _ in self._site.polls(self._site.timeouts.element, self._site.rest):
            try:
                who, held = self.identity(root)
                if who == before:
                    return who, held
                before, refusal = who, at_rest
            except PageUnreadableError as error:
                before, refusal = None, error
                self._recipients.find_card(root)
        raise refusal

    def identity(self, root: Locator, shown: Header | None = None) -> tuple[Identity, Locator]:
        """The one person whom the composer itself names; see `RecipientReader.identity`."""
        return self._recipients.identity(self._place, root, shown)

    def header(self, root: Locator, hear: Callable[[Header], None]) -> Aside:
        """What `identity` goes by, asked beside something else."""
        return self._recipients.header(root, hear)

    def require_name(self, root: Locator, name: str) -> None:
        """See that the composer shows the name of the profile; see `RecipientReader.require_name`."""
        self._recipients.require_name(root, name)
