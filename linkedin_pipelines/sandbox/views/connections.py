"""The member's connections, and the search for people among them and beyond."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import Person

RESULTS_PER_PAGE = 10
_NETWORKS = {"F": 1, "S": 2, "O": 3}


async def page(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("connections")
    return view.page(("main", "/voyager/api/connections?start=0"), ("aside", "/voyager/api/rail"), surface="network")


async def content(request: Request) -> Response:
    """Connections, the latest first, page by page."""
    view = View(request)
    view.generation = view.ui.of("connections")
    start = int(request.query_params.get("start", "0"))
    every = [] if view.site.faults.take(("list_empty",), account=view.member.account) else connections(view)
    end = start + view.ui.page_size
    return view.fragment(
        "connections_rows.html" if start else "connections.html",
        title="" if start else view.t("connections"),
        rows=[(p, view.t("connected_on", date=view.t.full_date(day))) for p, day in every[start:end]],
        count=view.count(len(every)),
        first=start == 0,
        empty=not every,
        more=f"/voyager/api/connections?start={end}" if end < len(every) else "",
        autoload=start // view.ui.page_size < view.ui.autoload_pages,
    )


def connections(view: View) -> list[tuple[Person, date]]:
    """Everybody of the first degree, the latest connection first."""
    pairs = []
    for person in view.site.acquaintances(view.member):
        relation = view.site.relation(view.member, person)
        if relation.degree == 1 and not relation.blocked and not person.gone:
            pairs.append((person, relation.connected_on or date(2020, 1, 1)))
    return sorted(pairs, key=lambda pair: pair[1], reverse=True)


async def search_page(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("search")
    return view.page(
        ("main", f"/voyager/api/search?{request.url.query}"), ("aside", "/voyager/api/rail"), surface="search"
    )


async def search(request: Request) -> Response:
    """People whose name, headline or company holds the keywords; ten a page, in every generation."""
    view = View(request)
    view.generation = view.ui.of("search")
    words = request.query_params.get("keywords", "").lower().split()
    network = request.query_params.get("network", "")
    degrees = {degree for letter, degree in _NETWORKS.items() if f'"{letter}"' in network} or {1, 2, 3}
    number = max(1, int(request.query_params.get("page", "1") or "1"))
    found = []
    for person in view.site.acquaintances(view.member):
        relation = view.site.relation(view.member, person)
        content = f"{person.name} {person.headline} {person.company}".lower()
        if relation.degree in degrees and not relation.blocked and not person.gone and all(w in content for w in words):
            found.append((person, relation))
    start = (number - 1) * RESULTS_PER_PAGE
    first_degree = [p for p in view.site.acquaintances(view.member) if view.site.relation(view.member, p).degree == 1]
    pages = -(-len(found) // RESULTS_PER_PAGE)
    return view.fragment(
        "search.html",
        title=view.t("search"),
        rows=found[start : start + RESULTS_PER_PAGE],
        mutual=first_degree[:1],
        count=len(found),
        number=number,
        pages=pages,
        pages_query=_pages_query(request),
    )


def _pages_query(request: Request) -> str:
    return "&".join(part for part in request.url.query.split("&") if part and not part.startswith("page="))


routes = [
    Route("/mynetwork/invite-connect/connections/", page),
    Route("/search/results/people/", search_page),
    Route("/voyager/api/connections", content),
    Route("/voyager/api/search", search),
]
