"""Pages as they will look after some redesign that nobody has seen: the site's own HTML, changed by a seed.

What belongs here: changes that a redesign, an experiment or an advertisement makes to markup. A mutated page may hide
what is true, rename it, bury it, and add what concerns others. It never lies about the person it is about: no decoy
names the person who is spared, and the editor that holds the text stays one. What does not belong here: what the
page's controls do. They go on working, by marks that are new at every start and that only the site's script is told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from html import escape
from typing import Any

from linkedin_pipelines.sandbox.addresses import compose_href
from linkedin_pipelines.sandbox.change import Mutation
from linkedin_pipelines.sandbox.markup import RAW, Node, element, parse
from linkedin_pipelines.sandbox.rendering import Rendering

HOOKED = (
    "main", "aside", "form", "[role=textbox]", ".artdeco-toast-item", ".msg-form", ".msg-form__contenteditable",
    ".msg-form__send-button", ".msg-form__subject", ".msg-overlay-conversation-bubble", ".msg-convo-wrapper",
    ".msg-s-message-list-container", ".msg-s-message-list-content", ".msg-share-contact-info",
)  # fmt: skip
"""What the site's script looks for; mutated, it finds them by a mark instead (`at` in fragments.js)."""

FLOW = frozenset({"#", "article", "aside", "body", "div", "footer", "header", "li", "main", "nav", "section"})
"""Elements that may hold any other; inside the rest, browsers would take a block apart."""
_NARROW = ("a", "button", "h2", "p", "span")
LEFT_ALONE = frozenset({"html", "head", "body", "title", "meta", "link", "svg", "br", "#", *RAW})
KEPT = frozenset({"id", "componentkey", "contenteditable", "data-later", "for", "hidden", "src"})
"""Attributes by which the site's script finds what an element does, and what makes an editor one."""
TAGS = {
    "a": ("button", "div role=button", "div role=link", "span role=link"),
    "article": ("div", "section"),
    "aside": ("div", "section"),
    "button": ("a", "div role=button", "span role=button", "div"),
    "div": ("section", "article", "div role=group"),
    "footer": ("div",),
    "form": ("div", "div role=form"),
    "h1": ("h2", "h3", "div", "div role=heading"),
    "h2": ("h1", "h3", "div", "div role=heading"),
    "h3": ("h2", "h4", "div"),
    "header": ("div", "section"),
    "li": ("div", "div role=listitem"),
    "main": ("div role=main", "div", "section"),
    "nav": ("div", "div role=navigation"),
    "p": ("div", "span"),
    "section": ("div", "article"),
    "span": ("b", "em", "strong"),
    "strong": ("b", "span"),
    "time": ("span", "b"),
    "ul": ("div", "div role=list", "ol"),
}
NEW_ATTRIBUTES = (
    ("data-test-id", "x"), ("data-view-name", "feed-card"), ("aria-hidden", "false"), ("aria-expanded", "false"),
    ("aria-haspopup", "true"), ("role", "group"), ("role", "listitem"), ("role", "presentation"), ("role", "dialog"),
    ("tabindex", "-1"), ("aria-label", ""), ("data-control-name", "message"), ("class", "artdeco-card"),
    ("aria-busy", "false"), ("data-urn", "urn:li:activity:7"), ("title", "LinkedIn"),
)  # fmt: skip


def renamed_class(mutation: Mutation, name: str) -> str:
    """What a class is called after the change. Hashed names are new at every start anyway."""
    if re.fullmatch(r"_[0-9a-f]{8}", name):
        return name
    dice = random.Random(f"{mutation.seed}|class|{name}")  # noqa: S311 - a repeatable choice, no secret
    return f"x{dice.getrandbits(40):010x}" if dice.random() < mutation.renamed else name


def restyled(mutation: Mutation | None, css: str) -> str:
    """A style sheet under the names after the change."""
    if mutation is None:
        return css
    return re.sub(r"\.([A-Za-z_][\w-]*)(?=[^{}]*\{)", lambda m: "." + renamed_class(mutation, m[1]), css)


def hooks(view: Rendering) -> dict[str, Any] | None:
    """How a page's script finds what it needs where names tell nothing: the attribute, and the mark of each thing."""
    if view.site.world.mutation is None and view.ui.of("messaging") == "ember":
        return None
    h = view.site.hashed
    return {"attribute": h("hooks"), "marks": {selector: h(f"hook {selector}") for selector in HOOKED}}


def mutated(view: Rendering, template: str, html: str) -> str:
    """The HTML of one rendering, after the change."""
    if hooks(view) is None:
        return html
    root = parse(html)
    mark(view, root)
    mutation = view.site.world.mutation
    return root.html() if mutation is None else _Change(view, mutation, template).made(root)


def mark(view: Rendering, root: Node) -> None:
    """Mark what the script looks for, unless it is marked already."""
    found = hooks(view)
    assert found is not None  # whoever marks has asked whether there are hooks
    for node in root.elements():
        marks = [name for selector, name in found["marks"].items() if _is(node, selector)]
        if marks:
            node.attributes.setdefault(found["attribute"], " ".join(marks))


class _Change:
    """The changes to one rendering."""

    def __init__(self, view: Rendering, mutation: Mutation, template: str) -> None:
        self._view = view
        self._mutation = mutation
        self._dice = random.Random(f"{mutation.seed}|{template}")  # noqa: S311 - repeatable, no secret
        self._others = [p for p in view.site.acquaintances(view.member) if p.slug != mutation.spared]
        self._operations: tuple[tuple[int, Callable[[Node], None]], ...] = (
            (6, self._retag),
            (3, self._shuffle),
            (4, self._drop_attribute),
            (2, self._rename_attribute),
            (4, self._add_attribute),
            (3, self._drop_class),
            (6, self._wrap),
            (2, self._unwrap),
            (2, self._remove),
            (3, self._twin),
            (6, self._add_other),
            (2, self._retext),
        )

    def made(self, root: Node) -> str:
        self._hook = self._view.site.hashed("hooks")
        weights, operations = zip(*self._operations, strict=True)
        for node in list(root.elements()):
            roll, (operation,) = self._dice.random(), self._dice.choices(operations, weights)
            if roll < self._mutation.rate * _importance(node) and self._may_change(node):
                operation(node)
        for node in root.elements():
            if "class" in node.attributes:
                node.attributes["class"] = " ".join(renamed_class(self._mutation, name) for name in node.classes())
        return root.html()

    @staticmethod
    def _may_change(node: Node) -> bool:
        detached = node
        while detached.parent is not None:
            detached = detached.parent
        inside = node.parent is not None and (node.parent.within("svg", "head") or _in_editor(node.parent))
        return detached.tag == "#" and node.tag not in LEFT_ALONE and not inside

    def _retag(self, node: Node) -> None:
        if node.tag not in TAGS:
            return
        tag, _, role = self._dice.choice(TAGS[node.tag]).partition(" role=")
        if node.tag == "a" and node.attributes.get("href"):
            href = node.attributes.pop("href")
            self._bind(node, do="go", href=href)
        if node.tag == "button" and "disabled" in node.attributes:
            del node.attributes["disabled"]
            node.attributes["aria-disabled"] = "true"
        if tag == "button":
            node.attributes["type"] = "button"
        if tag == "a":
            node.attributes["href"] = "#"
        if role:
            node.attributes["role"] = role
            node.attributes.setdefault("tabindex", "0")
        node.tag = tag

    def _bind(self, node: Node, **behaviour: Any) -> None:
        if not {"id", "componentkey"} & set(node.attributes):
            name, _, value = str(self._view.bind(**behaviour)).partition("=")
            node.attributes[name] = value.strip('"')

    def _shuffle(self, node: Node) -> None:
        if node.tag in FLOW or node.tag == "ul":
            self._dice.shuffle(node.children)

    def _free(self, node: Node) -> list[str]:
        return [name for name in node.attributes if name not in KEPT and name != self._hook]

    def _drop_attribute(self, node: Node) -> None:
        if free := self._free(node):
            del node.attributes[self._dice.choice(free)]

    def _rename_attribute(self, node: Node) -> None:
        free = [name for name in self._free(node) if name.startswith(("data-", "aria-"))]
        if free:
            name = self._dice.choice(free)
            node.attributes[name + "-2"] = node.attributes.pop(name)

    def _add_attribute(self, node: Node) -> None:
        name, value = self._dice.choice(NEW_ATTRIBUTES)
        if name not in KEPT:
            node.attributes[name] = value

    def _drop_class(self, node: Node) -> None:
        classes = node.classes()
        if classes:
            classes.pop(self._dice.randrange(len(classes)))
            node.attributes["class"] = " ".join(classes)

    def _wrap(self, node: Node) -> None:
        parent = node.parent
        assert parent is not None  # only elements of the tree are changed
        place = parent.children.index(node)
        tag = self._dice.choice(("div", "section", "article")) if parent.tag in FLOW else "span"
        around = Node(tag, {"class": "wrapper"})
        parent.children[place] = around
        around.parent = parent
        around.add(node)

    def _unwrap(self, node: Node) -> None:
        parent = node.parent
        assert parent is not None  # as above
        if self._bears(node) or not node.children or node.tag in ("button", "ul"):
            return
        place = parent.children.index(node)
        parent.children[place : place + 1] = node.children
        for child in node.children:
            child.parent = parent
        node.parent = None

    def _bears(self, node: Node) -> bool:
        """Whether the page would not work without it."""
        return bool({"id", "componentkey", self._hook} & set(node.attributes))

    def _remove(self, node: Node) -> None:
        if node.parent is not None and not any(self._bears(each) for each in (node, *node.elements())):
            node.parent.children.remove(node)
            node.parent = None

    def _twin(self, node: Node) -> None:
        """Show an element twice, side by side; the second one does nothing."""
        parent = node.parent
        assert parent is not None  # as above
        twin = node.copy()
        for each in (twin, *twin.elements()):
            for name in ("id", "componentkey", "data-later", self._hook):
                each.attributes.pop(name, None)
        parent.add(twin, self._dice.randint(0, len(parent.children)))

    def _add_other(self, node: Node) -> None:
        """Show something of somebody else, or nobody's, near an element."""
        place = node
        while place.parent is not None and (_in_editor(place) or place.tag not in FLOW or place.within(*_NARROW)):
            place = place.parent
        place.add(element(self._foreign()), self._dice.randint(0, len(place.children)))

    def _foreign(self) -> str:
        view, dice = self._view, self._dice
        t, other = view.t, dice.choice(self._others)
        name, href = escape(other.name), escape(compose_href(other, "NON_SELF_PROFILE_VIEW"))
        message = f'<a href="{href}" aria-label="{escape(t("message_to", first=other.first_name))}">{t("message")}</a>'
        degree = f"<p>· {t('degree_' + dice.choice('123'))}</p>"
        return dice.choice(
            (
                f'<div role="listitem"><a href="/in/{other.slug}/"><p>{name}</p></a>{degree}{message}</div>',
                f"<div>{message}</div>",
                f'<div><a href="{href}">{t("message")}</a></div>',
                f'<div><a href="/in/{other.slug}/"><h2>{name}</h2></a>{degree}</div>',
                f"<h1>{name}</h1>",
                f'<div><a href="/in/{view.member.slug}/">{escape(view.member.name)}</a></div>',
                f'<div><a href="/preload/custom-invite/?vanityName={other.slug}">{t("connect")}</a></div>',
                f'<div><button type="button" aria-label="{escape(t("follow_name", name=other.name))}">+</button></div>',
                f'<div role="dialog"><a href="/in/{other.slug}/">{name}</a></div>',
                f'<div><button type="button">{t("send")}</button></div>',
                f'<div><button type="button" aria-label="{escape(t("close"))}">×</button></div>',
                '<div><input type="text" placeholder="?"></div>',
                '<div contenteditable="true" role="textbox"><p><br></p></div>',
                f"<div>{degree}</div>",
                f"<div><p>{escape(t('weekly_limit'))}</p></div>",
                f'<li><a href="/in/{other.slug}/">{name}</a><p>{escape(other.headline)}</p></li>',
                '<div><a href="/premium/products/">Premium</a></div>',
            )
        )

    def _retext(self, node: Node) -> None:
        """Let a text say something else; never the address of a link, and never what is written in the editor."""
        texts = [child for child in node.children if not child.tag and child.text.strip()]
        if not texts or "contenteditable" in node.attributes or node.within("form"):
            return
        t, other = self._view.t, self._dice.choice(self._others)
        words = (other.name, other.headline, t("today"), t("message"), t("close"), t("degree_1"), t("degree_2"), "3")
        self._dice.choice(texts).text = escape(self._dice.choice(words))


def _in_editor(node: Node) -> bool:
    """Whether what is written stands there: changed inside, it would show one text and send another."""
    return "contenteditable" in node.attributes or (node.parent is not None and _in_editor(node.parent))


def _importance(node: Node) -> int:
    """Redesigns are about what people press, write into and read names from, and so are most of the changes."""
    return 4 if {"role", "href", "type"} & set(node.attributes) or node.tag in ("h1", "h2", "form", "li") else 1


def _is(node: Node, selector: str) -> bool:
    if selector.startswith("."):
        return selector[1:] in node.classes()
    if selector.startswith("["):
        name, _, value = selector[1:-1].partition("=")
        return node.attributes.get(name) == value
    return node.tag == selector
