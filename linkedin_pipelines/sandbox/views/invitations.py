"""Sent invitations, newest first, and their withdrawal."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import OtherInvitation, SentInvitation


async def page(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("invitations")
    return view.page(
        ("main", "/voyager/api/invitations/sent?start=0"), ("aside", "/voyager/api/invitations/rail"), surface="network"
    )


async def content(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("invitations")
    start = int(request.query_params.get("start", "0"))
    empty = view.site.faults.take(("list_empty",), account=view.member.account)
    people = [] if empty else view.site.pending_invitations(view.member)
    today = view.site.today(view.member, view.zone)
    others = () if empty else view.member.other_invitations
    every: list[SentInvitation | OtherInvitation] = sorted(
        [*(i for _, i in people), *others], key=lambda i: i.sent_on, reverse=True
    )
    of_slug = {person.slug: person for person, _ in people}
    end = start + view.ui.page_size
    return view.fragment(
        "invitations_rows.html" if start else "invitations.html",
        title="" if start else view.t("invitations"),
        rows=[
            (of_slug.get(getattr(one, "person", "")), one, one.age_text or age(view, one.sent_on, today))
            for one in every[start:end]
        ],
        count=view.count(len(people)),
        empty=not every,
        more=f"/voyager/api/invitations/sent?start={end}" if end < len(every) else "",
        autoload=start // view.ui.page_size < view.ui.autoload_pages,
    )


def age(view: View, sent_on: date, today: date) -> str:
    """How the site tells an invitation's age: in words only, ever coarser, rounded down."""
    days = (today - sent_on).days
    if days <= 0:
        return view.t("sent_today")
    if days < 7:
        return view.t.plural("sent_days", days)
    if days < 30:
        return view.t.plural("sent_weeks", days // 7)
    return view.t.plural("sent_months", days // 30)


async def ask(request: Request) -> Response:
    """The dialog that wants the withdrawal confirmed; it names the person again."""
    view = View(request)
    person = view.site.person(request.query_params.get("person", ""))
    faults = view.site.faults
    if person is None or faults.take(("no_dialog",), account=view.member.account, person=person.slug):
        return JSONResponse({})
    named = person
    if faults.take(("dialog_names_other",), account=view.member.account, person=person.slug):
        named = next((p for p, _ in view.site.pending_invitations(view.member) if p is not person), person)
    return view.fragment("withdraw_dialog.html", person=named)


async def rail(request: Request) -> Response:
    """People who were invited as well, with the very controls of the list, where nothing may be pressed."""
    view = View(request)
    view.generation = view.ui.of("invitations")
    return view.fragment("invitations_rail.html", others=[p for p, _ in view.site.pending_invitations(view.member)][:2])


async def withdraw(request: Request) -> Response:
    view = View(request)
    person = view.site.person((await request.json())["person"])
    account = view.member.account
    if person is None or view.site.faults.take(("withdraw_fails",), account=account, person=person.slug):
        toast = view.notice("something_wrong", "toast")
        return JSONResponse({"toast": toast, "bindings": view.bindings}, status_code=500)
    stale = view.site.faults.take(("stale_list",), account=account, person=person.slug)
    if stale:
        view.site.shown_late[account, person.slug] = view.site.real_now() + timedelta(seconds=stale.seconds)
    view.site.do("withdrawal", account=account, person=person.slug, at=view.site.now().isoformat())
    return JSONResponse({"toast": view.notice("withdrawn", "toast"), "bindings": view.bindings})


routes = [
    Route("/mynetwork/invitation-manager/sent/", page),
    Route("/voyager/api/invitations/sent", content),
    Route("/voyager/api/invitations/rail", rail),
    Route("/voyager/api/invitations/ask", ask),
    Route("/voyager/api/invitations/withdraw", withdraw, methods=["POST"]),
]
