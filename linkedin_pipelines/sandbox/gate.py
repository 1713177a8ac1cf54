"""Before any page: who is asking, is that browser signed in, and has something been armed to go wrong."""

from __future__ import annotations

import asyncio
import random
import secrets
from typing import get_args
from urllib.parse import parse_qs, quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkedin_pipelines.sandbox.faults import NOTICES, Fault, PageFault
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member

PUBLIC = ("/login", "/uas", "/authwall", "/checkpoint", "/challenge", "/signup", "/static", "/sc", "/404")
CONTENT = "/voyager/api"
_GATE_FAULTS = tuple(
    name
    for name in get_args(PageFault)
    if name not in {*NOTICES, "stale_profile", "fragment_fails", "list_empty", "no_signs"}
)


class Gate:
    """The middleware that all requests but those to the control surface pass."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__sandbox__"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        member = self.site.member_of_token(request.cookies.get("li_at", ""))
        visit = request.cookies.get("visit", "")
        fresh = "" if visit else secrets.token_urlsafe(9)
        self.site.visits.note(visit or fresh, member.account if member else "", self.site.now())
        request.state.member = member

        async def send_with_cookie(message: Message) -> None:
            if fresh and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", f"visit={fresh}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        response = await self._refusal(request, member)
        await (response or self.app)(scope, receive, send_with_cookie)

    async def _refusal(self, request: Request, member: Member | None) -> Response | None:
        """What is answered in place of the page; None lets the request through."""
        path = request.url.path
        content = path.startswith(CONTENT)
        public = _first_segment(path) in PUBLIC
        if member and not content and not public:
            fault = self.site.faults.take(
                _GATE_FAULTS, account=member.account, person=_person(self.site, request, member), path=path
            )
            if fault:
                return await self._fail(fault, request, member)
        if member or public:
            if content:
                await asyncio.sleep(random.uniform(*member.interface.latency_ms) / 1000 if member else 0)  # noqa: S311
            return None
        if content:
            return PlainTextResponse("CSRF check failed.", status_code=401)
        target = quote(str(request.url), safe="")
        if path.startswith("/in/"):
            return RedirectResponse(f"/authwall?trk=gf&sessionRedirect={target}", status_code=302)
        return RedirectResponse(f"/uas/login?session_redirect={target}", status_code=302)

    async def _fail(self, fault: Fault, request: Request, member: Member) -> Response | None:
        match fault.fault:
            case "http_500" | "http_503":
                status = int(fault.fault[5:])
                return HTMLResponse(f"<html><body><h1>{status}</h1></body></html>", status_code=status)
            case "http_429":
                return HTMLResponse("<html><head></head><body><pre>HTTP ERROR 429</pre></body></html>", status_code=429)
            case "http_999":
                return HTMLResponse("<html><head><script>window.onload=1</script></head></html>", status_code=999)
            case "no_content":
                return Response(status_code=204)
            case "hang":
                await hold(self.site, request, fault.seconds)
                return Response(status_code=504)
            case "shell":
                return HTMLResponse(
                    '<html><head><title>LinkedIn</title></head><body><div id="root"></div></body></html>'
                )
            case "sign_out":
                self.site.do("revocation", account=member.account)
                return RedirectResponse(f"/uas/login?session_redirect={quote(request.url.path)}", status_code=302)
            case "authwall":
                return RedirectResponse(f"/authwall?sessionRedirect={quote(request.url.path)}", status_code=302)
            case "redirect_loop":
                return RedirectResponse(str(request.url), status_code=302)
            case "checkpoint_app" | "checkpoint_pin" | "checkpoint_captcha":
                kind = fault.fault.removeprefix("checkpoint_")
                return RedirectResponse(f"/checkpoint/challenge/{secrets.token_urlsafe(12)}?ct={kind}", status_code=302)
        return None


async def hold(site: Site, request: Request, seconds: float) -> None:
    """Let a request hang: until `seconds` have passed, the browser gives up, or the sandbox stops."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline and not site.stopping and not await request.is_disconnected():
        await asyncio.sleep(min(0.1, seconds))


def _first_segment(path: str) -> str:
    return "/" + path.split("/")[1]


def _person(site: Site, request: Request, member: Member) -> str:
    """The slug of the person whom a page concerns; empty if none."""
    parts = request.url.path.strip("/").split("/")
    person = None
    if parts[0] == "in" and len(parts) > 1:
        person = site.person(parts[1])
    elif parts[:2] == ["messaging", "thread"] and len(parts) > 2:
        person = site.person_of_thread(member, parts[2])
    elif parts[0] == "messaging":
        person = site.person(parse_qs(request.url.query).get("recipient", [""])[0])
    return person.slug if person else ""
