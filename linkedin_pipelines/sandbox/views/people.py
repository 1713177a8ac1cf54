"""Small things that members do to people: inviting, following, sharing. All of it goes on the record."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.view import View


def _noting(kind: str) -> Route:
    async def note(request: Request) -> Response:
        view = View(request)
        person = (await request.json())["person"]
        view.site.do(kind, account=view.member.account, person=person, at=view.site.now().isoformat())
        return JSONResponse({})

    return Route(f"/voyager/api/{kind}s", note, methods=["POST"], name=kind)


async def conduct(request: Request) -> Response:
    """The page saw a click that no hand made."""
    view = View(request)
    what = (await request.json())["what"]
    view.site.do("conduct", account=view.member.account, what=what, at=view.site.now().isoformat())
    return JSONResponse({})


routes = [
    _noting("invitation"),
    _noting("follow"),
    _noting("share"),
    Route("/voyager/api/conduct", conduct, methods=["POST"]),
]
