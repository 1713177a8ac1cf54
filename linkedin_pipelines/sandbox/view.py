"""What every page needs to be rendered for one member: words, class names, controls and their behaviour."""

from __future__ import annotations

import itertools
import re
import uuid
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from linkedin_pipelines.sandbox.addresses import compose_href
from linkedin_pipelines.sandbox.faults import NOTICES
from linkedin_pipelines.sandbox.interface import Generation
from linkedin_pipelines.sandbox.mutation import hooks, mutated
from linkedin_pipelines.sandbox.newer_messaging import newer_messaging
from linkedin_pipelines.sandbox.phrases import Phrases
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.unreadable import unreadable
from linkedin_pipelines.sandbox.world import Member, Person

_EMOJI = re.compile("([\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)")
_numbers = itertools.count(20)
_COLORS = ("#a0b4b7", "#c9b38c", "#93a5c4", "#b59bb0", "#9cb29a", "#c4a097", "#8fb0b9", "#b7a98f")


@cache
def environment() -> Environment:
    """The templates of the site; a name that a template misspells is an error."""
    env = Environment(
        loader=PackageLoader("linkedin_pipelines.sandbox"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"compose_href": compose_href, "avatar": avatar}
    return env


class View:
    """One rendering for one signed-in member."""

    def __init__(self, request: Request, generation: Generation | None = None) -> None:
        self.request = request
        self.site: Site = request.app.state.site
        self.member: Member = request.state.member
        self.ui = self.member.interface
        self.generation: Generation = generation or self.ui.generation
        self.t = Phrases(self.ui.language, typographic=self.ui.typographic)
        self.bindings: dict[str, dict[str, Any]] = {}
        self.zone = request.headers.get("x-li-timezone", "")

    def render(self, template: str, **context: Any) -> str:
        """The HTML of a template, or of what a redesign made of it."""
        html = (
            environment()
            .get_template(template)
            .render(
                view=self,
                ui=self.ui,
                gen=self.generation,
                t=self.t,
                h=self.site.hashed,
                bind=self.bind,
                text=self.text,
                pictured=self.pictured,
                me=self.member,
                site=self.site,
                **context,
            )
        )
        return mutated(self, template, newer_messaging(self, template, unreadable(self, template, html)))

    def bind(self, **behaviour: Any) -> Markup:
        """The attribute by which the page's script finds what a click on this element does."""
        if self.generation == "sdui":
            key = str(uuid.uuid4())
            attribute = f'componentkey="{key}"'
        else:
            key = f"ember{next(_numbers)}"
            attribute = f'id="{key}"'
        self.bindings[key] = behaviour
        return Markup(attribute)  # noqa: S704 - made of our own key

    def text(self, content: str) -> Markup:
        """A text, doubled for screen readers where the interface does that."""
        if not self.ui.doubled_text:
            return Markup.escape(content)
        return Markup('<span aria-hidden="true">{0}</span><span class="visually-hidden">{0}</span>').format(content)

    def pictured(self, content: str) -> Markup:
        """A message with its emoji as pictures where the interface draws them so."""
        if not self.ui.pictured_emoji:
            return Markup.escape(content)
        parts = _EMOJI.split(content.replace(":)", "🙂"))
        image = '<img class="emoji" width="16" height="16" src="data:image/svg+xml,%3Csvg/%3E" alt="{}">'
        drawn = [
            Markup(image).format(part) if number % 2 else Markup.escape(part)  # noqa: S704 - a template of our own
            for number, part in enumerate(parts)
        ]
        return Markup("").join(drawn)

    def page(self, *fragments: tuple[str, str], surface: str = "", status: int = 200, **context: Any) -> HTMLResponse:
        """The shell of a page: navigation and empty places, each `(place, address of its content)` filled later."""
        boot = {
            "fragments": [{"into": into, "url": url} for into, url in fragments],
            "outlet": self.ui.outlet,
            "opens": self.ui.message_opens,
            "enter": self.ui.enter_sends,
            "drips": self.ui.events_arrive == "one_by_one",
            "bubbles": "/messaging" not in self.request.url.path,
            "hooks": hooks(self),
        }
        fault = self.site.faults.take(NOTICES, account=self.member.account, path=self.request.url.path)
        if fault:
            key, place = fault.fault.rsplit("_", 1)
            boot["notice"] = {"html": self.notice(key, place), "into": place, "bindings": self.bindings}
        return HTMLResponse(self.render("shell.html", boot=boot, surface=surface, **context), status_code=status)

    def fragment(
        self, template: str, *, title: str = "", data: dict[str, Any] | None = None, **context: Any
    ) -> Response:
        """A piece of a page, as its script takes it: HTML, what its elements do, the title it brings."""
        html = self.render(template, **context)
        return JSONResponse({"html": html, "bindings": self.bindings, "title": self.titled(title), **(data or {})})

    def notice(self, key: str, place: str) -> str:
        """One of the site's own announcements: `key` is its label, `place` one of dialog, toast, main."""
        return self.render("notice.html", words=self.t(key), place=place)

    def titled(self, title: str) -> str:
        if not title:
            return ""
        count = f"({self.ui.title_count}) " if self.ui.title_count else ""
        return f"{count}{title} | LinkedIn"

    def count(self, number: int) -> str:
        """What the headline of a list says of its length; empty if it says nothing."""
        return {"shown": str(number), "wrong": str(number + 1), "absent": ""}[self.ui.counts]

    def profile_link(self, person: Person) -> str:
        """The link to a person inside composers and threads; empty where the interface has none."""
        if self.ui.composer_links == "none":
            return ""
        return f"/in/{person.member_id if self.ui.composer_links == 'urn' else person.slug}/"


def avatar(person: Person | Member, size: int) -> Markup:
    """A picture of an invented person: initials on a coloured ground."""
    initials = (person.first_name[:1] + person.last_name[:1]).upper()
    color = _COLORS[sum(person.slug.encode()) % len(_COLORS)]
    return Markup(
        '<svg class="avatar" width="{0}" height="{0}" viewBox="0 0 48 48" aria-hidden="true">'
        '<circle cx="24" cy="24" r="24" fill="{1}"/><text x="24" y="30" text-anchor="middle" font-size="17" '
        'fill="#fff">{2}</text></svg>'
    ).format(size, color, initials)
