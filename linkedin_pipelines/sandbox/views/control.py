"""The sandbox's own surface, `/__sandbox__/…`: the oracle of tests, faults, the world. No page leads here."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.export import files_of
from linkedin_pipelines.sandbox.faults import Fault
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member, World

RECORDS = {
    "deliveries": "delivery",
    "visits": "visit",
    "invitations": "invitation",
    "withdrawals": "withdrawal",
    "follows": "follow",
    "shares": "share",
    "conduct": "conduct",
}


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _member(request: Request) -> Member | None:
    return _site(request).member(request.query_params.get("account", ""))


def _unknown(request: Request) -> Response:
    known = ", ".join(m.account for m in _site(request).world.members)
    name = request.query_params.get("account", "")
    return JSONResponse({"error": f"no member {name!r}; there are: {known}"}, status_code=404)


def _listing(name: str, kind: str) -> Route:
    async def listing(request: Request) -> Response:
        entries = _site(request).record.of(kind)
        account = request.query_params.get("account")
        shown = [{k: v for k, v in e.items() if k not in ("kind", "number")} for e in entries]
        return JSONResponse([e for e in shown if not account or e["account"] == account])

    return Route(f"/__sandbox__/{name}", listing, name=name)


async def health(request: Request) -> Response:
    return JSONResponse({"ok": True, "now": _site(request).now().isoformat()})


async def sessions(request: Request) -> Response:
    return JSONResponse(_site(request).visits.all())


async def storage_state(request: Request) -> Response:
    """What a browser holds after the member has signed in, as Playwright's storage state: `li_at` and nothing else."""
    site, member = _site(request), _member(request)
    if member is None:
        return _unknown(request)
    expires = site.real_now().timestamp() + member.session_days * 86400
    cookie = {
        "name": "li_at",
        "value": site.token(member),
        "domain": request.url.hostname,
        "path": "/",
        "expires": int(expires),
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    return JSONResponse({"cookies": [cookie], "origins": []})


async def faults(request: Request) -> Response:
    armed = _site(request).faults
    if request.method == "DELETE":
        armed.clear(request.query_params.get("account", ""))
    elif request.method == "POST":
        data: Any = await request.json()
        try:
            asked = [Fault.model_validate(one) for one in (data if isinstance(data, list) else [data])]
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        for fault in asked:
            armed.arm(fault)
    return JSONResponse(armed.armed())


async def world(request: Request) -> Response:
    site = _site(request)
    if request.method == "POST":
        try:
            new = World.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        site.do("world", world=new.model_dump(mode="json"), days=site.days_to(new.today))
    return JSONResponse(site.world.model_dump(mode="json"))


async def clock(request: Request) -> Response:
    """Move the site to another day: `{"today": "2026-11-20"}`."""
    site = _site(request)
    if request.method == "POST":
        try:
            site.do("clock", days=site.days_to(date.fromisoformat((await request.json())["today"])))
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"no day: {error}"}, status_code=422)
    return JSONResponse({"now": site.now().isoformat()})


async def confirm(request: Request) -> Response:
    """A human confirms the sign-in in the app, or solves the puzzle."""
    member = _member(request)
    if member is None:
        return _unknown(request)
    _site(request).confirmed.add(member.account)
    return JSONResponse({"confirmed": member.account})


async def exports(request: Request) -> Response:
    """The names of the member's own files."""
    member = _member(request) or _site(request).world.members[0]
    return JSONResponse({"account": member.account, "files": sorted(files_of(_site(request), member))})


async def export(request: Request) -> Response:
    """One of the member's own files; without `account=`, of the first member."""
    if "account" in request.query_params and _member(request) is None:
        return _unknown(request)
    member = _member(request) or _site(request).world.members[0]
    files = files_of(_site(request), member)
    content = files.get(request.path_params["file"])
    if content is None:
        return JSONResponse({"error": f"no such file; there are: {', '.join(sorted(files))}"}, status_code=404)
    return Response(content, media_type="application/octet-stream")


routes = [
    *(_listing(name, kind) for name, kind in RECORDS.items()),
    Route("/__sandbox__/health", health),
    Route("/__sandbox__/export/", exports),
    Route("/__sandbox__/export/{file}", export),
    Route("/__sandbox__/sessions", sessions),
    Route("/__sandbox__/storage-state", storage_state),
    Route("/__sandbox__/faults", faults, methods=["GET", "POST", "DELETE"]),
    Route("/__sandbox__/world", world, methods=["GET", "POST"]),
    Route("/__sandbox__/clock", clock, methods=["GET", "POST"]),
    Route("/__sandbox__/confirm", confirm, methods=["POST"]),
]
