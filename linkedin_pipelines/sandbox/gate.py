"""Before any page: who is asking, is that browser signed in, and has something been armed to go wrong."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import parse_qs, quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkedin_pipelines.sandbox.faults import CONTENT, STOPS, Fault
from linkedin_pipelines.sandbox.guests import guest
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member

PUBLIC = ("/login", "/uas", "/authwall", "/checkpoint", "/challenge", "/signup", "/static", "/sc", "/404")
CONTENT_PATH = "/voyager/api"
_BODIES = {
    "http_500": (500, "<html><body><h1>500</h1></body></html>"),
    "http_503": (503, "<html><body><h1>503</h1></body></html>"),
    "http_429": (429, "<html><head></head><body><pre>HTTP ERROR 429</pre></body></html>"),
    "http_999": (999, "<html><head><script>window.onload=function(){}</script></head></html>"),
    "frozen": (200, "<html><body><main>LinkedIn</main><script>onload = () => { for (;;); }</script></body></html>"),
    "frozen_early": (200, "<html><body><main>LinkedIn</main><script>for (;;);</script></body></html>"),
    "no_content": (204, ""),
    "shell": (200, '<html><head><title>LinkedIn</title></head><body><div id="root"></div></body></html>'),
}


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
        content = path.startswith(CONTENT_PATH)
        public = _first_segment(path) in PUBLIC
        if member and not content and not public:
            fault = self.site.faults.take(
                STOPS, account=member.account, person=_person(self.site, request, member), path=path
            )
            if fault:
                return await self._fail(fault, request, member)
        if member and content:
            return await self._content(request, member)
        if member or public:
            return None
        if content:
            return PlainTextResponse("CSRF check failed.", status_code=401)
        target = quote(str(request.url), safe="")
        if path.startswith("/in/"):
            return RedirectResponse(f"/authwall?trk=gf&sessionRedirect={target}", status_code=302)
        return RedirectResponse(f"/uas/login?session_redirect={target}", status_code=302)

    async def _content(self, request: Request, member: Member) -> Response | None:
        """What a page's script asks for comes late, and sometimes not at all."""
        await asyncio.sleep(self.site.random.uniform(*member.interface.latency_ms) / 1000)
        if request.method != "GET":
            return None
        person = _person(self.site, request, member)
        fault = self.site.faults.take(CONTENT, account=member.account, person=person, path=request.url.path)
        if fault is None:
            return None
        if fault.fault == "fragment_hangs":
            await hold(self.site, request, fault.seconds)
        return Response(status_code=500)

    async def _fail(self, fault: Fault, request: Request, member: Member) -> Response:
        name = fault.fault
        if name == "hang":
            await hold(self.site, request, fault.seconds)
            return Response(status_code=504)
        if name in _BODIES:
            status, body = _BODIES[name]
            return HTMLResponse(body, status_code=status) if body else Response(status_code=status)
        if name == "public_profile":
            return guest("public", "Jane Doe | LinkedIn")
        if name == "sign_in_bounce":
            return RedirectResponse(
                f"/uas/login?bounce={fault.seconds}&back={quote(request.url.path)}", status_code=302
            )
        if name == "sign_out":
            self.site.do("revocation", account=member.account)
        return RedirectResponse(_leads_to(name, request), status_code=302)


def _leads_to(name: str, request: Request) -> str:
    """Where a browser is sent that is not let in."""
    here = quote(request.url.path, safe="")
    if name == "redirect_loop":
        return str(request.url)
    if name == "authwall":
        return f"/authwall?trk=gf&sessionRedirect={here}"
    if name == "cold_join":
        return f"/signup/cold-join?session_redirect={here}"
    if name == "challenge":
        return f"/challenge/{secrets.token_urlsafe(12)}?ct=app"
    if name.startswith("checkpoint_"):
        return f"/checkpoint/challenge/{secrets.token_urlsafe(12)}?ct={name.removeprefix('checkpoint_')}"
    return f"/uas/login?session_redirect={here}"


async def hold(site: Site, request: Request, seconds: float) -> None:
    """Let a request hang: until `seconds` have passed, the browser gives up, or the sandbox stops."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline and not site.stopping and not await request.is_disconnected():  # noqa: ASYNC110
        await asyncio.sleep(min(0.1, seconds))


def _first_segment(path: str) -> str:
    return "/" + path.split("/")[1]


def _person(site: Site, request: Request, member: Member) -> str:
    """The slug of the person whom a page concerns; empty if none."""
    parts = request.url.path.removeprefix(CONTENT_PATH).strip("/").split("/")
    person = None
    if parts[0] in ("in", "profile") and len(parts) > 1:
        person = site.person(parts[1])
    elif parts[:2] == ["messaging", "thread"] and len(parts) > 2:
        person = site.person_of_thread(member, parts[2])
    elif parts[0] == "messaging":
        person = site.person(parse_qs(request.url.query).get("recipient", [""])[0])
    return person.slug if person else ""
