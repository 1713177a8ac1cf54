"""Helpers of the templates: links, controls in any tag, hashed class names, and the page's script table."""

import hashlib
import json
import uuid
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request
from markupsafe import Markup, escape

from linkedin_pipelines_tests.lookalike.site import labels
from linkedin_pipelines_tests.lookalike.site.case import Switch
from linkedin_pipelines_tests.lookalike.site.people import Person
from linkedin_pipelines_tests.lookalike.site.world import World

OVERLAY = "msgOverlay"


class Page:
    """One response being written: it collects the script table that the browser side reads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.case = world.case
        self.words = world.words()
        self.host = request.host_url.rstrip("/")
        self.table: dict[str, dict[str, Any]] = {"actions": {}, "lists": {}, "forms": {}}

    # --- rendering -------------------------------------------------------------------------
    def render(self, folder: str, part: str, surface: str = "", **view: Any) -> Markup:
        """A macro of ``folder/<generation>.html``, in the generation of the surface (``folder`` unless named)."""
        generation = self.case.surfaces[surface or folder]
        return self.render_file(f"{folder}/{generation}.html", part, **view)

    def render_file(self, template: str, part: str, **view: Any) -> Markup:
        """A macro of a template, called with the view."""
        names = {
            "L": self.words,
            "me": self.world.me,
            "case": self.case,
            "language": self.case.language,
            "long_day": labels.long_day,
            "c": self.c,
            "key": self.key,
            "ctl": self.ctl,
            "dbl": self.dbl,
            "go": self.go,
            "act": self.act,
            "degree": self.degree,
            "photo": self.photo,
            "lazy": self.lazy,
            "host": self.host,
            "nonce": self.world.nonce,
        }
        module = current_app.jinja_env.get_template(template).make_module(names)
        return Markup(getattr(module, part)(**view))

    def code(self) -> Markup:
        """The script table as LinkedIn ships its data: JSON in a hidden <code>."""
        text = json.dumps(self.table).replace("<", "\\u003c")
        return Markup('<code style="display:none" id="bpr-guid-{}">{}</code>').format(
            uuid.uuid4().hex[:7], Markup(text)
        )

    # --- names and keys ----------------------------------------------------------------------
    def c(self, name: str) -> str:
        """Hashed class names for a role; they change with every start and every case."""
        digest = hashlib.sha256(f"{self.world.nonce}/{name}".encode()).hexdigest()
        return f"_{digest[:8]} {digest[8:16]} _{digest[16:22]}"

    def key(self) -> str:
        """A fresh component key."""
        return str(uuid.uuid4())

    def act(self, do: str, **args: Any) -> str:
        """Register what a control does; returns the key to put on it."""
        key = "e" + uuid.uuid4().hex[:10]
        self.table["actions"][key] = {"do": do, **args}
        return key

    # --- texts ---------------------------------------------------------------------------------
    def dbl(self, text: str) -> Markup:
        """Text, rendered twice (visible and visually hidden) when the case asks for it."""
        if not self.case.options.doubled_text:
            return escape(text)
        hidden = f"visually-hidden {self.c('hidden')}"
        return Markup('<span aria-hidden="true">{}</span><span class="{}">{}</span>').format(text, hidden, text)

    def degree(self, person: Person) -> str:
        """The degree badge's text: 1st, 2nd, 3rd+ in the interface language; empty for the member."""
        return self.words[f"deg{min(person.degree, 3)}"] if person.degree else ""

    # --- links and controls ----------------------------------------------------------------------
    def go(self, person: Person, form: str = "plain") -> str:
        """A profile link in one of the forms that pages use."""
        slug = quote(person.slug)
        match form:
            case "encoded":
                return f"{self.host}/in/{slug.replace('-', '%2D')}"
            case "mini":
                return f"/in/{slug}?miniProfileUrn=urn%3Ali%3Afs_miniProfile%3A{person.id}"
            case "absolute":
                return f"{self.host}/in/{slug}/"
            case _:
                return f"/in/{slug}/"

    def compose(self, person: Person, opens: str, body: str = "", context: str = "NON_SELF_PROFILE_VIEW") -> str:
        """A compose link; without a recipient where the composer is to open unaddressed."""
        query = {"profileUrn": person.urn}
        if not self.world.trap("unaddressed_composer", person.slug, "composer"):
            query["recipient"] = person.id
        query["screenContext"] = context
        if body:
            query["body"] = body
        if opens == "overlay":
            query["interop"] = OVERLAY
        return "/messaging/compose/?" + urlencode(query, quote_via=quote, safe="")

    def photo(self, person: Person, size: int = 48) -> Markup:
        """A portrait, drawn inline."""
        hue = int(hashlib.sha256(person.slug.encode()).hexdigest()[:2], 16)
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='{size}'><rect width='100%' height='100%' fill='hsl({hue},40%,70%)'/></svg>"
        alt = self.words["photo_of"].format(name=person.name)
        return Markup('<img src="data:image/svg+xml,{}" width="{}" height="{}" alt="{}">').format(
            quote(svg), size, size, alt
        )

    def ctl(
        self,
        surface: str,
        text: str,
        *,
        label: str = "",
        href: str = "",
        do: str = "",
        cls: str = "",
        tag: str = "",
        view: str = "",
        icon: str = "",
        **args: Any,
    ) -> Markup:
        """A control in the tag of its surface; in a tag without links its target hides in the script table."""
        tag = tag or ("div" if self.world.trap("button_as_div") and surface != "composer" else self.case.tag(surface))
        inner = Markup('<span class="{}">{}</span>').format(
            "artdeco-button__text" if "artdeco" in cls else self.c("label"), text
        )
        inner = Markup(icon) + inner
        if label and self.case.options.inner_label:
            inner = Markup('<div aria-label="{}">{}</div>').format(label, inner)
            label = ""
        attributes = {"class": cls, "aria-label": label, "data-view-name": view}
        if do or tag != "a":
            key_name = "componentkey" if self.case.surfaces.get(surface) == "sdui" else "id"
            attributes[key_name] = self.act(do or "compose", url=href, **args)
        fixed: dict[str, dict[str, str]] = {
            "a": {"href": href or "#", "aria-disabled": "false"},
            "div": {"role": "button", "tabindex": "0"},
            "button": {"type": "button"},
        }
        written = Markup("").join(Markup(' {}="{}"').format(k, v) for k, v in (fixed[tag] | attributes).items() if v)
        return Markup("<{0}{1}>{2}</{0}>").format(tag, written, inner)

    def lazy(self, url: str, auto: int | None = None) -> str:
        """Register a list that loads more from ``url``; returns the key to put on its container."""
        key = "l" + uuid.uuid4().hex[:10]
        self.table["lists"][key] = {
            "next": url,
            "auto": self.case.options.auto_loads if auto is None else auto,
            "more": self.words["load_more"],
        }
        return key

    def fired(self, name: str, slug: str = "", surface: str = "") -> Switch | None:
        """Shorthand for the world's trap."""
        return self.world.trap(name, slug, surface)
