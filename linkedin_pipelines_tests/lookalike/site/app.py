"""The Flask application: one world, its guard, its pages, its oracle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, make_response, request
from flask.wrappers import Response

from linkedin_pipelines_tests.lookalike.site import guard
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.routes import auth, members, messaging, network, oracle
from linkedin_pipelines_tests.lookalike.site.world import World

STATIC = Path(__file__).parent / "static"


def create_app(world: World, catalogue: Mapping[str, Mapping[str, Any]]) -> Flask:
    """The site for a world whose case is already on stage."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.trim_blocks = True
    script = (STATIC / "site.js").read_text(encoding="utf-8")

    @app.before_request
    def before() -> Response | None:
        return guard.before(world)

    @app.after_request
    def after(response: Response) -> Response:
        if request.path.startswith("/sc/"):
            response.headers["Cache-Control"] = "max-age=3600"
        else:
            response.headers["Cache-Control"] = "no-store"
        return guard.after(world, response)

    @app.get("/sc/h/<name>")
    def asset(name: str) -> Response:
        if name.endswith(".js"):
            return make_response(script, {"Content-Type": "text/javascript; charset=utf-8"})
        return make_response(Page(world).render_file("site.css", "sheet"), {"Content-Type": "text/css; charset=utf-8"})

    for part in (auth, network, members, messaging):
        part.add(app, world)
    oracle.add(app, world, lambda: catalogue)
    return app
