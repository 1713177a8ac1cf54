"""The feed, and the pages behind the other tabs, which hold nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.names import POSTS
from linkedin_pipelines.sandbox.view import View


async def root(_: Request) -> Response:
    return RedirectResponse("/feed/", status_code=302)


async def page(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("feed")
    return view.page(("main", "/voyager/api/feed"), ("aside", "/voyager/api/rail"), surface="feed")


async def content(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("feed")
    people = view.site.acquaintances(view.member)[: len(POSTS)]
    return view.fragment("feed.html", title="Feed", posts=list(zip(people, POSTS, strict=False)))


async def network(request: Request) -> Response:
    """People one may know: nothing but others, each with a control."""
    view = View(request)
    return view.page(("main", "/voyager/api/rail"), surface="network")


async def empty_tab(request: Request) -> Response:
    return View(request).page(("main", "/voyager/api/nothing"), surface="feed")


async def nothing(request: Request) -> Response:
    view = View(request)
    return view.fragment("not_found.html", title=view.t("home"))


routes = [
    Route("/", root),
    Route("/feed/", page),
    Route("/feed", page),
    Route("/mynetwork/", network),
    Route("/mynetwork/grow/", network),
    Route("/jobs/", empty_tab),
    Route("/notifications/", empty_tab),
    Route("/404/", empty_tab),
    Route("/premium/products/", empty_tab),
    Route("/voyager/api/feed", content),
    Route("/voyager/api/nothing", nothing),
]
