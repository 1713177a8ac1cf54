"""A conversation as a composer shows it: who it is with, what was said, what the editor holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linkedin_pipelines.sandbox.site import zone_of
from linkedin_pipelines.sandbox.view import View
from linkedin_pipelines.sandbox.world import Event, Member, Person, event_id_of, thread_id_of


@dataclass
class Item:
    """One event as it is drawn: under a day's heading or not, with its sender or grouped under the previous one's."""

    id: str
    own: bool
    text: str
    heading: str
    first: bool
    last: bool
    sender: Person | Member
    sender_id: str
    link: str
    clock: str
    kind: str
    edited: bool
    preview: str
    failed: bool = False


@dataclass
class Conversation:
    """What a bubble or a messaging page is drawn from."""

    person: Person | None
    kind: str
    """`thread`, `say_hello`, `inmail`, `paywall`, or `blank` while nobody is addressed."""
    recipient: str = ""
    link: str = ""
    draft: str = ""
    events: list[Item] = field(default_factory=list)
    older: str = ""
    """Where the messages before these come from; empty where these are all."""


def open_conversation(view: View, person: Person | None, body: str = "") -> Conversation:
    """The member's conversation with a person. `body` is a draft that the link brought; it replaces a stale one."""
    if person is None:
        return Conversation(None, "blank", draft=body)
    relation = view.site.relation(view.member, person)
    kind: str = relation.composer
    events = view.site.events(view.member, person)
    if relation.degree != 1 and kind == "thread" and not events:
        kind = "paywall"
    if kind == "say_hello" and events:
        kind = "thread"
    drawn, older = newest(view, person, draw(view, person, events), len(events))
    return Conversation(
        person,
        kind,
        recipient=person.recipient,
        link=view.profile_link(person),
        draft=body or view.site.draft(view.member, person),
        events=drawn,
        older=older,
    )


def newest(view: View, person: Person, items: list[Item], before: int) -> tuple[list[Item], str]:
    """The last page of the first `before` messages, and the address of the page before it."""
    size = view.ui.thread_page
    start = max(0, before - size) if size else 0
    return items[
        start:before
    ], f"/voyager/api/messaging/older?recipient={person.recipient}&before={start}" if start else ""


def draw(view: View, person: Person, events: list[Event], *, failed: bool = False) -> list[Item]:
    """The events with headings, groups and times of the member's day. `failed` marks the last as not sent."""
    zone = zone_of(view.member, view.zone)
    today = view.site.today(view.member, view.zone)
    thread = thread_id_of(view.member.account, person.slug)
    items: list[Item] = []
    before: tuple[str, datetime] | None = None
    for number, event in enumerate(events, start=1):
        at = event.at.astimezone(zone)
        new_day = before is None or before[1].date() != at.date()
        grouped = before is not None and not new_day and before[0] == event.by and at - before[1] < timedelta(minutes=5)
        if items and not grouped:
            items[-1].last = True
        own = event.by == "me"
        sender: Person | Member = view.member if own else person
        items.append(
            Item(
                id=event_id_of(thread, event.at, number),
                own=own,
                text=event.text,
                heading=view.t.day_heading(at.date(), today) if new_day else "",
                first=not grouped,
                last=False,
                sender=sender,
                sender_id=sender.member_id,
                link=_sender_link(view, sender),
                clock=view.t.clock(at),
                kind=event.kind,
                edited=event.edited,
                preview=event.preview,
            )
        )
        before = (event.by, at)
    if items:
        items[-1].last = True
        if failed:
            items[-1].failed, items[-1].id = True, ""
    return items


def _sender_link(view: View, sender: Person | Member) -> str:
    if view.ui.composer_links == "none":
        return ""
    return f"/in/{sender.slug if view.ui.composer_links == 'slug' else sender.member_id}/"


def latest_conversations(view: View) -> list[tuple[Person, Event]]:
    """The people whom the member has talked to, the latest conversation first."""
    pairs = [(p, view.site.events(view.member, p)) for p in view.site.acquaintances(view.member)]
    return sorted(((p, events[-1]) for p, events in pairs if events), key=lambda pair: pair[1].at, reverse=True)[:12]
