"""The view of a profile page: its top card, its rail of other people, its lazy sections."""

import hashlib
from typing import Any
from urllib.parse import quote

from linkedin_pipelines_tests.lookalike.site.labels import long_day
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Person
from linkedin_pipelines_tests.lookalike.site.world import World

CITIES = ("Port Ellenbray", "Saint-Orvain", "Neustadt am Kamm", "Villaverde del Soto", "Oosterhaven")


def _seed(person: Person) -> int:
    return int(hashlib.sha256(person.slug.encode()).hexdigest()[:6], 16)


def _rail(world: World, page: Page, person: Person) -> list[dict[str, Any]]:
    """Suggested people: strangers to invite, connections to message, the namesake first."""
    opens = world.case.options.profile_opens
    rows: list[dict[str, Any]] = [{"p": p, "compose": ""} for p in world.outsiders()[3:8]]
    if world.trap("rail_message_controls", person.slug, "profile"):
        others = [p for p in world.stage.people if p.degree == 1 and p.slug != person.slug][-5:]
        rows = [{"p": p, "compose": page.compose(p, opens, context="PYMK")} for p in others] + rows
    twin = world.twin()
    if twin and twin.slug != person.slug:
        rows.insert(0, {"p": twin, "compose": page.compose(twin, opens, context="PYMK")})
    return rows


def view(world: World, page: Page, person: Person) -> dict[str, Any]:
    """Everything the profile templates show about a person."""
    case, words = world.case, world.words()
    mine = person.slug == world.me.slug
    rail_trap = world.trap("rail_message_controls", person.slug, "profile")
    sdui = case.surfaces["profile"] == "sdui"
    heading = "h2" if sdui or world.trap("name_h2", person.slug, "profile") else "h1"
    profile = page.host + page.go(person)
    distant = person.degree != 1 and not mine
    return {
        "p": person,
        "h": heading,
        "me": mine,
        "degree": "" if mine else page.degree(person),
        "message": not mine,
        "bare": not distant and case.tag("profile") == "a",
        "invite": distant and person.degree == 2,
        "follow": distant and person.degree == 3,
        "compose": page.compose(person, case.options.profile_opens),
        "do": "",
        "menu": [
            {"text": words["send_profile"], "href": f"/messaging/compose/?body={quote(profile, safe='')}"},
            {"text": words["save_pdf"], "href": ""},
            {"text": words["report"], "href": ""},
        ],
        "rail": _rail(world, page, person),
        "rail_first": bool(rail_trap and rail_trap.variant == "in_main"),
        "location": CITIES[_seed(person) % len(CITIES)],
        "about": f"{person.first}: {person.headline}.",
        "sections": f"/flagship-web/profile/cards?slug={quote(person.slug)}&card=0",
        "dialog": "",
        "fields": [],
    }


def sections(world: World, person: Person, card: int) -> list[dict[str, Any]]:
    """One lazy section: experience, then skills, then licenses; nothing after that."""
    words = world.words()
    since = 2006 + _seed(person) % 12
    stock: list[tuple[str, str, list[tuple[str, str]]]] = [
        (
            "experience",
            words["experience"],
            [
                (person.headline, f"Brightquay · {since + 4} – {words['present']}"),
                ("Assistant", f"Northmill · {since} – {since + 4}"),
            ],
        ),
        ("skills", words["skills"], [("Negotiation", "12"), ("Planning", "7")]),
        (
            "licenses_and_certifications",
            words["licenses"],
            [("Harbour Pilot Basics", f"Portmark Academy · {since + 2}")],
        ),
    ]
    return [{"id": i, "title": t, "lines": lines} for i, t, lines in stock[card : card + 1]]


def contact_fields(world: World, page: Page, person: Person) -> list[tuple[str, str, str]]:
    """Label, value and kind of each line of the contact-info overlay."""
    words, language = world.words(), world.case.language
    fields = [(words["your_profile"].format(first=person.first), page.host + page.go(person), "vanity-url")]
    if person.degree == 1:
        fields.append((words["email"], f"{person.id[-6:].lower()}@example.test", "email"))
        if person.birthday:
            fields.append((words["birthday"], long_day(language, *person.birthday), "birthday"))
        year = 2012 + _seed(person) % 12
        fields.append((words["connected_since"], long_day(language, 3, 1 + _seed(person) % 27, year), "connected"))
    return fields
