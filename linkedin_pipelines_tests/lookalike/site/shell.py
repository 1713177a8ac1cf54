"""Whole documents: navigation, the page's own part, the message dock, and what lies above them."""

import json
import secrets
import uuid
from typing import Any

from flask import make_response
from flask.wrappers import Response
from markupsafe import Markup

from linkedin_pipelines_tests.lookalike.site.compose import Composer, form_of
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Person
from linkedin_pipelines_tests.lookalike.site.stage import roles
from linkedin_pipelines_tests.lookalike.site.world import World

LIMITS = ("weekly_limit_dialog", "limit_toast", "limit_in_shadow")


def _dock(world: World, page: Page) -> Markup:
    """The minimised list that most pages carry, with the bubble of somebody else when the case says so."""
    key = "d" + uuid.uuid4().hex[:9]
    page.table.setdefault("opts", {})["dock"] = key
    bubbles = Markup("")
    switch = world.trap("open_bubble_of_other")
    if switch:
        cast = roles(world.stage.people, world.today, world.case.options.late_days)
        other = world.stage.person(switch.args.get("other") or cast["@other2"])
        box = Composer(other, other, "overlay", send_tag=world.case.tag("composer"))
        form_of(world, page, box)
        bubbles = page.render("composer", "bubble", m=box)
    others = [p for p in world.stage.people if world.threads.get(p.urn)][:5]
    return page.render("composer", "dock", others=others, key=key, bubbles=bubbles)


def limit_overlay(world: World, page: Page, name: str) -> dict[str, Any]:
    """The dialog or toast of a limit, ready for the browser side."""
    words = page.words
    if name == "limit_toast":
        return {"html": page.render_file("plain/dialogs.html", "toast", text=words["limit_text"]), "ms": 5000}
    buttons = [{"text": words["close"], "key": page.act("dismiss"), "label": words["dismiss"]}]
    html = page.render_file(
        "plain/dialogs.html",
        "box",
        title=words["limit_title"],
        text=words["limit_text"],
        buttons=buttons,
        role="alertdialog",
        note="ip-fuse-limit-alert__warning",
    )
    return {"html": html, "shadow": name == "limit_in_shadow"}


def in_shadow(world: World) -> bool:
    """Whether overlays and dialogs go into the shadow root."""
    return world.case.options.dialogs == "shadow" or bool(world.trap("shadow_dialog"))


def document(
    world: World,
    page: Page,
    title: str,
    main: Markup,
    surface: str,
    *,
    person: Person | None = None,
    dock: bool = True,
    overlay: Markup | str = "",
) -> Response:
    """A full page of the signed-in site."""
    slug = person.slug if person else ""
    opts = page.table.setdefault("opts", {})
    opts |= {"hydrate_ms": world.case.options.hydrate_ms, "shadow": in_shadow(world)}
    extra = Markup("")
    veil = world.trap("overlay_intercepts_click", slug, surface) if person else None
    if veil and (surface == "profile" or veil.variant in ("everywhere", "clears")):
        extra = page.render_file("plain/dialogs.html", "veil")
        opts["veil_ms"] = 2000 if veil.variant == "clears" else 0
    opts["overlays"] = [
        limit_overlay(world, page, s.name)
        for s in world.case.stops
        if s.name in LIMITS and s.variant == "page" and s.at.fires(len(world.deliveries), slug, surface)
    ]
    if opts["overlays"]:
        world.stopped_at = world.stopped_at or len(world.requests) + 1
    if overlay:
        opts["overlays"].insert(0, {"html": overlay})
    before, end, rest = main.rpartition("</main>")  # the help links are list items inside <main>
    body = Markup("").join([before, page.render("chrome", "helptrio"), end, rest])
    parts = {
        "title": title,
        "main": body,
        "nav": page.render("chrome", "nav"),
        "dock": _dock(world, page) if dock else Markup(""),
        "extra": extra,
    }
    return _response(world, page, parts)


def shell(world: World, page: Page) -> Response:
    """A page without <main>, without text and without navigation, 1.6 MB of it, in a session that is fine."""
    noise = json.dumps([secrets.token_hex(16) for _ in range(40_000)])
    parts = {"title": "LinkedIn", "main": "", "nav": "", "dock": "", "extra": "", "shell": True}
    parts["code"] = Markup('<code style="display:none" id="rehydrate-data">{}</code>').format(noise)
    return _response(world, page, parts)


def _response(world: World, page: Page, parts: dict[str, Any]) -> Response:
    parts.setdefault("code", page.code())
    return make_response(page.render_file("layout.html", "document", **parts))


def fragment(page: Page, html: Markup, **headers: str) -> Response:
    """A piece of a page that the browser side puts in, with its script table."""
    response = make_response(html + page.code())
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response
