"""The catch-up page: birthdays and other moments of the member's connections, newest first, page by page."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkedin_pipelines.sandbox.site import zone_of
from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import Person

TABS = {"all": "all", "birthday": "birthdays", "job_changes": "job_changes", "work_anniversaries": "work_anniversaries"}
TABS["education"] = "education"
_TAB_OF = {"job_change": "job_changes", "work_anniversary": "work_anniversaries", "education": "education"}


@dataclass(frozen=True)
class Card:
    """One moment of one person."""

    person: Person
    kind: str
    days_ago: int
    line: str
    """The moment line."""
    wish: str
    """LinkedIn's proposal of what to say."""
    done: bool
    """The member has said something since."""
    hidden: bool = False
    """The person shows neither name nor profile."""


async def page(request: Request) -> Response:
    view = View(request)
    view.generation = view.ui.of("catch_up")
    tab = request.path_params.get("tab", "birthday")
    if tab not in TABS:
        return view.page(("main", "/voyager/api/nothing"), surface="network", status=404)
    return view.page(
        ("main", f"/voyager/api/catch-up/{tab}?start=0"), ("aside", "/voyager/api/rail"), surface="network"
    )


async def content(request: Request) -> Response:
    """A page of cards; the first brings headline and tabs along, the last the end of the list."""
    view = View(request)
    view.generation = view.ui.of("catch_up")
    tab = request.path_params["tab"]
    start = int(request.query_params.get("start", "0"))
    every = [] if view.site.faults.take(("list_empty",), account=view.member.account) else cards(view, tab)
    signs = not view.site.faults.take(("no_signs",), account=view.member.account)
    end = start + view.ui.page_size
    number = start // view.ui.page_size
    return view.fragment(
        "catch_up_cards.html" if start else "catch_up.html",
        title="" if start else view.t("catch_up"),
        tab=tab,
        tabs=TABS,
        cards=every[start:end],
        first=start == 0,
        count=view.count(len(every)) if signs and every else "",
        empty=signs and not every,
        more=f"/voyager/api/catch-up/{tab}?start={end}" if end < len(every) else "",
        autoload=number < view.ui.autoload_pages,
    )


def cards(view: View, tab: str) -> list[Card]:
    """The member's moments of one tab, in the order of the page."""
    today = view.site.today(view.member, view.zone)
    found: list[Card] = []
    if tab in ("all", "birthday"):
        found += _birthdays(view, today)
    for moment in view.member.moments:
        kind = _TAB_OF[moment.kind]
        person = view.site.person(moment.person)
        ago = (today - moment.day).days
        if tab in ("all", kind) and person and ago >= 0:
            if moment.kind == "job_change":
                line = view.t("moment_job", first=person.first_name, title=moment.title or person.position)
            elif moment.kind == "education":
                line = view.t("moment_education")
            else:
                line = view.t.plural("moment_anniversary", moment.years)
            found.append(
                Card(
                    person, moment.kind, ago, moment.line or line, view.t("congrats"), done=False, hidden=moment.hidden
                )
            )
    return sorted(found, key=lambda card: (card.days_ago, card.person.slug))


def _birthdays(view: View, today: date) -> list[Card]:
    found = []
    for person in view.site.acquaintances(view.member):
        relation = view.site.relation(view.member, person)
        if not (person.birthday and person.birthday_visible) or relation.degree != 1 or relation.blocked or person.gone:
            continue
        day = last_birthday(person, today)
        ago = (today - day).days
        if ago > view.ui.late_birthday_days:
            continue
        zone = zone_of(view.member, view.zone)
        events = view.site.events(view.member, person)
        done = any(e.by == "me" and e.at.astimezone(zone).date() >= day for e in events)
        wish = view.t("wish_late" if ago else "wish_today")
        found.append(Card(person, "birthday", ago, _line(view, person, day, ago), wish, done))
    return found


def last_birthday(person: Person, today: date) -> date:
    """The person's latest birthday up to today; 29 February falls on the 28th in a common year."""
    month, day = (int(part) for part in person.birthday.split("-"))
    for year in (today.year, today.year - 1):
        fits = 28 if (month, day) == (2, 29) and not isleap(year) else day
        if (birthday := date(year, month, fits)) <= today:
            return birthday
    raise AssertionError("last year's birthday is never after today")


def _line(view: View, person: Person, day: date, ago: int) -> str:
    t = view.t
    if view.ui.moments == "sentence":
        if ago == 0:
            return t("moment_today", first=person.first_name)
        return t("moment_late", first=person.first_name, day=t.month_day(day))
    if ago == 0:
        return t("today")
    return t.month_day(day) if view.ui.moments == "label" else t.plural("days_ago", ago)


routes = [
    Route("/mynetwork/catch-up/{tab}/", page),
    Route("/mynetwork/catch-up/{tab}", page),
    Route("/mynetwork/invite-connect/celebrations/birthdays/", page),
    Route("/voyager/api/catch-up/{tab}", content),
]
