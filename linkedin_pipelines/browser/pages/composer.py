"""The inside of one open composer, a bubble or a page of its own: its editor, its send button, its close control."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator

from linkedin_pipelines.browser.asking import COUNT, DEEP, Aside, each, each_says, matching, said_by
from linkedin_pipelines.browser.elements import Element, css, labelled
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, as_meant
from linkedin_pipelines.errors import NotConnectedError, PageUnreadableError

BUBBLE = "[class~='msg-overlay-conversation-bubble']"
EDITABLE = "[role='textbox'][contenteditable='true']"
IS_COMPOSER = f"""
e => e.matches("{BUBBLE}, [role='dialog'], main, [role='main']")
  && ({DEEP})(e, {json.dumps(EDITABLE)}).length > 0
"""
"""Knows the composer itself among what is found in it: see `asking.Aside`."""
_WRITABLE = ":is([contenteditable='' i], [contenteditable='true' i], [contenteditable='plaintext-only' i], textarea)"
_IS_ENABLED = """
button => !button.matches(':disabled') && !button.closest("[aria-disabled='true']")
"""
_HELD = f"e => ({{text: ({READ_TEXT})(e, true), focused: e.getRootNode().activeElement === e}})"
_SEND_OPTIONS = "[class*='msg-form__send-toggle']"
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


@dataclass(frozen=True)
class Left:
    """What is to be left behind."""

    kinds: list[str]
    """The composer's own element, by its name, if it is still there."""
    held: list[str]
    """What its editors hold."""
    control: Locator | None
    """What closes it, where that is seen."""


class OpenComposer:
    """The inside of one composer that is known to address the right person."""

    def __init__(self, site: Site, root: Locator) -> None:
        self._site = site
        self.root = root

    @property
    def is_page(self) -> bool:
        """Whether it is a page of its own, which no control closes, and not a bubble."""
        return bool(said_by(self.root, "root => root.localName") == "main")

    def editor(self, beside: Sequence[Aside] = ()) -> Locator:
        """The editor; a composer with a subject line writes an InMail, which is another thing and costs money.

        Raises:
            NotConnectedError: there is a subject line.
            PageUnreadableError: there is not exactly one editor, or something beside it that can be written into too.
        """
        counts: list[int] = []
        writable = self.root.locator(_WRITABLE).filter(visible=True)
        fields_too = Aside(writable, matching(_WRITABLE), COUNT, counts.append)
        editor = self._site.find.one(EDITOR, self.root, beside=(*beside, fields_too))
        if (fields := counts[-1]) > 1:
            raise PageUnreadableError(
                f"the composer page cannot be read: {fields} fields can be written into, and one of them is sent."
            )
        self._require_no_subject()
        return editor

    def _require_no_subject(self) -> None:
        labels = self._site.find.labels.control("subject")
        by_name = self.root.get_by_role("textbox", name=labels).or_(self.root.get_by_placeholder(labels))
        fields = f"{_TEXT_INPUTS}, input[name*='subject' i]"
        if not by_name.or_(self.root.locator(fields)).filter(visible=True).count():
            return
        if by_name.or_(self.form().locator(fields)).filter(visible=True).count():
            raise NotConnectedError(
                "the composer has a subject line: it would send an InMail, not a message to a connection."
            )

    def form(self) -> Locator:
        """The form around the editor; the whole composer where there is none."""
        return self._form_of(self._forms.count())

    @property
    def _forms(self) -> Locator:
        return self.root.locator(f"form:has({EDITABLE})")

    def _form_of(self, forms: int) -> Locator:
        return self._forms if forms == 1 else self.root

    def content(self, meant: str = "", timeout: float | None = None, beside: Sequence[Aside] = ()) -> str:
        """What the editor holds; it is waited for, unless `timeout` says how long."""
        held = self._site.find.read(EDITOR, READ_TEXT, True, self.root, timeout, beside=beside)
        return as_meant(str(held), meant)

    def content_in_form(self, meant: str, beside: Sequence[Aside]) -> tuple[str, Locator]:
        """What the editor holds, and the form around it, both at the same moment."""
        counts: list[int] = []
        forms = Aside(self._forms, matching("form"), COUNT, counts.append)
        held = self.content(meant, beside=(*beside, forms))
        return held, self._form_of(counts[-1])

    def clear(self, beside: Sequence[Aside] = ()) -> bool:
        """Empty the editor by select-all and delete; whether it has the focus then.

        Raises:
            PageUnreadableError: something stays in it.
        """
        editor = self.editor(beside)
        editor.click(timeout=self._site.timeouts.action)
        for _ in range(3):
            editor.press("ControlOrMeta+a", timeout=self._site.timeouts.action)
            editor.press("Delete", timeout=self._site.timeouts.action)
            held = self._site.find.read(EDITOR, _HELD, scope=self.root)
            if not str(held["text"]).strip():
                return bool(held["focused"])
        raise PageUnreadableError("the composer's editor cannot be emptied.")

    def insert(self, text: str, beside: Sequence[Aside] = ()) -> None:
        """Put the whole text into the empty editor at once; no key is pressed, for Enter might send.

        Raises:
            PageUnreadableError: the editor lost the focus, so the text would go elsewhere.
        """
        if not self.clear(beside):
            raise PageUnreadableError("the composer's editor does not take the focus.")
        self._site.page.keyboard.insert_text(text)

    def send_button(self, form: Locator) -> Locator:
        """The send button of this composer's own form, once it is enabled.

        Raises:
            PageUnreadableError: there is none, or it stays disabled.
        """
        try:
            button, enabled = self._site.find.found(SEND, lambda _, way: each_says(way, _IS_ENABLED), form)
        except PageUnreadableError as error:
            if form.locator(_SEND_OPTIONS).filter(visible=True).count():
                raise PageUnreadableError(
                    'the composer has no send button, since "Press Enter to Send" is on: choose "Click Send" in the '
                    "options beside the message form."
                ) from error
            raise
        for _ in self._site.polls(self._site.timeouts.action):
            if enabled:
                return button
            enabled = bool(said_by(button, _IS_ENABLED))
        raise PageUnreadableError("the send button stays disabled.")

    def left(self, *beside: Aside) -> Left:
        """What is to be left behind now."""
        kinds: list[list[str]] = []
        held: list[list[str]] = []
        roots = Aside(self.root, IS_COMPOSER, each("root => root.localName"), kinds.append)
        editors = self.root.locator(EDITABLE).filter(visible=True)
        texts = Aside(editors, matching(EDITABLE), each(READ_TEXT), held.append, True)
        controls, count = self._site.find.counted(CLOSE, self.root, beside=(*beside, roots, texts))
        return Left(kinds[-1], held[-1], controls.first if count else None)

    def close(self, left: Left | None = None) -> None:
        """Leave nothing in the editor; close the bubble. A page of its own stays, empty, until the next navigation.

        `left` is what was found just now to be left behind.

        Raises:
            PageUnreadableError: a draft stays, or the bubble does.
        """
        left = left or self.left()
        if not left.kinds:
            return
        self._site.traffic.mark()
        if len(left.held) > 1 or "".join(left.held).strip():
            self.clear()
            self._site.page.wait_for_timeout(self._site.timeouts.draft)
        if left.kinds != ["main"]:
            control = left.control or self._site.find.any(CLOSE, self.root, self._site.timeouts.closing)
            control.click(timeout=self._site.timeouts.action)
            self.root.wait_for(state="hidden", timeout=self._site.timeouts.closing)
        self._site.traffic.settle(self._site.timeouts.closing)  # the site has to hear that the draft is gone
