"""Profiles and their contact-info overlay; every profile served is a visit on record."""

from urllib.parse import quote

from flask import Flask, make_response, redirect, request
from flask.wrappers import Response
from markupsafe import Markup

from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Person
from linkedin_pipelines_tests.lookalike.site.profiles import contact_fields, sections, view
from linkedin_pipelines_tests.lookalike.site.shell import document, fragment, in_shadow, shell
from linkedin_pipelines_tests.lookalike.site.world import World


def _found(world: World, slug: str) -> Person | Response:
    """The person of an address, or the answer that takes the page's place."""
    if slug == "me":
        return make_response(redirect(Page(world).go(world.me)))
    person = world.by_slug(slug)
    if person is None:
        by_id = world.by_id(slug)
        if by_id:
            return make_response(redirect(Page(world).go(by_id)))
        return make_response("<title>LinkedIn</title><main><h1>This page doesn’t exist</h1></main>", 404)
    if world.trap("redirect_to_previous_profile", person.slug, "profile"):
        return make_response("", 204)
    if world.trap("name_is_self", person.slug, "profile"):
        return make_response(redirect(Page(world).go(world.me)))
    switch = world.trap("shell_without_main", person.slug, "profile")
    if switch and switch.variant == "person":
        return shell(world, Page(world))
    return person


def _profile(world: World, slug: str, contact: bool) -> Response:
    person = _found(world, slug)
    if not isinstance(person, Person):
        return person
    if person.slug != world.me.slug:
        world.note(
            world.visits, slug=person.slug, urn=person.urn, path=request.path, session=request.cookies.get("li_at", "")
        )
    page = Page(world)
    shown = view(world, page, person)
    overlay = ""
    if contact:
        shown["fields"] = contact_fields(world, page, person)
        inner = page.render("profile", "contact", v=shown)
        overlay = page.render_file("plain/dialogs.html", "contact", title="", inner=inner, close=page.act("dismiss"))
    if not in_shadow(world):
        shown["dialog"], overlay = overlay, ""
    main = page.render("profile", "page", v=shown)
    return document(world, page, f"(3) {person.name} | LinkedIn", main, "profile", person=person, overlay=overlay)


def add(app: Flask, world: World) -> None:
    """Register the pages."""

    @app.get("/in/<slug>/", strict_slashes=False)
    def profile(slug: str) -> Response:
        return _profile(world, slug, contact=False)

    @app.get("/in/<slug>/overlay/contact-info/")
    def contact(slug: str) -> Response:
        return _profile(world, slug, contact=True)

    @app.get("/in/<slug>/details/<_kind>/")
    def details(slug: str, _kind: str) -> Response:
        return _profile(world, slug, contact=False)

    @app.get("/flagship-web/profile/cards")
    def cards() -> Response:
        page, number = Page(world), request.args.get("card", 0, int)
        person = world.by_slug(request.args["slug"])
        items = sections(world, person, number) if person else []
        following = (
            f"/flagship-web/profile/cards?slug={quote(request.args['slug'])}&card={number + 1}" if number < 2 else ""
        )
        return fragment(page, page.render("profile", "sections", items=items), X_Next=following)

    @app.get("/preload/custom-invite/")
    def custom_invite() -> Response:
        world.note(world.misdeeds, kind="invitation_opened", detail=request.args.get("vanityName", ""))
        page = Page(world)
        return document(world, page, "LinkedIn", Markup("<main></main>"), "profile")

    @app.post("/voyager/api/invite")
    def invite() -> dict[str, bool]:
        world.note(world.misdeeds, kind="invitation_sent", detail=request.args.get("to", ""))
        return {"ok": True}

    @app.post("/voyager/api/share-contact")
    def share_contact() -> dict[str, bool]:
        if request.args.get("answer") == "yes":
            world.note(world.misdeeds, kind="contact_shared", detail=request.args.get("with", ""))
        return {"ok": True}
