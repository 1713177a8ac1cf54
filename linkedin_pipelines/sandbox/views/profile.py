"""Profiles, with the contact-info overlay and the rail of other people."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.names import POSTS
from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import Job, Person

SECTIONS = ("experience", "skills", "certifications")
SHOWN_INLINE = 5
"""Entries of a section that the profile itself shows."""
DETAILS_BATCH = 10
"""Entries that a section's own page loads at a time."""


def visible(view: View) -> Person | None:
    """The person of the address, if the member may see their profile."""
    person = view.site.person(view.request.path_params["slug"])
    if person is None or person.gone or view.site.relation(view.member, person).blocked:
        return None
    return person


def is_self(view: View) -> bool:
    slug = view.request.path_params["slug"].lower()
    return slug in (view.member.slug.lower(), view.member.member_id.lower())


def own_profile(view: View) -> Person:
    me = view.member
    return Person(
        slug=me.slug, first_name=me.first_name, last_name=me.last_name, headline=me.headline, urn=me.member_id
    )


async def page(request: Request) -> Response:
    """The shell of a profile: content, rail and, at the overlay's address, the contact info come later."""
    view = View(request)
    view.generation = view.ui.of("profile")
    slug = request.path_params["slug"]
    if slug == "me":
        return RedirectResponse(f"/in/{view.member.slug}/", status_code=302)
    person = visible(view)
    if person is not None:
        _note_visit(view, person)
        stale = view.site.faults.take(("stale_profile",), account=view.member.account, person=person.slug)
        if stale:
            slug = view.site.last_profile.get(view.member.account, slug)
        view.site.last_profile[view.member.account] = slug
    pieces = [("main", f"/voyager/api/profile/{slug}"), ("aside", f"/voyager/api/rail?profile={slug}")]
    if "/overlay/contact-info" in request.url.path:
        pieces.append(("dialog", f"/voyager/api/profile/{slug}/contact-info"))
    return view.page(*pieces, surface="profile", page_data=_data(view) if view.ui.profile_data else [])


def _data(view: View) -> list[dict[str, str]]:
    """What the page's script is told of people, the one whose profile it is among them."""
    return [
        {"publicIdentifier": person.slug, "entityUrn": f"urn:li:fsd_profile:{person.member_id}"}
        for person in view.site.acquaintances(view.member)
    ]


def _note_visit(view: View, person: Person) -> None:
    view.site.do("visit", account=view.member.account, person=person.slug, at=view.site.now().isoformat())


async def content(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("profile")
    own = is_self(view)
    person = own_profile(view) if own else visible(view)
    if person is None:
        return view.fragment("not_found.html", title=view.t("not_found"), data={"path": "/404/"})
    relation = view.site.relation(view.member, person)
    template = "profile_sdui.html" if view.generation == "sdui" else "profile_ember.html"
    elsewhere = request.path_params["slug"] != person.slug
    return view.fragment(
        template,
        title=person.name,
        data={"path": f"/in/{person.slug}/"} if elsewhere else {},
        person=person,
        relation=relation,
        own=own,
        degree=0 if own else relation.degree,
        posts=POSTS[:3],
        draft_link=view.t("wish_today") if relation.compose_link == "body" else "",
    )


async def details(request: Request) -> Response:
    """The page of one section alone: everything of it, and nothing else of the person."""
    view = View(request)
    view.generation = view.ui.of("profile")
    if visible(view) is not None and request.path_params["section"] in SECTIONS:
        return view.page(
            ("main", f"/voyager/api/profile/{request.path_params['slug']}/{request.path_params['section']}"),
            surface="profile",
        )
    return view.page(("main", "/voyager/api/nothing"), surface="profile", status=404)


async def section(request: Request) -> Response:
    """Experience, skills or certifications; each brings the place where the next one loads."""
    view = View(request)
    view.generation = view.ui.of("profile")
    person, name = visible(view), request.path_params["section"]
    if person is None or name not in SECTIONS:
        return Response(status_code=404)
    jobs = person.experience or (Job(title=person.position, company=person.company),)
    lines: dict[str, list[tuple[str, ...]]] = {
        "experience": [(job.title, job.company, job.since) for job in jobs],
        "skills": [(skill,) for skill in person.skills],
        "certifications": [(certificate,) for certificate in person.certifications],
    }
    following = SECTIONS[SECTIONS.index(name) + 1 :]
    inline, start = "inline" in request.query_params, int(request.query_params.get("start", "0"))
    end = SHOWN_INLINE if inline else start + DETAILS_BATCH
    more = end < len(lines[name])
    here = f"/voyager/api/profile/{person.slug}/{name}"
    return view.fragment(
        "section.html",
        heading="" if start else view.t(name),
        lines=lines[name][start:end],
        further=f"{here}?start={end}" if more and not inline else "",
        all=f"/in/{person.slug}/details/{name}/" if more and inline else "",
        following=f"/voyager/api/profile/{person.slug}/{following[0]}"
        if following and "inline" in request.query_params
        else "",
    )


async def contact_info(request: Request) -> Response:
    """Label and value pairs; a birthday is month and day, and only connections see it."""
    view = View(request)
    view.generation = view.ui.of("profile")
    person = visible(view)
    if person is None:
        return Response(status_code=404)
    relation = view.site.relation(view.member, person)
    address = f"linkedin.com/in/{person.slug}"
    fields = [("profile", view.t("profile_of", first=person.first_name), address, f"/in/{person.slug}/")]
    if relation.degree == 1:
        if person.email:
            fields.append(("email", view.t("email"), person.email, f"mailto:{person.email}"))
        if person.website:
            wrapped = "/safety/go/?" + urlencode({"url": person.website})
            fields.append(("website", view.t("website"), person.website, wrapped))
        if person.birthday and person.birthday_visible:
            month, day = (int(part) for part in person.birthday.split("-"))
            fields.append(("birthday", view.t("birthday"), view.t.birthday(month, day), ""))
        if relation.connected_on:
            fields.append(("connected", view.t("connected_since"), view.t.full_date(relation.connected_on), ""))
    return view.fragment("contact_info.html", person=person, fields=fields)


async def rail(request: Request) -> Response:
    """Other people, with the same controls that profiles have."""
    view = View(request)
    view.generation = view.ui.of("profile")
    shown = view.site.person(request.query_params.get("profile", ""))
    everyone = [p for p in view.site.acquaintances(view.member) if p is not shown and not p.gone]
    start = sum((shown.slug if shown else "").encode()) % max(1, len(everyone))
    turned = everyone[start:] + everyone[:start]
    pairs = [(p, view.site.relation(view.member, p).degree) for p in turned]
    others = [pair for pair in pairs if pair[1] != 1][:3] + [pair for pair in pairs if pair[1] == 1][:3]
    return view.fragment("rail.html", others=others)


routes = [
    Route("/in/{slug}", page),
    Route("/in/{slug}/", page),
    Route("/in/{slug}/overlay/contact-info/", page),
    Route("/in/{slug}/details/{section}/", details),
    Route("/voyager/api/profile/{slug}", content),
    Route("/voyager/api/profile/{slug}/contact-info", contact_info),
    Route("/voyager/api/profile/{slug}/{section}", section),
    Route("/voyager/api/rail", rail),
]
