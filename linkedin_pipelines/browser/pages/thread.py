"""The messages of one conversation: who said what on which day. What cannot be told is refused, not guessed.

A message is the member's own by the sender's link, or by the structural class where there is none; never by a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import identity_of
from linkedin_pipelines.browser.dates import day_of_heading
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.errors import PageUnreadableError

EVENTS = "[class~='msg-s-message-list__event']"
_STRAY = (
    ":is([data-event-urn], [class*='event-listitem__body'], [class*='message-list__time-heading'])"
    f":not(:is({EVENTS}, {EVENTS} *))"
)
"""Parts of messages outside any message: the list is built in a way that is not known."""
_LIST = "[class*='msg-s-message-list']"
"""Without any part of a list that is known, an empty one is not known to be empty, and no proof would ever be seen."""
_ENTRIES = (
    ":is(li, [role='listitem'], time)"
    ":not([class*='conversation-list'] *, [class*='conversations-list'] *, [class*='typeahead'] *, form *)"
)
"""What messages of any markup would be made of, so that a conversation which has them is not called empty."""
_LOADING = "[aria-busy='true'], [role='progressbar'], [class*='msg-s-message-list__loader'], .artdeco-loader"
_SNAPSHOT = """
events => {
  const read = READ_TEXT;
  const seen = e => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1; };
  return events.map(event => {
    const all = selector => [event, ...event.querySelectorAll('*')].filter(e => e.matches(selector));
    const bodies = all("[class~='msg-s-event-listitem__body'], [class*='event-listitem__body']").filter(seen);
    const inBody = e => bodies.some(body => body.contains(e));
    const items = all("[class~='msg-s-event-listitem'], [class*='msg-s-event-listitem--']");
    const before = items.length
      ? [...event.childNodes].filter(n => !items.some(i => n === i || n.contains(i))).map(n => n.textContent.trim())
      : [];
    const heading = all("time[class*='time-heading'], [class*='message-list__time-heading']")[0];
    const stamp = all("time[class*='timestamp']").filter(e => e !== heading)[0];
    const marked = all("[data-event-urn]")[0];
    const senders = all("a[href*='/in/']").filter(e => !inBody(e));
    const known = [...bodies, ...senders, ...all("time, [class*='message-group__name']")];
    const beside = all("*").filter(e => seen(e) && !e.children.length && !known.some(k => k.contains(e)));
    return {
      urn: marked ? marked.getAttribute('data-event-urn') : '',
      bodies: bodies.map(body => read(body, false)),
      links: senders.map(e => e.getAttribute('href')),
      beside: beside.map(e => e.textContent.trim()).join(' ').trim(),
      item: items.length > 0,
      other: items.some(e => /msg-s-event-listitem--other/.test(e.className)),
      heading: heading ? read(heading, false) : '',
      machine: heading ? heading.getAttribute('datetime') || '' : '',
      about: before.filter(text => text).join(' '),
      stamp: stamp ? read(stamp, false) : '',
      unsent: all("[class*='--failed'], [class*='--error'], [class*='--sending'], [class*='--pending'], [role='alert']")
        .length > 0 || all("[aria-busy='true']").length > 0,
      rest: read(event, false),
    };
  });
}
""".replace("READ_TEXT", READ_TEXT)
_CLOCK = re.compile(r"(\d{1,2})[:.h]\s?(\d{2})\s*(?:([ap])\.?\s?m)?", re.IGNORECASE)


class _Shown(BaseModel):
    """One event as the page shows it."""

    urn: str
    bodies: list[str]
    links: list[str]
    item: bool
    other: bool
    heading: str
    machine: str
    about: str
    """What stands beside the message itself, which is nothing but the heading of its day."""
    stamp: str
    unsent: bool
    beside: str
    """What it says that is neither message nor sender nor time, such as that it could not be sent."""
    rest: str

    @property
    def taken(self) -> bool:
        """Whether the server has it: it is not marked as unsent, and bears the server's name or says nothing else."""
        return not self.unsent and bool(self.urn or not self.beside)


@dataclass(frozen=True)
class Sides:
    """Who may speak in the conversation: the member and the one other person."""

    own_slug: str
    other_slug: str
    other_urn: str | None


class Thread:
    """The list of messages inside `root`, an open composer."""

    def __init__(self, site: Site, root: Locator, sides: Sides, clock: Clock, zone: ZoneInfo) -> None:
        self._site = site
        self._root = root
        self._sides = sides
        self._clock = clock
        self._zone = zone

    def events(self) -> list[ThreadEvent]:
        """All messages shown, oldest first, once the list has come to rest.

        Raises:
            PageUnreadableError: it did not load, or says something that cannot be read.
        """
        timeouts = self._site.timeouts
        last: list[_Shown] = []
        same = 0
        for _ in self._site.looks(timeouts.thread):
            now = self._shown()
            same = same + 1 if now == last else 0
            last = now
            settled = same > fitting(timeouts.rest if last else timeouts.empty_rest, timeouts.poll)
            if settled and not self._loading() and not self._site.traffic.pending:
                break
        else:
            if not last or self._loading():
                raise PageUnreadableError("the conversation did not load in time.")
        if not last and self._site.traffic.failed:
            raise PageUnreadableError("the conversation did not load: the site refused to hand it over.")
        entries = 0 if last else self._root.locator(_ENTRIES).filter(visible=True).count()
        unknown = not last and not self._root.locator(_LIST).count()
        if entries or unknown or self._root.locator(_STRAY).count():
            raise PageUnreadableError("the conversation cannot be read: it is built in an unknown way.")
        if any(event.unsent for event in last):
            raise PageUnreadableError(
                "the conversation holds a message that is marked as not sent; nobody knows its fate."
            )
        return self._read(last)

    def events_now(self) -> list[ThreadEvent]:
        """The messages shown at this moment, those not taken by the server yet left out."""
        return self._read([event for event in self._shown() if event.taken])

    def _loading(self) -> bool:
        return self._root.locator(_LOADING).filter(visible=True).count() > 0

    def _shown(self) -> list[_Shown]:
        found = self._root.locator(EVENTS).evaluate_all(_SNAPSHOT)
        return [_Shown.model_validate(event) for event in found]

    def _read(self, shown: list[_Shown]) -> list[ThreadEvent]:
        page_zone = ZoneInfo(str(self._site.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")))
        calendar = self._site.find.labels.calendar
        today = self._clock.now().astimezone(page_zone).date()
        day: date | None = None
        stamp, own = "", None
        events: list[ThreadEvent] = []
        for place, event in enumerate(shown):
            if event.heading:
                day = day_of_heading(event.heading, calendar, today, event.machine)
                stamp = ""
            elif event.about:
                day, stamp = None, ""  # perhaps a heading, but not one that can be read
            if not event.bodies:
                self._refuse_hidden(event)
                continue
            stamp = event.stamp or stamp
            own = self._side(event, own)
            for number, text in enumerate(event.bodies):
                identity = f"{event.urn or f'place {place}'}#{number}"
                events.append(ThreadEvent(identity, own, text.strip(), self._local(day, stamp, page_zone)))
        return events

    @staticmethod
    def _refuse_hidden(event: _Shown) -> None:
        told = event.rest.replace(event.heading, "", 1) if event.heading else event.rest
        if told.strip():
            raise PageUnreadableError("the conversation cannot be read: an entry has no text that could be told apart.")

    def _side(self, event: _Shown, before: bool | None) -> bool:
        """Whether the member wrote it; an entry without sender and class continues the one before."""
        named = {self._side_of_link(href) for href in event.links} - {None}
        by_class = (not event.other) if event.item else None
        if len(named) > 1 or (named and by_class is not None and named != {by_class}):
            raise PageUnreadableError("the conversation cannot be read: a message's sender is contradictory.")
        for side in (*named, by_class, before):
            if side is not None:
                return side
        raise PageUnreadableError("the conversation cannot be read: nothing tells who sent a message.")

    def _side_of_link(self, href: str) -> bool | None:
        who = identity_of(href)
        if who is None:
            return None
        if who.is_slug(self._sides.own_slug):
            return True
        if who.is_slug(self._sides.other_slug) or who.is_member(self._sides.other_urn):
            return False
        if who.is_urn:
            return None  # the member's own, or the other's where their URN is not known: the class tells
        raise PageUnreadableError("the conversation cannot be read: a third person speaks in it.")

    def _local(self, day: date | None, stamp: str, page_zone: ZoneInfo) -> date | None:
        """The account's local day of a message that the page puts on `day` of the browser's zone."""
        if day is None:
            return None
        match = _CLOCK.search(stamp)
        if match is not None:
            hour, half = int(match[1]), (match[3] or "").lower()
            hour = hour % 12 + (12 if half == "p" else 0) if half else hour
            if hour < 24 and int(match[2]) < 60:
                moment = datetime.combine(day, time(hour, int(match[2])), tzinfo=page_zone)
                return moment.astimezone(self._zone).date()
        noon = datetime.combine(day, time(12), tzinfo=page_zone)
        return day if noon.utcoffset() == noon.astimezone(self._zone).utcoffset() else None
