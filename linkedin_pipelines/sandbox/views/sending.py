"""A message is sent: the one place where something is delivered, and where most can go wrong."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.conversation import draw, open_conversation
from linkedin_pipelines.sandbox.faults import NOTICES, SENDS, UNDELIVERED, Fault
from linkedin_pipelines.sandbox.gate import hold
from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.views.messaging import thread_path
from linkedin_pipelines.sandbox.world import Event, Person


async def create_message(request: Request) -> Response:
    """Deliver the text, unless something is armed; the answer is what the thread shows next."""
    view = View(request, "ember")
    data = await request.json()
    person = view.site.person(str(data["recipient"]))
    text = str(data["text"])
    if person is None or not text.strip():
        return JSONResponse({"toast": view.notice("send_failed", "toast")}, status_code=400)
    refused = view.site.faults.take(NOTICES, account=view.member.account, person=person.slug, at="send")
    if refused:
        key, place = refused.fault.rsplit("_", 1)
        answer = {"dialog": view.notice(key, place), "place": place, "bindings": view.bindings}
        return JSONResponse(answer, status_code=403)
    if view.site.relation(view.member, person).blocked or open_conversation(view, person).kind == "paywall":
        return JSONResponse({"toast": view.notice("send_failed", "toast")}, status_code=403)
    fault = view.site.faults.take(SENDS, account=view.member.account, person=person.slug)
    if fault and fault.fault in UNDELIVERED:
        return await _undelivered(view, person, text, fault)
    view.site.deliver(view.member, person, text)
    if fault and fault.fault.startswith("deliver_then"):
        if fault.fault == "deliver_then_hang":
            await hold(view.site, request, fault.seconds)
        return _failure(view)
    return _shown(view, person, fault)


def _shown(view: View, person: Person, fault: Fault | None) -> Response:
    relation = view.site.relation(view.member, person)
    low, high = view.ui.event_delay_ms
    answer: dict[str, Any] = {
        "html": view.render("events.html", items=draw(view, person, view.site.events(view.member, person))[-1:]),
        "delay": view.site.random.randint(low, high),
        "url": thread_path(view, person),
        "keeps": fault is not None and fault.fault == "text_stays",
    }
    if fault and fault.fault == "slow_event":
        answer["delay"] = int(fault.seconds * 1000)
    if relation.share_prompt:
        answer["prompt"] = view.render("share_prompt.html", person=person)
    if relation.reply:
        _answer(view, person, relation.reply)
        answer["reply"] = view.render(
            "events.html", items=draw(view, person, view.site.events(view.member, person))[-1:]
        )
    return JSONResponse({**answer, "bindings": view.bindings})


async def _undelivered(view: View, person: Person, text: str, fault: Fault) -> Response:
    """The message goes nowhere, and the page is more or less honest about it."""
    events = view.site.events(view.member, person)
    match fault.fault:
        case "failed_bubble":
            lost = Event(by="me", text=text, at=view.site.now())
            items = draw(view, person, [*events, lost], failed=True)[-1:]
            return JSONResponse({"html": view.render("events.html", items=items), "bindings": view.bindings})
        case "silent_drop":
            return JSONResponse({"html": ""})
        case "echo_instead":
            _answer(view, person, text)
            items = draw(view, person, view.site.events(view.member, person))[-1:]
            return JSONResponse({"html": view.render("events.html", items=items), "bindings": view.bindings})
        case "hang_send":
            await hold(view.site, view.request, fault.seconds)
    return _failure(view)


def _failure(view: View) -> Response:
    toast = view.notice("send_failed", "toast")
    return JSONResponse({"toast": toast, "bindings": view.bindings}, status_code=500)


def _answer(view: View, person: Person, text: str) -> None:
    at = view.site.now().isoformat()
    view.site.do("answer", account=view.member.account, person=person.slug, text=text, at=at)


routes = [Route("/voyager/api/voyagerMessagingDashMessengerMessages", create_message, methods=["POST"])]
