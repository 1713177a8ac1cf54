"""The pages behind approval links: GET shows what would be approved and changes nothing, POST approves it.

The link itself is the permission, so whoever could guess or steer one could approve. Hence: the address is signed and
kept from other sites (no referrer, no frame, nothing loaded), and a POST must come from our own page, which a form in a
mail or on another site is not. Mail programs and scanners open links, but press no button.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import (
    ApprovalLinkExpiredError,
    ApprovalLinkUnknownError,
    ApprovalLinkUsedError,
    ListChangedError,
    NotOnListError,
    UnknownAccountError,
)
from linkedin_pipelines.services.notices.approval_links import approve_by_link, probe
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server import problems

STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem}"
    "blockquote{margin:.3rem 0 1rem;padding-left:1rem;border-left:3px solid #999;white-space:pre-wrap}"
    ".slug{color:#666}button{font:inherit;padding:.6rem 1.2rem}"
)
_DIGEST = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # with `no-referrer` browsers would hide our own page's origin from us, too
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_STATUS_OF: dict[type[Exception], int] = {
    ApprovalLinkUnknownError: 404,
    UnknownAccountError: 404,
    NotOnListError: 404,
    ApprovalLinkExpiredError: 410,
    ApprovalLinkUsedError: 409,
    ListChangedError: 409,
}
_HTML: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
_TITLES = {403: "Not approved", 404: "No such link", 409: "Not approved", 410: "The link has ended"}
_pages = Environment(
    loader=PackageLoader("linkedin_pipelines.status_server"), autoescape=True, undefined=StrictUndefined
)


Token = Annotated[str, Path(max_length=120)]


def approving_router(
    settings: Settings, database: Database, clock: Clock, no_query: Callable[[Request], None]
) -> APIRouter:
    """The addresses below `/approve`."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": words, **_HTML} for status, words in _TITLES.items()
    }
    router = APIRouter(
        prefix="/approve",
        dependencies=[Depends(no_query)],
        responses={200: _HTML, **told, **problems.responses(422, 503)},
        default_response_class=HTMLResponse,
    )

    @router.get("/{token}")
    def show(token: Token) -> Response:
        """Show the exact texts that the link would approve; changes nothing."""
        try:
            return _page("approve.html", 200, offer=probe(database, settings, clock, token))
        except tuple(_STATUS_OF) as error:
            return _refusal(error)

    @router.post("/{token}")
    def approve(token: Token, request: Request) -> Response:
        """Approve exactly what the page showed, once."""
        if not _from_our_own_page(request, settings):
            return _page("answer.html", 403, title=_TITLES[403], text="This did not come from the page of the link.")
        try:
            approval = approve_by_link(database, settings, clock, token)
        except tuple(_STATUS_OF) as error:
            return _refusal(error)
        number = len(approval.messages)
        messages = f"{number} {'message' if number == 1 else 'messages'}"
        text = f"{messages} for {approval.list_date}, account {approval.account}."
        return _page("answer.html", 200, title="Approved", text=text)

    return router


def _from_our_own_page(request: Request, settings: Settings) -> bool:
    """Whether the browser says that our own page sent this; every browser says so with a POST."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = urlsplit(request.headers.get("origin", ""))
    own = {request.headers.get("host", ""), urlsplit(settings.status_url).netloc}
    return origin.scheme in ("http", "https") and origin.netloc in own


def _refusal(error: Exception) -> Response:
    status = next(status for kind, status in _STATUS_OF.items() if isinstance(error, kind))
    return _page("answer.html", status, title=_TITLES[status], text=str(error))


def _page(name: str, status: int, **facts: object) -> Response:
    return HTMLResponse(_pages.get_template(name).render(style=STYLE, **facts), status, headers=_HEADERS)
