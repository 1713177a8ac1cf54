"""Asking a page: one question for what an element says, since each costs a way to the browser and back.

What belongs here: how few questions are needed. What does not: what is asked, and what the answer means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from playwright.sync_api import Error, Locator

from linkedin_pipelines.browser.text import READ_TEXT

_MOVED_ON = ("execution context was destroyed", "most likely because of a navigation", "frame was detached")
_TRIES = 5
"""A page that moves on so often while it is asked does not come to rest."""

SEEN = """
e => {
  const style = getComputedStyle(e);
  if (style.display === 'contents') return [...e.children].some(child => child.checkVisibility());
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && style.visibility === 'visible' && box.width > 0 && box.height > 0;
}
"""
"""Whether an element is visible, by Playwright's own rule."""

DEEP = """
(root, selector) => {
  const found = [];
  const look = place => {
    found.push(...place.querySelectorAll(selector));
    for (const e of place.querySelectorAll('*')) if (e.shadowRoot) look(e.shadowRoot);
  };
  look(root);
  if (root.shadowRoot) look(root.shadowRoot);
  return found;
}
"""
"""All that matches below an element, open shadow roots included, as Playwright's locators find it."""

ABOVE = "e => e.parentElement || (e.getRootNode() instanceof ShadowRoot ? e.getRootNode().host : null)"
"""The element around an element; around a shadow root it is its host."""

COUNT = "all => all.length"
"""How many there are, for `all_say`."""


@dataclass(frozen=True)
class Aside:
    """Something that is asked beside something else: by the same question, so at the same moment."""

    found: Locator
    """Its elements, in the frame of that question."""
    own: str | None
    """A function that knows them among all that the question finds; None if they are those that nothing else knows."""
    script: str
    """A function of them and the argument."""
    hear: Callable[[Any], None]
    """Takes what the script returns, before the answer to the question itself is looked at; may raise."""
    argument: object = None


def matching(selector: str) -> str:
    """A function that knows the elements of a selector."""
    return f"e => e.matches({dumps(selector)})"


def said_by(
    locator: Locator,
    script: str,
    argument: object = None,
    *,
    own: str | None = None,
    beside: Sequence[Aside] = (),
) -> Any:
    """What `script`, a function of an element and the argument, returns for the one element of a locator.

    One question where the element is there and the only one, instead of Playwright's three: wait, ask, let go.

    Raises:
        playwright.sync_api.Error: it did not come in time, or there are several.
    """
    said = all_say(
        locator,
        f"async (all, given) => all.length === 1 ? [await ({script})(all[0], given)] : []",
        argument,
        own=own,
        beside=beside,
    )
    return said[0] if said else locator.evaluate(script, argument)


def each(script: str) -> str:
    """What `script`, a function of an element and the argument, returns for each of them, for `all_say`."""
    return f"(all, given) => all.map(e => ({script})(e, given))"


def each_says(locator: Locator, script: str, argument: object = None) -> list[Any]:
    """What `script` returns for each element of a locator now, none where there are none: one question."""
    return list(all_say(locator, each(script), argument))


def all_say(
    locator: Locator,
    script: str,
    argument: object = None,
    *,
    own: str | None = None,
    beside: Sequence[Aside] = (),
) -> Any:
    """What `script`, a function of all the elements of a locator and the argument, returns: one question.

    What is asked `beside` it is heard first, in its order. Then `own` knows the locator's elements among all that are
    found; without it they are those that nothing asked beside knows.
    """
    if not beside:
        return _asked(locator, script, argument)
    found = locator
    for aside in beside:
        found = found.or_(aside.found)
    own, script = own or "null", f"[{', '.join([script, *(aside.script for aside in beside)])}]"
    owns = f"[{', '.join([own, *(aside.own or 'null' for aside in beside)])}]"
    given = [argument, *(aside.argument for aside in beside)]
    said, *heard = _asked(found, f"(found, given) => ({_TOGETHER})(found, given, {owns}, {script})", given)
    for aside, answer in zip(beside, heard, strict=True):
        aside.hear(answer)
    return said


_TOGETHER = """
(found, given, owns, scripts) => {
  const rest = e => !owns.some(own => own && own(e));
  return Promise.all(scripts.map((script, place) => script(found.filter(owns[place] || rest), given[place])));
}
"""
"""Asks each script of its own elements, all before the first of them waits for anything."""


def _asked(locator: Locator, script: str, argument: object) -> Any:
    """What the script returns. A page that moves on meanwhile is asked again, as Playwright does when it counts."""
    for left in reversed(range(_TRIES)):
        try:
            return locator.evaluate_all(script, argument)
        except Error as error:
            if not left or not any(words in error.message.lower() for words in _MOVED_ON):
                raise
    raise AssertionError("the last try returns or raises")


def seen_text(element: Locator) -> str:
    """The text of `element` as shown, a line a paragraph, without what is rendered again for screen readers."""
    return str(said_by(element, READ_TEXT))
