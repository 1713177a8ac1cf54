"""What a composer holds when it opens for somebody: the place where most traps bite."""

import base64
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from linkedin_pipelines_tests.lookalike.site.labels import clock, heading
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Message, Person
from linkedin_pipelines_tests.lookalike.site.stage import STALE_DRAFT
from linkedin_pipelines_tests.lookalike.site.world import World


def thread_id(person: Person) -> str:
    """The id of the conversation with a person, of the shape that addresses carry."""
    return "2-" + base64.urlsafe_b64encode(person.id[-24:].encode()).decode()


@dataclass
class Composer:
    """One message form: whom its header names, whom a message from it reaches, what it starts with."""

    header: Person | None
    to: Person | None
    where: str  # "overlay", "page" or "thread"
    draft: str = ""
    draft_ms: int = 0
    subject: bool = False
    widget: bool = False
    key: str = field(default_factory=lambda: "b" + uuid.uuid4().hex[:9])
    form_key: str = field(default_factory=lambda: "f" + uuid.uuid4().hex[:9])
    list_key: str = field(default_factory=lambda: "m" + uuid.uuid4().hex[:9])
    send_tag: str = "button"
    greetings: tuple[str, ...] = ()

    @property
    def typeahead(self) -> bool:
        """Whether recipients are shown as pills: on the full page, and in a bubble without recipient."""
        return self.where == "page" or self.header is None


class GoneElsewhere(Exception):
    """The navigation is to answer 204, so that the old page stays."""


class Paywall(Exception):
    """No composer: the page offers Premium."""


def open_for(world: World, person: Person | None, body: str, where: str) -> Composer:
    """The composer that opens for a person, after every trap had its say."""
    if person is None:
        return Composer(None, None, where, body)
    slug = person.slug

    def on(name: str) -> Any:
        return world.trap(name, slug, "composer")

    if on("redirect_to_previous_profile"):
        raise GoneElsewhere
    if on("unaddressed_composer") and where != "thread":
        return Composer(None, None, where, body)
    if on("name_is_self"):
        return Composer(world.me, world.me, where, body)
    if person.degree != 1 and not on("second_degree_with_message_button"):
        raise Paywall
    distant = on("second_degree_with_message_button")
    if distant and distant.variant != "open_profile":
        raise Paywall
    twins = on("same_name_twins")
    to = world.twin() if twins and twins.variant == "swap" else person
    box = Composer(to, to, where, body)
    box.subject = bool(on("inmail_subject"))
    box.send_tag = world.case.tag("composer")
    if on("prefilled_body") and not box.draft:
        box.draft = world.words()["wish_today"]
    stale = on("stale_draft_for_other")
    if stale:
        box.draft, box.draft_ms = STALE_DRAFT, 700 if stale.variant == "late" else 0
    if on("say_hello_widget") and where == "overlay":
        box.widget = True
        box.greetings = (world.words()["hello_text"].format(first=person.first), "👋")
    return box


def form_of(world: World, page: Page, box: Composer) -> None:
    """Put what the browser side needs to know about a composer into the page's script table."""
    case = world.case
    shown = box.header
    part = "thread" if box.where == "thread" else "composer"
    page.table["forms"][box.form_key] = {
        "to": box.to.urn if box.to else None,
        "thread": thread_id(box.to) if box.to else None,
        "list": box.list_key,
        "part": part,
        "events": f"/flagship-web/messaging/events?part={part}&of={quote(shown.id) if shown else ''}",
        "history_ms": case.options.history_delay_ms,
        "draft": box.draft,
        "draft_ms": box.draft_ms,
        "enter_sends": bool(world.trap("enter_sends", shown.slug if shown else "", "composer")),
        "newlines": bool(world.trap("editor_newlines", shown.slug if shown else "", "composer")),
    }


@dataclass
class Event:
    """One event as the thread shows it."""

    key: str
    who: Person
    mine: bool
    text: str
    time: str
    heading: str
    head: bool
    failed: bool = False


def events(
    world: World, person: Person, messages: list[Message], after: Message | None = None, failed: bool = False
) -> list[Event]:
    """Events in order; the first of a day carries its heading, the first of a group its sender."""
    out: list[Event] = []
    day: date | None = after.when.date() if after else None
    sender = after.sender if after else None
    for m in messages:
        new_day = m.when.date() != day
        day = m.when.date()
        out.append(
            Event(
                key="v" + uuid.uuid4().hex[:9],
                who=world.me if m.sender == "me" else person,
                mine=m.sender == "me",
                text=m.text,
                time=clock(world.case.language, m.when),
                heading=heading(world.case.language, day, world.today) if new_day else "",
                head=new_day or m.sender != sender,
                failed=failed,
            )
        )
        sender = m.sender
    return out


def events_html(page: Page, part: str, items: list[Event]) -> Markup:
    """Events in the markup of the composer or of the thread page."""
    return page.render(part, "events", items=items)
