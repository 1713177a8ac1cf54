"""Stands before every page: the record of requests, the session, and the stop signs."""

import time
from urllib.parse import quote, unquote

from flask import g, jsonify, make_response, redirect, request
from flask.wrappers import Response

from linkedin_pipelines_tests.lookalike.site import signs
from linkedin_pipelines_tests.lookalike.site.case import Switch
from linkedin_pipelines_tests.lookalike.site.compose import thread_id
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.world import World

OPEN = ("/login", "/uas/", "/authwall", "/checkpoint", "/signup", "/help", "/psettings", "/sc/", "/favicon.ico")
UNSEEN = ("/__oracle__", "/sc/", "/favicon.ico")
_SURFACES = (
    ("/in/", "profile"),
    ("/flagship-web/profile", "profile"),
    ("/feed", "feed"),
    ("/mynetwork/catch-up", "catchup"),
    ("/mynetwork/invite-connect/celebrations", "catchup"),
    ("/flagship-web/rsc-action", "catchup"),
    ("/mynetwork/invite-connect/connections", "connections"),
    ("/mynetwork/invitation-manager", "sent_invitations"),
    ("/flagship-web/invitations", "sent_invitations"),
    ("/messaging/thread", "thread"),
    ("/messaging", "composer"),
    ("/flagship-web/messaging", "composer"),
    ("/voyager/api/voyagerMessaging", "composer"),
    ("/search", "search"),
)


def surface_of(path: str) -> str:
    """Which surface a path belongs to."""
    return next((s for prefix, s in _SURFACES if path.startswith(prefix)), "chrome")


def slug_of(world: World) -> str:
    """Whom the request is about, in whatever way its address or body says so."""
    path = request.path
    if path.startswith("/in/"):
        return unquote(path.split("/")[2])
    person = None
    if path.startswith("/messaging/thread/"):
        wanted = path.split("/")[3]
        person = next((p for p in world.stage.people if thread_id(p) == wanted), None)
    elif path.startswith(("/messaging/compose", "/flagship-web/messaging")):
        asked = (
            request.args.get("recipient")
            or request.args.get("of")
            or (request.args.get("profileUrn") or "").rsplit(":", 1)[-1]
        )
        person = world.by_id(asked) if asked else None
    elif path.startswith("/voyager/api/voyagerMessaging"):
        urn = (request.get_json(silent=True) or {}).get("to") or ""
        person = world.by_id(urn.rsplit(":", 1)[-1]) if urn else None
    elif "slug" in request.args:
        return request.args["slug"]
    return person.slug if person else ""


def is_page() -> bool:
    """Whether the request is a navigation, not a call of the page's own script."""
    return not request.path.startswith(("/flagship-web/", "/voyager/", "/li/"))


def _signed_out(kind: str) -> Response:
    here = quote(request.full_path.rstrip("?"), safe="")
    if not is_page():
        return make_response(jsonify({"status": 401}), 401)
    target = {"uas": f"/uas/login?session_redirect={here}", "authwall": f"/authwall?trk=bf&sessionRedirect={here}"}
    response = redirect(target.get(kind, f"/login?session_redirect={here}"))
    response.delete_cookie("liap")
    return make_response(response)


def _tiny(status: int, title: str, line: str) -> Response:
    return make_response(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{line}</p></body></html>", status
    )


def _stop(world: World, stop: Switch) -> Response | None:
    """The answer of a stop sign; None when the request goes on after all (slowly)."""
    match stop.name:
        case "signed_out_redirect":
            return _signed_out(stop.variant)
        case "session_expires_after_n":
            return _signed_out("login")
        case "authwall":
            return _signed_out("authwall")
        case "redirect_loop":
            return make_response(redirect(request.full_path)) if is_page() else _signed_out("")
        case "checkpoint_app" | "checkpoint_pin" | "checkpoint_captcha":
            target = "/checkpoint/challenge/AgGx7Qd-look/?ut=2F" + stop.name[11:13]
            return make_response(redirect(target)) if is_page() else make_response(jsonify({"challenge": target}), 403)
        case "http_429_tiny":
            return _tiny(429, "HTTP ERROR 429", "This page isn’t working")
        case "http_999":
            return _tiny(999, "Request denied", "")
        case "temporarily_restricted_page":
            if not is_page():
                return make_response(jsonify({"status": 403}), 403)
            page = Page(world)
            body = page.render_file("plain/auth.html", "restricted")
            return make_response(page.render_file("plain/auth.html", "document", title="LinkedIn", body=body))
        case "http_503":
            return _tiny(503, "503 Service Unavailable", "No server is available to handle this request.")
        case "hang_30s":
            time.sleep(float(stop.args.get("seconds", 30)))
    return None


def before(world: World) -> Response | None:
    """Note the request; answer in place of the page when the session is gone or a stop sign fires."""
    if request.path.startswith(UNSEEN):
        return None
    g.surface, g.slug = surface_of(request.path), slug_of(world)
    g.signed_in = request.cookies.get("li_at") == world.li_at
    g.after_stop = world.stopped_at is not None
    if request.path.startswith(OPEN):
        return None
    if not g.signed_in:
        return _signed_out("login")
    for stop in world.case.stops:
        if signs.STOPS[stop.name].on_send or not stop.at.fires(len(world.deliveries), g.slug, g.surface):
            continue
        with world.lock:
            world.stopped_at = world.stopped_at or len(world.requests) + 1
        answer = _stop(world, stop)
        if answer is not None:
            g.stopped_by = stop.name
            return answer
    return None


def after(world: World, response: Response) -> Response:
    """Complete the record of the request."""
    if request.path.startswith(UNSEEN) or "surface" not in g:
        return response
    world.note(
        world.requests,
        method=request.method,
        path=request.path,
        query=request.query_string.decode(),
        status=response.status_code,
        surface=g.surface,
        slug=g.slug,
        page=is_page(),
        signed_in=g.signed_in,
        after_stop=g.after_stop,
        stopped_by=g.get("stopped_by", ""),
    )
    return response
