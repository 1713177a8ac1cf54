"""Messaging in the newer generations, which the real site mostly still shows in Ember's; and Ember's without lists.

What belongs here: taking away what only Ember's messaging has, its lasting class names, lists and ids of events. The
parts and what they do stay; the site's script finds them by marks, as on pages that a redesign has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from linkedin_pipelines.sandbox.markup import Node, parse
from linkedin_pipelines.sandbox.mutation import mark
from linkedin_pipelines.sandbox.rendering import Rendering

_TEMPLATES = frozenset({"bubble.html", "events.html", "messaging.html", "overlay.html", "share_prompt.html"})
_ROLES = {"li": "listitem", "ul": "list"}


def newer_messaging(view: Rendering, template: str, html: str) -> str:
    """The HTML of one rendering of messaging as the member's interface has it."""
    generation = view.ui.of("messaging")
    if template not in _TEMPLATES or (generation == "ember" and view.ui.list_elements == "native"):
        return html
    root = parse(html)
    if generation == "ember":
        for node in root.elements():
            node.tag = "div" if node.tag in _ROLES else node.tag
        return root.html()
    mark(view, root)
    for node in root.elements():
        lasting = [name for name in node.classes() if name.startswith("msg-")]
        if generation == "data_view" and lasting:
            node.attributes["data-view-name"] = lasting[0].removeprefix("msg-").replace("__", "-")
        if lasting:
            rest = [name for name in node.classes() if name not in lasting]
            node.attributes["class"] = " ".join([*map(view.site.hashed, lasting), *rest])
        node.attributes.pop("data-event-urn", None)
        if generation == "sdui":
            _without_list(node)
    return root.html()


def _without_list(node: Node) -> None:
    if node.tag in _ROLES:
        node.attributes.setdefault("role", _ROLES[node.tag])
        node.tag = "div"


def under_hashed_names(css: str, hashed: Callable[[str], str]) -> str:
    """The styles of messaging once more, for pages that name its parts by hashes."""
    return re.sub(r"\.(msg-[\w-]+)(?=[^{}]*\{)", lambda found: "." + hashed(found[1]), css)
