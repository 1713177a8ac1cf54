"""Telling the site's stop signs apart, and apart from pages that are merely broken.

What belongs here: how a sign looks. Words are judged inside notices alone (dialogs, alerts, toasts), never on a normal
page, where a member or a headline may say the same. A sign ends the account's work until a human resumes it
(StopSignError); a page that is broken ends one person's (PageUnreadableError).
"""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Locator, Page, Response
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import same_site
from linkedin_pipelines.browser.asking import DEEP, Aside, all_say
from linkedin_pipelines.browser.labels import for_page, limit_in
from linkedin_pipelines.errors import PageUnreadableError, StopSignError

SIGNED_OUT = "signed_out"
AUTH_WALL = "auth_wall"
REDIRECT_LOOP = "redirect_loop"
CHALLENGE = "challenge"
PIN = "pin"
CAPTCHA = "captcha"
RATE_LIMITED = "rate_limited"
WEEKLY_LIMIT = "weekly_limit"
RESTRICTED = "restricted"
WRONG_MEMBER = "wrong_member"

MESSAGES = {
    SIGNED_OUT: "the account is signed out; sign in again with `session login`.",
    AUTH_WALL: "the site asks to sign in or join; sign in again with `session login`.",
    REDIRECT_LOOP: "the site sends the browser in circles, so the session is dead; sign in again with `session login`.",
    CHALLENGE: "the site wants to know that it is you; open LinkedIn yourself and answer it.",
    PIN: "the site asks for a code that it sent you; open LinkedIn yourself and enter it.",
    CAPTCHA: "the site shows a captcha; open LinkedIn yourself and solve it.",
    RATE_LIMITED: "the site answers that there were too many requests; leave the account alone for a day.",
    WEEKLY_LIMIT: "the site says that the weekly limit is reached; leave the account alone until next week.",
    RESTRICTED: "the site says that the account is restricted; open LinkedIn yourself and read why.",
    WRONG_MEMBER: "the member signed in is not the one of profile_url; sign in again with `session login`.",
}

_PATHS = (
    (("authwall",), AUTH_WALL),
    (("signup", "cold-join"), AUTH_WALL),
    (("login",), SIGNED_OUT),
    (("uas",), SIGNED_OUT),
    (("checkpoint", "lg"), SIGNED_OUT),
    (("checkpoint",), CHALLENGE),
    (("challenge",), CHALLENGE),
)
"""Leading segments of the path, compared whole: the slug of a profile may hold any of these words."""

_CAPTCHA = "#captcha-internal"
_PIN = "input[name='pin']"
_SIGN_IN = (
    "input[name='session_key'], input[name='session_password'], form #username, "
    "form:has(input[type='password']) input[autocomplete*='username']"
)
"""A sign-in form, which no page of a signed-in member holds, be it beside somebody's public profile."""
_MARKS = f"{_CAPTCHA}, {_PIN}, {_SIGN_IN}"
_NOTICES = (
    "[role='dialog'], [role='alertdialog'], [role='alert'], [role='status'], dialog[open], "
    "[class*='artdeco-toast-item'], [data-test-artdeco-toast-item-type]"
)
_OF_CONVERSATIONS = "[contenteditable='true'], [class*='msg-s-message-list'], [class*='msg-conversation']"
_CONVERSATION = f":has({_OF_CONVERSATIONS}), [class*='msg-overlay-list-bubble'], [class*='msg-overlay-list-bubble'] *"

_LITTLE = 600
"""A main part of so few characters holds a notice, not somebody's page."""

_WHICH = """
(found, kinds) => {
  const is = (e, kind) => e.matches(kinds[kind]);
  const marks = found.filter(e => is(e, 'captcha') || is(e, 'pin'));
  const notices = found.filter(e => is(e, 'notice') && !is(e, 'sign_in') && !marks.includes(e));
  return {
    captcha: found.some(e => is(e, 'captcha')),
    pin: found.some(e => is(e, 'pin')),
    sign_in: found.some(e => !marks.includes(e) && !notices.includes(e)),
    notices: notices.map(e => e.innerText ?? ''),
    language: document.documentElement.getAttribute('lang'),
  };
}
"""
"""Which of the signs each of the elements found is: by one question to the page, since it is asked at every look."""
_KINDS = {"captcha": _CAPTCHA, "pin": _PIN, "sign_in": _SIGN_IN, "notice": _NOTICES}
_OWN = f"""
e => e.matches({dumps(_MARKS)}) || (e.matches({dumps(f":is({_NOTICES}):not({_CONVERSATION})")})
  && ({DEEP})(e, {dumps(_OF_CONVERSATIONS)}).length === 0)
"""
"""Knows what may be a sign among all that a question finds, as `_signs` does: shadow roots included."""

Place: TypeAlias = Page | Frame


class Shown(BaseModel):
    """What one place shows of signs."""

    captcha: bool
    pin: bool
    sign_in: bool
    notices: list[str]
    language: str | None


_TOO_MANY = frozenset({429, 999})
_SERVER_FAULT = 500


def sign(name: str, detail: str = "") -> StopSignError:
    """The error of a stop sign."""
    return StopSignError(name, f"Stop sign: {MESSAGES[name]}{detail}")


def of_address(url: str) -> StopSignError | None:
    """The sign in an address, by its path's leading segments."""
    segments = tuple(part for part in urlsplit(url).path.lower().split("/") if part)
    return next((sign(name) for path, name in _PATHS if segments[: len(path)] == path), None)


def shows_sign_in(page: Page) -> bool:
    """Whether the page offers to sign in."""
    return page.locator(_SIGN_IN).count() > 0


def is_passing(page: Page) -> bool:
    """Whether the page is the sign-in page without a form: a signed-in visit may pass it and come back."""
    found = of_address(page.url)
    return found is not None and found.sign == SIGNED_OUT and not shows_sign_in(page)


def _places(page: Page) -> list[Place]:
    """The page and the site's own frames in it: where a composer may be, its refusals are shown."""
    own = [f for f in page.frames if f is not page.main_frame and same_site(f.url, page.url)]
    return [page, *own]


def of_page(page: Page) -> StopSignError | None:
    """The sign that the page shows now: its address, a challenge, or a notice of a limit.

    A conversation is no notice, whatever its role: people write there. Alerts inside it are.

    Raises:
        PageUnreadableError: it shows a notice in a language of which no words are known; it may be any of them.
    """
    return judged(page, page, shown_in(page))


def shown_in(place: Place) -> Shown:
    """What one place shows of signs, by one question."""
    return Shown.model_validate(all_say(_signs(place), _WHICH, _KINDS))


def beside(place: Place, hear: Callable[[Shown], None]) -> Aside:
    """What one place shows of signs, asked beside something else, of whose elements any may be a sign too."""
    return Aside(_signs(place), _OWN, _WHICH, lambda said: hear(Shown.model_validate(said)), _KINDS)


def judged(page: Page, place: Place, there: Shown) -> StopSignError | None:
    """As `of_page`, of which one place has been read just now."""
    found = of_address(page.url)
    shown = [there if each is place else shown_in(each) for each in _places(page)]
    if any(there.captcha for there in shown):
        return sign(CAPTCHA)
    if any(there.pin for there in shown):
        return sign(PIN)
    if found is not None:
        return found
    if shown[0].sign_in:
        return sign(SIGNED_OUT)
    texts = [text for there in shown for text in there.notices if text.strip()]
    for text in texts:
        if (limit := limit_in(text)) is not None:
            return sign(limit)
    if texts and not for_page(shown[0].language).limits.weekly_limit:
        raise PageUnreadableError("the site shows a notice in a language that has no table of words; read it yourself.")
    return None


def _signs(place: Place) -> Locator:
    """All that may be a sign in one place."""
    return place.locator(_MARKS).or_(place.locator(f":is({_NOTICES}):not({_CONVERSATION})").filter(visible=True))


def of_bare_page(page: Page) -> StopSignError | None:
    """A limit told by the page itself, where the main part is a notice and nothing else: short, and about nobody.

    Asked only of a page that does not show what it should. On a page with people, they may have said the words.
    """
    main = page.locator("main, [role='main']")
    if main.locator("a[href*='/in/'], a[href*='/messaging/'], [contenteditable='true'], li, [role='listitem']").count():
        return None
    texts = [text for text in main.all_inner_texts() if len(text) <= _LITTLE]
    return next((sign(limit) for text in texts if (limit := limit_in(text)) is not None), None)


def of_answer(response: Response | None) -> StopSignError | None:
    """The sign in the status of the answer to a navigation.

    Raises:
        PageUnreadableError: the server failed, which is no sign against the account.
    """
    if response is None:
        return None
    if response.status in _TOO_MANY:
        return sign(RATE_LIMITED, f" (HTTP {response.status})")
    if response.status >= _SERVER_FAULT:
        raise PageUnreadableError(
            f"the site is out of order (HTTP {response.status}); nothing is wrong with the account."
        )
    return None
