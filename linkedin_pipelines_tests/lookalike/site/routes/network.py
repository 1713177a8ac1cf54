"""Feed, catch-up, connections, search, sent invitations."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, make_response, redirect, request
from flask.wrappers import Response
from markupsafe import Markup

from linkedin_pipelines_tests.lookalike.site import labels
from linkedin_pipelines_tests.lookalike.site.cards import PAGE, deck, more_url
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.shell import document, fragment, shell
from linkedin_pipelines_tests.lookalike.site.world import World

TABS = (
    ("all", "all"),
    ("job_changes", "job_changes"),
    ("birthday", "birthdays"),
    ("work_anniversaries", "work_anniversaries"),
)
SCREENS = {"all": "CatchUpAll", "birthday": "CatchUpBirthday"}


def _feed(world: World) -> Response:
    page = Page(world)
    posts = [p for p in world.stage.people if p.degree == 1][-6:]
    return document(world, page, "Feed | LinkedIn", page.render("feed", "page", posts=posts), "feed")


def _catch_up(world: World, tab: str) -> Response:
    page = Page(world)
    switch = world.trap("shell_without_main", surface="catchup")
    if switch and switch.variant != "person":
        return shell(world, page)
    cards, count = deck(world, page, tab)
    words, size = world.words(), world.case.options.page_size
    name = words["all" if tab == "all" else "birthdays" if tab == "birthday" else tab]
    main = page.render(
        "catchup",
        "page",
        tabs=[(f"/mynetwork/catch-up/{path}/", words[label], path == tab) for path, label in TABS],
        heading=f"{name} ({count})",
        items=cards[:size],
        more=more_url(tab, size, len(cards)),
        empty=count == 0,
        screen=SCREENS.get(tab, "CatchUp"),
    )
    return document(world, page, f"{words['catch_up']} | LinkedIn", main, "catchup")


def _search(world: World) -> Response:
    page, words = Page(world), world.words()
    number, total = max(1, request.args.get("page", 1, int)), world.case.options.search_total
    found = world.outsiders()[:total]
    known = [p for p in world.stage.people if p.degree == 1]
    rows: list[dict[str, Any]] = []
    for n, p in enumerate(found[10 * (number - 1) : 10 * number]):
        if n == 4:
            rows.append({"ad": True})
        hidden = n == 7 and number % 2 == 1
        rows.append(
            {"p": p, "mutual": known[(n + number) % len(known)], "hidden": hidden, "compose": page.compose(p, "page")}
        )
    query = request.args.to_dict() | {"page": str(number + 1)}
    following = f"/search/results/people/?{urlencode(query)}" if 10 * number < total else ""
    view = {"heading": words["results"].format(n=total), "rows": rows, "next": following}
    return document(world, page, f"{words['search']} | LinkedIn", page.render("search", "page", v=view), "search")


def _connection_rows(world: World, page: Page, start: int) -> tuple[list[dict[str, Any]], str]:
    known = [p for p in world.stage.people if p.degree == 1]
    rows = []
    for n, p in list(enumerate(known))[start : start + 12]:
        day = labels.long_day(world.case.language, 1 + n % 12, 1 + n % 28, 2026 - n // 14)
        rows.append(
            {"p": p, "since": world.words()["connected_on"].format(date=day), "compose": page.compose(p, "overlay")}
        )
    more = f"/flagship-web/connections/rows?start={start + 12}" if start + 12 < len(known) else ""
    return rows, more


def _invitation_rows(world: World, start: int) -> tuple[list[dict[str, Any]], str]:
    size = world.case.options.page_size + 2
    rows = [
        {
            "p": i.person,
            "key": i.id,
            "age": labels.age(world.case.language, i.days),
            "dialog": f"/flagship-web/invitations/withdraw?id={i.id}",
        }
        for i in world.invitations[start : start + size]
    ]
    more = f"/flagship-web/invitations/rows?start={start + size}" if start + size < len(world.invitations) else ""
    return rows, more


def _withdraw_dialog(world: World) -> Response:
    if world.trap("withdraw_without_dialog"):
        return make_response("", 204)
    place = next((n for n, i in enumerate(world.invitations) if i.id == request.args["id"]), None)
    if place is None:
        return make_response("", 404)
    page, words, mine = Page(world), world.words(), world.invitations[place]
    named = world.invitations[place - 1] if world.trap("withdraw_dialog_other_name") else mine
    yes = page.act("confirm", post=f"/voyager/api/invitations/{named.id}/withdraw", row=mine.id, box="")
    page.table["actions"][yes]["box"] = yes
    buttons = [
        {"text": words["cancel"], "key": page.act("dismiss"), "label": ""},
        {"text": words["withdraw"], "key": yes, "label": words["withdraw_to"].format(name=named.person.name)},
    ]
    text = f"{named.person.name}. {words['withdraw_note']}"
    html = page.render_file("plain/dialogs.html", "box", title=words["withdraw_title"], text=text, buttons=buttons)
    return fragment(page, html)


def add(app: Flask, world: World) -> None:
    """Register the pages."""

    @app.get("/")
    def root() -> Response:
        return make_response(redirect("/feed/"))

    @app.get("/feed/")
    def feed() -> Response:
        return _feed(world)

    @app.get("/mynetwork/")
    @app.get("/mynetwork/grow/")
    @app.get("/jobs/")
    @app.get("/notifications/")
    @app.get("/messaging/")
    @app.get("/premium/<path:_any>")
    def elsewhere(_any: str = "") -> Response:
        page = Page(world)
        return document(world, page, "LinkedIn", Markup("<main><h1>{}</h1></main>").format(request.path), "chrome")

    @app.get("/mynetwork/catch-up/<tab>/")
    def catch_up(tab: str) -> Response:
        return _catch_up(world, tab)

    @app.get("/mynetwork/invite-connect/celebrations/birthdays/")
    def celebrations() -> Response:
        return make_response(redirect("/mynetwork/catch-up/birthday/"))

    @app.get(PAGE)
    def more_cards() -> Response:
        page, start, tab = Page(world), request.args.get("start", 0, int), request.args.get("tab", "all")
        cards, _ = deck(world, page, tab)
        end = start + world.case.options.page_size
        html = page.render("catchup", "rows", items=cards[start:end])
        return fragment(page, html, X_Next=more_url(tab, end, len(cards)))

    @app.get("/search/results/people/")
    def search() -> Response:
        return _search(world)

    @app.get("/mynetwork/invite-connect/connections/")
    def connections() -> Response:
        page = Page(world)
        rows, more = _connection_rows(world, page, 0)
        count = sum(p.degree == 1 for p in world.stage.people)
        view = {"heading": world.words()["connections_count"].format(n=count), "rows": rows, "more": more}
        return document(
            world, page, "Connections | LinkedIn", page.render("search", "connections", v=view), "connections"
        )

    @app.get("/flagship-web/connections/rows")
    def more_connections() -> Response:
        page = Page(world)
        rows, more = _connection_rows(world, page, request.args.get("start", 0, int))
        return fragment(page, page.render("search", "connection_rows", rows=rows), X_Next=more)

    @app.get("/mynetwork/invitation-manager/sent/")
    @app.get("/mynetwork/invitation-manager/sent/CONNECTION/")
    def sent() -> Response:
        page, words = Page(world), world.words()
        rows, more = _invitation_rows(world, 0)
        count = len(world.invitations)
        view = {"heading": words["people_count"].format(n=count), "rows": rows, "more": more, "empty": count == 0}
        main = page.render("sent_invitations", "page", v=view)
        return document(world, page, f"{words['sent_title']} | LinkedIn", main, "sent_invitations")

    @app.get("/flagship-web/invitations/rows")
    def more_invitations() -> Response:
        page = Page(world)
        rows, more = _invitation_rows(world, request.args.get("start", 0, int))
        return fragment(page, page.render("sent_invitations", "rows", items=rows), X_Next=more)

    @app.get("/flagship-web/invitations/withdraw")
    def withdraw_dialog() -> Response:
        return _withdraw_dialog(world)

    @app.post("/voyager/api/invitations/<key>/withdraw")
    def withdraw(key: str) -> Response:
        with world.lock:
            gone = [i for i in world.invitations if i.id == key]
            world.invitations = [i for i in world.invitations if i.id != key]
        for i in gone:
            world.note(world.withdrawals, slug=i.person.slug, urn=i.person.urn, name=i.person.name, days=i.days)
        return make_response({"ok": bool(gone)}, 200 if gone else 404)
