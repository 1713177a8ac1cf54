"""Composer, overlay bubbles, threads, and the one address that delivers."""

from typing import Any

from flask import Flask, make_response, redirect, request
from flask.wrappers import Response
from markupsafe import Markup

from linkedin_pipelines_tests.lookalike.site import signs
from linkedin_pipelines_tests.lookalike.site.compose import (
    Composer,
    GoneElsewhere,
    Paywall,
    events,
    events_html,
    form_of,
    open_for,
    thread_id,
)
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Message, Person
from linkedin_pipelines_tests.lookalike.site.shell import document, fragment, limit_overlay
from linkedin_pipelines_tests.lookalike.site.world import World

SEND = "/voyager/api/voyagerMessagingDashMessengerMessages"


def _asked(world: World) -> Person | None:
    """Who is addressed: only ``recipient`` addresses a composer, ``profileUrn`` alone does not."""
    return world.by_id(request.args.get("recipient", ""))


def _compose_page(world: World) -> Response:
    person = _asked(world)
    try:
        box = open_for(world, person, request.args.get("body", ""), "page")
    except GoneElsewhere:
        return make_response("", 204)
    except Paywall:
        return make_response(redirect("/premium/products/?upsellOrderOrigin=inmail"))
    page = Page(world)
    form_of(world, page, box)
    main = page.render("composer", "page", m=box)
    return document(
        world, page, f"{world.words()['messaging']} | LinkedIn", main, "composer", person=person, dock=False
    )


def _bubble(world: World) -> Response:
    person, page = _asked(world), Page(world)
    stuck = world.trap("open_bubble_of_other")
    if stuck and stuck.variant == "stuck":
        return make_response("", 204)
    try:
        box = open_for(world, person, request.args.get("body", ""), "overlay")
    except GoneElsewhere:
        return make_response("", 204)
    except Paywall:
        assert person
        title = page.words["inmail_title"].format(first=person.first)
        buttons = [{"text": page.words["premium"], "href": "/premium/products/?upsellOrderOrigin=inmail"}]
        html = page.render_file(
            "plain/dialogs.html", "box", title=title, text=page.words["inmail_note"], buttons=buttons
        )
        return fragment(page, html, X_Kind="dialog")
    form_of(world, page, box)
    html = page.render("composer", "bubble", m=box)
    veil = world.trap("overlay_intercepts_click", person.slug if person else "", "composer")
    if veil and veil.variant == "everywhere":
        html += page.render_file("plain/dialogs.html", "veil")
    return fragment(page, html, X_Bubble=box.to.id if box.to else "new")


def _thread_page(world: World, key: str) -> Response:
    person = next((p for p in world.stage.people if thread_id(p) == key), None)
    if person is None:
        return make_response("<title>LinkedIn</title><main><h1>This page doesn’t exist</h1></main>", 404)
    try:
        box = open_for(world, person, "", "thread")
    except GoneElsewhere:
        return make_response("", 204)
    except Paywall:
        box = Composer(person, None, "thread")
    page = Page(world)
    form_of(world, page, box)
    inbox = [p for p in world.stage.people if world.threads.get(p.urn)]
    main = page.render("thread", "page", m=box, inbox=inbox)
    return document(world, page, f"{world.words()['messaging']} | LinkedIn", main, "thread", person=person, dock=False)


def _limit(world: World, page: Page, slug: str) -> Response | None:
    """The answer of a limit that fires on the click, if one does."""
    for stop in world.case.stops:
        on_send = signs.STOPS[stop.name].on_send and stop.variant != "page"
        if on_send and stop.at.fires(len(world.deliveries), slug, "composer"):
            world.stopped_at = world.stopped_at or len(world.requests) + 1
            overlay = limit_overlay(world, page, stop.name)
            overlay["html"] += page.code()
            return make_response({"overlay": overlay, "clear": False, "delay": 150}, 429)
    return None


def _share_prompt(world: World, page: Page, person: Person) -> dict[str, Any]:
    words, address = page.words, f"/voyager/api/share-contact?with={person.id}"
    buttons = [
        {"text": words["share_yes"], "key": page.act("tell", post=f"{address}&answer=yes"), "label": ""},
        {"text": words["share_no"], "key": page.act("tell", post=f"{address}&answer=no"), "label": ""},
    ]
    html = page.render_file(
        "plain/dialogs.html", "box", title=words["share_title"].format(first=person.first), text="", buttons=buttons
    )
    return {"html": html + page.code()}


def _deliver(world: World, said: dict[str, Any], person: Person) -> None:
    """Put a delivery on record and into the thread."""
    world.note(
        world.deliveries,
        recipient=person.urn,
        slug=person.slug,
        text=said["text"],
        page=said["page"],
        session=request.cookies.get("li_at", ""),
        via=said["via"],
        trusted=said["trusted"],
        subject=said["subject"],
    )
    world.threads.setdefault(person.urn, []).append(Message("me", said["text"], world.now()))


def _send(world: World) -> Response:
    said, page = request.get_json(), Page(world)
    person = world.by_id((said["to"] or "").rsplit(":", 1)[-1]) if said["to"] else None
    if not said["trusted"]:
        world.note(world.misdeeds, kind="untrusted_click", detail=said["via"])
    if person is None:
        world.note(world.misdeeds, kind="sent_without_recipient", detail=said["text"])
        toast = page.render_file("plain/dialogs.html", "toast", text=page.words["went_wrong"])
        return make_response({"overlay": {"html": toast, "ms": 5000}, "clear": False}, 400)
    limit = _limit(world, page, person.slug)
    if limit:
        return limit

    def on(name: str) -> Any:
        return world.trap(name, person.slug, "composer")

    thread = world.threads.setdefault(person.urn, [])
    last = thread[-1] if thread else None
    text: str = said["text"]
    mine, theirs = Message("me", text, world.now()), Message("them", text, world.now())

    def show(m: Message, failed: bool = False) -> Markup:
        return events_html(page, said["part"], events(world, person, [m], last, failed))

    answer: dict[str, Any] = {"clear": True, "delay": world.case.options.event_delay_ms}
    fails, other = on("send_fails_after_click"), on("their_event_only")
    if fails and fails.variant == "keeps_text":
        toast = page.render_file("plain/dialogs.html", "toast", text=page.words["went_wrong"])
        return make_response({"overlay": {"html": toast, "ms": 5000}, "clear": False, "delay": 200}, 500)
    if fails:
        return make_response(answer | {"event": show(mine, failed=True)}, 500)
    if other:
        if other.variant == "recorded":
            _deliver(world, said, person)
        thread.append(theirs)
        return make_response(answer | {"event": show(theirs)})
    again = on("last_year_same_wish_in_thread")
    if again and again.variant == "lost":
        return make_response(answer)
    _deliver(world, said, person)
    dies, slow = on("delivered_but_page_dies"), on("slow_event_8s")
    if dies:
        return make_response({"die": dies.variant or "hang"})
    answer |= {"event": show(mine), "url": f"/messaging/thread/{thread_id(person)}/"}
    if slow:
        answer |= {"delay": int(slow.args.get("ms", 8000)), "clear_now": slow.variant == "cleared"}
    if on("share_contact_prompt") and len(world.deliveries) == 1:
        answer["overlay"] = _share_prompt(world, page, person)
    return make_response(answer)


def add(app: Flask, world: World) -> None:
    """Register the pages."""

    @app.get("/messaging/compose/")
    def compose_page() -> Response:
        return _compose_page(world)

    @app.get("/messaging/thread/<key>/")
    def thread_page(key: str) -> Response:
        return _thread_page(world, key)

    @app.get("/flagship-web/messaging/bubble")
    def bubble() -> Response:
        return _bubble(world)

    @app.get("/flagship-web/messaging/events")
    def history() -> Response:
        page, person = Page(world), world.by_id(request.args.get("of", ""))
        items = events(world, person, world.threads.get(person.urn, [])) if person else []
        return fragment(page, events_html(page, request.args.get("part", "composer"), items))

    @app.post(SEND)
    def send() -> Response:
        with world.lock:
            return _send(world)
