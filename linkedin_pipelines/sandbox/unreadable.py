"""Elements that a member still sees, and that nothing in the markup tells any more: what a canary has to notice.

What belongs here: taking an element's role, name, address and classes away, one element at a time. The rest of the
page stays as it is and goes on working.
"""

from __future__ import annotations

from collections.abc import Callable

from linkedin_pipelines.sandbox.markup import Node, parse
from linkedin_pipelines.sandbox.rendering import Rendering

_PROFILES = ("profile_sdui.html", "profile_ember.html")
_CATCH_UP = ("catch_up.html", "catch_up_cards.html")
_COMPOSERS = ("bubble.html", "overlay.html", "messaging.html")
_THREADS = (*_COMPOSERS, "events.html")


def unreadable(view: Rendering, template: str, html: str) -> str:
    """The HTML of one rendering, with the elements of `Interface.unreadable` made unreadable."""
    rules = [_RULES[name] for name in view.ui.unreadable if template in _RULES[name][0]]
    if not rules:
        return html
    root = parse(html)
    for _, is_it, change in rules:
        for node in list(root.elements()):
            if is_it(node, view):
                change(node)
    return root.html()


def _bare(node: Node) -> None:
    """A box with the same content, and nothing to find it by."""
    node.tag = "div"
    node.attributes = {"style": "display: inline-block"}


def _bare_throughout(node: Node) -> None:
    for inner in node.elements():
        inner.attributes = {}
    node.attributes = {}


def _no_role(node: Node) -> None:
    node.attributes.pop("role", None)
    node.attributes.pop("aria-label", None)
    node.attributes["class"] = "editor"


def _leads_to(*starts: str) -> Callable[[Node, Rendering], bool]:
    return lambda node, _: node.tag == "a" and (node.attributes.get("href") or "").startswith(starts)


def _has_class(name: str) -> Callable[[Node, Rendering], bool]:
    return lambda node, _: name in node.classes()


def _closes(node: Node, view: Rendering) -> bool:
    key = node.attributes.get("id") or node.attributes.get("componentkey") or ""
    return view.bindings.get(key, {}).get("do") == "close-bubble"


def _is_name(node: Node, _view: Rendering) -> bool:
    """The heading with the person's name stands in a link; other headings of a profile do not."""
    return node.tag in ("h1", "h2") and node.within("a")


_Rule = tuple[tuple[str, ...], Callable[[Node, Rendering], bool], Callable[[Node], None]]
_RULES: dict[str, _Rule] = {
    "navigation": (("shell.html",), _leads_to("/feed/", "/mynetwork/"), _bare),
    "birthday_cards": (_CATCH_UP, _leads_to("/in/"), _bare),
    "top_card": (_PROFILES, _is_name, _bare),
    "editor": (_COMPOSERS, lambda node, _: "contenteditable" in node.attributes, _no_role),
    "recipient": (_COMPOSERS, _leads_to("/in/"), _bare),
    "conversation": (_THREADS, _has_class("msg-s-message-list__event"), _bare_throughout),
    "send_button": (_COMPOSERS, _has_class("msg-form__send-button"), _bare),
    "close_control": (_COMPOSERS, _closes, _bare),
}
"""By the element's name: the templates that show it, how it is told there, and what becomes of it."""
