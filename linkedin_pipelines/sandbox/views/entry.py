"""Signing in, auth wall and challenges."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.guests import guest
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member


async def login(request: Request) -> Response:
    redirect = request.query_params.get("session_redirect", "")
    return guest("login", "LinkedIn Login, Sign in | LinkedIn", redirect=redirect)


async def uas_login(request: Request) -> Response:
    if bounce := request.query_params.get("bounce"):
        back = _own_path(request.query_params.get("back", ""))
        return guest("passing", "LinkedIn", seconds=float(bounce), redirect=back)
    return RedirectResponse("/login?" + request.url.query, status_code=302)


async def authwall(_: Request) -> Response:
    return guest("authwall", "Sign Up | LinkedIn")


async def submit(request: Request) -> Response:
    """The sign-in form. A member with a challenge must pass it before the cookie is given."""
    site: Site = request.app.state.site
    form = parse_qs((await request.body()).decode())
    email, password = (form.get(name, [""])[0] for name in ("session_key", "session_password"))
    redirect = _own_path(form.get("session_redirect", [""])[0])
    for member in site.world.members:
        if email == member.sign_in_email and secrets.compare_digest(password.encode(), member.password.encode()):
            if member.sign_in_challenge:
                site.challenged[(key := secrets.token_urlsafe(12))] = member
                return RedirectResponse(f"/checkpoint/challenge/{key}?ct={member.sign_in_challenge}", status_code=303)
            return signed_in(site, member, RedirectResponse(redirect, status_code=303))
    return guest("login", "LinkedIn Login, Sign in | LinkedIn", redirect=redirect, wrong=True)


def signed_in(site: Site, member: Member, response: Response) -> Response:
    """The response, with the member's session cookie."""
    response.set_cookie("li_at", site.token(member), max_age=member.session_days * 86400, httponly=True, samesite="lax")
    return response


async def challenge(request: Request) -> Response:
    """A challenge, at sign-in or in the middle of a session: by app, PIN or captcha; only a human gets past it."""
    site: Site = request.app.state.site
    key = request.path_params["key"]
    signing_in = site.challenged.get(key)
    member: Member | None = signing_in or request.state.member
    kind = request.query_params.get("ct", "app")
    action = f"{request.url.path}?ct={kind}"
    wrong = False
    passed = member is not None and member.account in site.confirmed
    if request.method == "POST" and kind == "pin" and member is not None:
        pin = parse_qs((await request.body()).decode()).get("pin", [""])[0]
        passed, wrong = pin == member.pin, pin != member.pin
    if not passed or member is None:
        if request.query_params.get("poll"):
            return Response(status_code=202)
        return guest(kind, "Security Verification | LinkedIn", wrong=wrong, action=action)
    site.confirmed.discard(member.account)
    site.challenged.pop(key, None)
    site.faults.pass_challenge(member.account)
    if request.query_params.get("poll"):
        return signed_in(site, member, JSONResponse({"next": "/feed/"}))
    return signed_in(site, member, RedirectResponse("/feed/", status_code=303))


async def sign_out(request: Request) -> Response:
    site: Site = request.app.state.site
    if request.state.member:
        site.do("revocation", account=request.state.member.account)
    response = RedirectResponse("/", status_code=302)
    response.delete_cookie("li_at")
    return response


def _own_path(address: str) -> str:
    """The path of an address of this site, to go on to after signing in; the feed for anything else."""
    parts = urlsplit(address)
    path = parts.path + ("?" + parts.query if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") and len(path) > 1 else "/feed/"


routes = [
    Route("/login", login),
    Route("/login/", login),
    Route("/uas/login", uas_login),
    Route("/authwall", authwall),
    Route("/signup/cold-join", authwall),
    Route("/checkpoint/lg/login-submit", submit, methods=["POST"]),
    Route("/checkpoint/challenge/{key}", challenge, methods=["GET", "POST"]),
    Route("/challenge/{key}", challenge, methods=["GET", "POST"]),
    Route("/m/logout/", sign_out),
]
