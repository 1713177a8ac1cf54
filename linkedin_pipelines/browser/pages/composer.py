"""The inside of one open composer, a bubble or a page of its own: its editor, its send button, its close control."""

from __future__ import annotations

from playwright.sync_api import Locator

from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import editor_text
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError

EDITABLE = "[role='textbox'][contenteditable='true']"
_WRITABLE = ":is([contenteditable='' i], [contenteditable='true' i], [contenteditable='plaintext-only' i], textarea)"
_TEXT_INPUTS = "input:is([type='text'], :not([type]))"

EDITOR = Element(
    "composer",
    "editor",
    "one editor for the message",
    (css("textbox", EDITABLE), css("msg-form-class", "[class*='msg-form__contenteditable'][contenteditable='true']")),
)
SEND = Element(
    "composer",
    "send_button",
    "one send button beside the editor",
    (
        css("msg-form-class", "[class*='msg-form__send-button']"),
        css("submit", "button[type='submit']"),
        labelled("send-label", "send"),
    ),
)
CLOSE = Element(
    "composer",
    "close_control",
    "one control that closes the conversation",
    (
        labelled("close-label", "close"),
        css("close-icon", ":is(button, a, [role='button']):has(:is(svg, li-icon, use)[data-test-icon*='close'])"),
        css(
            "last-of-header",
            "[class*='msg-overlay-bubble-header__controls'] > :is(button, a, [role='button']):last-of-type",
        ),
    ),
)


class OpenComposer:
    """The inside of one composer that is known to address the right person."""

    def __init__(self, site: Site, root: Locator) -> None:
        self._site = site
        self.root = root

    def editor(self) -> Locator:
        """The editor; a composer with a subject line writes an InMail, which is another thing and costs money.

        Raises:
            NotConnectedError: there is a subject line.
            PageUnreadableError: there is not exactly one editor, or something beside it that can be written into too.
        """
        editor = self._site.find.one(EDITOR, self.root)
        if (fields := self.root.locator(_WRITABLE).filter(visible=True).count()) > 1:
            raise PageUnreadableError(
                f"the composer page cannot be read: {fields} fields can be written into, and one of them is sent."
            )
        words = self._site.find.labels.control("subject")
        by_name = self.root.get_by_role("textbox", name=words).or_(self.root.get_by_placeholder(words))
        in_form = self.form().locator(f"{_TEXT_INPUTS}, input[name*='subject' i]")
        if (by_name.or_(in_form).filter(visible=True)).count():
            raise NotConnectedError(
                "the composer has a subject line: it would send an InMail, not a message to a connection."
            )
        return editor

    def form(self) -> Locator:
        """The form around the editor; the whole composer where there is none."""
        form = self.root.locator("form").filter(has=self._site.page.locator(EDITABLE))
        return form if form.count() == 1 else self.root

    def content(self, meant: str = "") -> str:
        """What the editor holds."""
        return editor_text(self._site.find.one(EDITOR, self.root), meant)

    def clear(self) -> Locator:
        """Empty the editor by select-all and delete; the editor, focused.

        Raises:
            PageUnreadableError: something stays in it.
        """
        editor = self.editor()
        editor.click(timeout=self._site.timeouts.action)
        for _ in range(3):
            editor.press("ControlOrMeta+a", timeout=self._site.timeouts.action)
            editor.press("Delete", timeout=self._site.timeouts.action)
            if not self.content().strip():
                return editor
        raise PageUnreadableError("the composer's editor cannot be emptied.")

    def insert(self, text: str) -> None:
        """Put the whole text into the empty editor at once; no key is pressed, for Enter might send.

        Raises:
            PageUnreadableError: the editor lost the focus, so the text would go elsewhere.
        """
        editor = self.clear()
        if not editor.evaluate("e => e.getRootNode().activeElement === e"):
            raise PageUnreadableError("the composer's editor does not take the focus.")
        self._site.page.keyboard.insert_text(text)

    def send_button(self) -> Locator:
        """The send button of this composer's own form, once it is enabled.

        Raises:
            PageUnreadableError: there is none, or it stays disabled.
        """
        button = self._site.find.one(SEND, self.form())
        if any(self._enabled(button) for _ in self._site.looks(self._site.timeouts.action)):
            return button
        raise PageUnreadableError("the send button stays disabled.")

    @staticmethod
    def _enabled(button: Locator) -> bool:
        return button.is_enabled() and button.get_attribute("aria-disabled") != "true"

    def close(self) -> None:
        """Leave nothing in the editor; close the bubble. A page of its own stays, empty, until the next navigation.

        Raises:
            PageUnreadableError: a draft stays, or the bubble does.
        """
        if not self.root.count():
            return
        self._site.traffic.mark()
        if self.root.locator(EDITABLE).filter(visible=True).count() and self.content().strip():
            self.clear()
            self._site.page.wait_for_timeout(self._site.timeouts.draft)
        if not self.root.and_(self._site.page.locator("main")).count():
            self._site.find.any(CLOSE, self.root, self._site.timeouts.closing).click(timeout=self._site.timeouts.action)
            self.root.wait_for(state="hidden", timeout=self._site.timeouts.closing)
        self._site.traffic.settle(self._site.timeouts.closing)  # the site has to hear that the draft is gone
