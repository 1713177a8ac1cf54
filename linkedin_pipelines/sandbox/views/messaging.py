"""Messaging: the full page with its threads, the full-page composer, and the bubbles on all other pages."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.conversation import draw, latest_conversations, newest, open_conversation
from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import Person, thread_id_of


def thread_path(view: View, person: Person) -> str:
    return f"/messaging/thread/{quote(thread_id_of(view.member.account, person.slug), safe='')}/"


def addressed(view: View) -> Person | None:
    """The person whom `recipient=` addresses: `profileUrn` alone addresses nobody."""
    person = view.site.person(view.request.query_params.get("recipient", ""))
    other = person and view.site.faults.take(("opens_other",), account=view.member.account, person=person.slug)
    if other:
        return next((p for p in view.site.acquaintances(view.member) if p is not person), None)
    return None if person is None or view.site.relation(view.member, person).blocked else person


async def inbox(request: Request) -> Response:
    """Opens the latest conversation by itself, whoever it is with."""
    view = View(request, "ember")
    latest = latest_conversations(view)
    return RedirectResponse(thread_path(view, latest[0][0]) if latest else "/messaging/compose/", status_code=302)


async def thread_page(request: Request) -> Response:
    view = View(request, "ember")
    return view.page(
        ("main", f"/voyager/api/messaging/thread/{quote(request.path_params['id'], safe='')}"), surface="messaging"
    )


async def compose_page(request: Request) -> Response:
    view = View(request, "ember")
    return view.page(("main", f"/voyager/api/messaging/compose?{request.url.query}"), surface="messaging")


async def thread(request: Request) -> Response:
    view = View(request, "ember")
    person = view.site.person_of_thread(view.member, request.path_params["id"])
    if person is None:
        return view.fragment("not_found.html", title=view.t("not_found"))
    return _messaging(view, person, compose=False)


async def compose(request: Request) -> Response:
    view = View(request, "ember")
    return _messaging(view, addressed(view), compose=True)


def _messaging(view: View, person: Person | None, *, compose: bool) -> Response:
    conversation = open_conversation(view, person, view.request.query_params.get("body", ""))
    data = {}
    if conversation.kind == "paywall":
        data["dialog"] = view.render("paywall.html", person=person)
    return view.fragment(
        "messaging.html",
        title=view.t("messaging"),
        data=data,
        c=conversation,
        compose=compose,
        conversations=latest_conversations(view),
        thread_id=lambda p: quote(thread_id_of(view.member.account, p.slug), safe=""),
    )


async def overlay(request: Request) -> Response:
    """The minimised list, and the bubbles that are still open from earlier pages."""
    view = View(request, "ember")
    people = [view.site.person(slug) for slug in view.site.bubbles(view.member)[-2:]]
    return view.fragment(
        "overlay.html",
        conversations=latest_conversations(view),
        bubbles=[open_conversation(view, person) for person in people],
    )


async def bubble(request: Request) -> Response:
    view = View(request, "ember")
    person = addressed(view)
    conversation = open_conversation(view, person, request.query_params.get("body", ""))
    if person is not None and conversation.kind == "paywall":
        return JSONResponse({"dialog": view.render("paywall.html", person=person), "bindings": view.bindings})
    if person is not None:
        opened = view.site.bubbles(view.member)
        opened[:] = [slug for slug in opened if slug != person.slug] + [person.slug]
    return view.fragment("bubble.html", data={"person": person.slug if person else ""}, c=conversation)


async def older(request: Request) -> Response:
    """The page of messages before those that are shown, asked for while the conversation is scrolled up."""
    view = View(request, "ember")
    person = view.site.person(request.query_params["recipient"])
    if person is None:
        return Response(status_code=404)
    items = draw(view, person, view.site.events(view.member, person))
    shown, before = newest(view, person, items, int(request.query_params["before"]))
    carded = not before and view.ui.thread_card != "aside"
    beginning = open_conversation(view, person) if carded else None
    return view.fragment("events.html", items=shown, older=before, beginning=beginning)


async def close(request: Request) -> Response:
    view = View(request, "ember")
    slug = (await request.json())["person"]
    opened = view.site.bubbles(view.member)
    opened[:] = [other for other in opened if other != slug]
    return JSONResponse({})


async def keep_draft(request: Request) -> Response:
    view = View(request, "ember")
    data = await request.json()
    person = view.site.person(data["recipient"])
    if person is not None:
        view.site.keep_draft(view.member, person, str(data["text"]))
    return JSONResponse({})


async def typeahead(request: Request) -> Response:
    """Connections whose name holds what was typed: two people of one name look alike here."""
    view = View(request, "ember")
    typed = request.query_params.get("q", "").strip().lower()
    people = [p for p in view.site.acquaintances(view.member) if view.site.relation(view.member, p).degree == 1]
    found = [p for p in people if typed and typed in p.name.lower()][:6]
    return view.fragment("typeahead.html", people=found)


def compose_address(person: Person) -> str:
    """The full-page composer of a person."""
    return "/messaging/compose/?" + urlencode({"recipient": person.recipient})


routes = [
    Route("/messaging/", inbox),
    Route("/messaging/thread/new/", compose_page),
    Route("/messaging/thread/{id}/", thread_page),
    Route("/messaging/compose/", compose_page),
    Route("/preload/messaging/", compose_page),
    Route("/voyager/api/messaging/thread/{id}", thread),
    Route("/voyager/api/messaging/compose", compose),
    Route("/voyager/api/messaging/overlay", overlay),
    Route("/voyager/api/messaging/bubble", bubble),
    Route("/voyager/api/messaging/older", older),
    Route("/voyager/api/messaging/close", close, methods=["POST"]),
    Route("/voyager/api/messaging/drafts", keep_draft, methods=["POST"]),
    Route("/voyager/api/messaging/typeahead", typeahead),
]
