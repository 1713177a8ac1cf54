"""The sandbox as an ASGI application."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from linkedin_pipelines.sandbox.gate import Gate
from linkedin_pipelines.sandbox.mutation import restyled
from linkedin_pipelines.sandbox.newer_messaging import under_hashed_names
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.view import environment
from linkedin_pipelines.sandbox.views import (
    catch_up,
    connections,
    control,
    entry,
    feed,
    invitations,
    messaging,
    people,
    profile,
    sending,
)
from linkedin_pipelines.sandbox.world import World

_HERE = Path(__file__).parent


async def stylesheet(request: Request) -> Response:
    """The styles of the hashed classes, under this deploy's names."""
    site: Site = request.app.state.site
    css = environment().get_template("sdui.css").render(h=site.hashed)
    css += under_hashed_names((_HERE / "static" / "messaging.css").read_text(encoding="utf-8"), site.hashed)
    return Response(restyled(site.world.mutation, css), media_type="text/css")


async def static_stylesheet(request: Request) -> Response:
    """The styles that are files, under the names after the world's redesign, if there is one."""
    site: Site = request.app.state.site
    file = _HERE / "static" / f"{request.path_params['name']}.css"
    if not file.is_file():
        return Response(status_code=404)
    css = file.read_text(encoding="utf-8")
    return Response(restyled(site.world.mutation, css), media_type="text/css")


async def gone_meanwhile(request: Request, error: Exception) -> Response:
    """A browser that ended in the middle of its request: nobody hears the answer, and nothing of it was taken in."""
    del request, error
    return Response(status_code=400)


def create_app(world: World, state: Path | None = None) -> Starlette:
    """The site for a world. `state` is the file of its record; without it, a stop forgets everything.

    Raises:
        OSError: the state file cannot be used.
        ValueError: it is damaged.
    """
    site = Site(world, state)
    surfaces = (
        entry, feed, profile, messaging, sending, invitations, people, catch_up, connections, control,
    )  # fmt: skip
    routes = [
        *(route for surface in surfaces for route in surface.routes),
        Route("/sc/{name}.css", stylesheet),
        Route("/static/{name}.css", static_stylesheet),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Gate, site=site)],
        exception_handlers={ClientDisconnect: gone_meanwhile},
    )
    app.state.site = site
    return app
