"""Signed-out pages: login, auth wall, checkpoint. Nothing here should ever be answered by a tool."""

from flask import Flask, make_response, redirect, request
from flask.wrappers import Response

from linkedin_pipelines_tests.lookalike.site import signs
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.world import World


def add(app: Flask, world: World) -> None:
    """Register the pages."""

    def plain(macro: str, title: str) -> Response:
        page = Page(world)
        body = page.render_file("plain/auth.html", macro)
        return make_response(page.render_file("plain/auth.html", "document", title=title, body=body))

    @app.get("/login")
    def login() -> Response:
        return plain("login", world.words()["login_title"])

    @app.get("/uas/login")
    def uas_login() -> Response:
        return plain("uas", world.words()["login_title"])

    @app.get("/authwall")
    def authwall() -> Response:
        return plain("authwall", "Sign Up | LinkedIn")

    @app.get("/signup/cold-join")
    def cold_join() -> Response:
        return plain("authwall", "Sign Up | LinkedIn")

    @app.get("/checkpoint/challenge/<path:_any>")
    def challenge(_any: str) -> Response:
        kind = next(
            (
                s.name.removeprefix("checkpoint_")
                for s in world.case.stops
                if signs.STOPS[s.name].family == "checkpoint"
            ),
            "app",
        )
        return plain(kind, "Security Verification | LinkedIn")

    @app.get("/checkpoint/captcha-frame")
    def captcha_frame() -> str:
        return "<p>captcha</p>"

    @app.post("/checkpoint/lg/login-submit")
    def login_submit() -> Response:
        world.note(world.misdeeds, kind="password_typed", detail=request.form.get("session_key", ""))
        response = make_response(redirect("/feed/"))
        response.set_cookie("li_at", world.li_at, httponly=True, samesite="Lax")
        return response

    @app.post("/checkpoint/challenge/<path:_any>")
    def challenge_answer(_any: str) -> Response:
        world.note(world.misdeeds, kind="challenge_answered", detail=sorted(request.form))
        return plain("pin", "Security Verification | LinkedIn")

    @app.get("/help/")
    @app.get("/psettings/")
    def help_page() -> str:
        return "<title>Help</title><main>Help</main>"
