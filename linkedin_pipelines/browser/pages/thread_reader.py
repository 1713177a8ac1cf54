"""What the entries of a conversation mean: which are messages, whose each is, on which day, and in which words.

What belongs here: judging a snapshot of the page. What does not: taking it (`thread_entries`), and waiting (`thread`).
A message is the member's own by the sender's link, or by the structural class where there is none; never by a name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from linkedin_pipelines.browser.addresses import identity_of
from linkedin_pipelines.browser.dates import day_of_heading
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.pages.thread_entries import Block, Shown
from linkedin_pipelines.browser.text import folded
from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.errors import PageUnreadableError

CLOCK = re.compile(r"(\d{1,2})[:.h]\s?(\d{2})\s*(?:([ap])\.?\s?m)?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_STAMP = re.compile(rf"\W*{CLOCK.pattern}\W*", re.IGNORECASE)
_UNKNOWN = "the conversation cannot be read: "
_NOT_TOLD_APART = f"{_UNKNOWN}an entry has no text that could be told apart."


@dataclass(frozen=True)
class Sides:
    """Who may speak in the conversation: the member and the one other person."""

    own_slug: str
    other_slug: str
    other_urn: str | None

    def is_own(self, href: str) -> bool | None:
        """Whether a link leads to the member, or to the other person; None if it leads to nobody who can be told.

        Raises:
            PageUnreadableError: it leads to a third person.
        """
        who = identity_of(href)
        if who is None:
            return None
        if who.is_slug(self.own_slug):
            return True
        if who.is_slug(self.other_slug) or who.is_member(self.other_urn):
            return False
        if who.is_urn:
            return None  # the member's own, or the other's where their URN is not known: the class tells
        raise PageUnreadableError(f"{_UNKNOWN}a third person speaks in it.")

    def introduces(self, links: Sequence[str]) -> bool:
        """Whether all these links lead to the other person; none do where there are none."""
        return all(self.is_own(href) is False for href in links)


class ThreadReader:
    """Reads one page's snapshots, in the page's own time zone and language."""

    def __init__(self, sides: Sides, zone: ZoneInfo, page_zone: ZoneInfo, labels: Labels, today: date) -> None:
        self._sides = sides
        self._zone = zone
        self._page_zone = page_zone
        self._labels = labels
        self._today = today

    def messages(self, shown: Sequence[Shown]) -> list[Shown]:
        """The entries that are messages, each told apart into its parts: not the other person's card.

        Raises:
            PageUnreadableError: an entry cannot be told apart.
        """
        entries = shown[1:] if shown and self._is_card(shown[0]) else shown
        return [entry if entry.classed else self._told_apart(entry) for entry in entries]

    def events(self, shown: Sequence[Shown]) -> list[ThreadEvent]:
        """The messages of a snapshot, oldest first.

        Raises:
            PageUnreadableError: one of them cannot be read for certain.
        """
        entries = self.messages(shown)
        day: date | None = None
        stamp, own = "", None
        classes_tell = self._classes_tell(entries)
        events: list[ThreadEvent] = []
        for place, event in enumerate(entries):
            if event.heading:
                day = day_of_heading(event.heading, self._labels.calendar, self._today, event.machine)
                stamp = ""
            elif event.about:
                day, stamp = None, ""  # perhaps a heading, but not one that can be read
            wordless = not any(text.strip() for text in event.bodies)
            if wordless and not self._is_message(event):
                continue
            stamp = event.stamp or stamp
            own = self._side(event, own, classes_tell=classes_tell)
            on = self._local(day, stamp)
            identity, named = event.urn or f"place {place}", bool(event.urn)
            if wordless:
                events.append(ThreadEvent(f"{identity}#0", own, "", on, wordless=True, named=named))
                continue
            for number, text in enumerate(event.bodies):
                words = self._labels.without_edited(text.strip())
                events.append(ThreadEvent(f"{identity}#{number}", own, words, on, named=named))
        return events

    def _is_card(self, entry: Shown) -> bool:
        """Whether it introduces the other person: it links to them alone, without a time or a message's name."""
        said = [block.text for block in entry.blocks]
        timed = any(block.kind == "time" for block in entry.blocks) or any(CLOCK.search(text) for text in said)
        plain = not (entry.classed or entry.urn or entry.heading or entry.unsent or timed)
        return plain and bool(entry.people) and self._sides.introduces(entry.people)

    def _told_apart(self, entry: Shown) -> Shown:
        """An entry without lasting classes, with its parts by structure: heading, sender, time, and one text.

        Raises:
            PageUnreadableError: something that it says is none of these, or there are several texts.
        """
        heading, machine, stamp = entry.heading, entry.machine, entry.stamp
        said: list[str] = []
        names = {folded(line) for b in entry.blocks if b.kind == "sender" for line in b.text.split("\n")}
        sender = next((n for n, b in enumerate(entry.blocks) if b.kind == "sender"), 0)
        for number, block in enumerate(entry.blocks):
            if block.kind in ("alert", "mixed"):
                raise PageUnreadableError(_NOT_TOLD_APART)
            if block.kind in ("sender", "control") or folded(block.text) in names:
                continue
            if _STAMP.fullmatch(block.text) and (block.kind == "time" or (entry.links and number > sender)):
                stamp = stamp or block.text
            elif block.kind == "time" or (number < sender and not heading and self._names_day(block)):
                heading, machine = block.text, block.machine
            else:
                said.append(block.text)
        about = ""
        if entry.media and not any(_LETTER.search(text) for text in (*entry.bodies, *said)):
            said = []  # the length of a voice note, the number of reactions
        if entry.bodies:  # what stands before the text may be the heading of another day
            about = " ".join(itertools.takewhile(lambda text: text not in entry.bodies, said))
        elif len(said) > 1:
            raise PageUnreadableError(_NOT_TOLD_APART)
        parts = {"heading": heading, "machine": machine, "stamp": stamp, "about": about, "bodies": entry.bodies or said}
        return entry.model_copy(update=parts)

    def _names_day(self, block: Block) -> bool:
        return day_of_heading(block.text, self._labels.calendar, self._today, block.machine) is not None

    def _classes_tell(self, entries: Sequence[Shown]) -> bool:
        """Whether the class that marks the other person's messages is in use: not where a link alone says theirs."""
        theirs = [e for e in entries if any(self._sides.is_own(href) is False for href in e.links)]
        return any(e.other for e in entries) or not theirs

    @staticmethod
    def _is_message(event: Shown) -> bool:
        """Whether an entry without a text is a message without words, a picture or a reaction; else it is none at all.

        Raises:
            PageUnreadableError: it says something, and nothing tells what.
        """
        if not event.classed:
            return bool(event.links or event.stamp or event.urn or event.media)
        told = event.rest.replace(event.heading, "", 1) if event.heading else event.rest
        if event.media and (event.item or event.urn) and not _LETTER.search(event.said):
            return True
        if told.strip():
            raise PageUnreadableError(_NOT_TOLD_APART)
        return bool(event.urn and event.item and event.bodies)

    def _side(self, event: Shown, before: bool | None, *, classes_tell: bool) -> bool:
        """Whether the member wrote it; an entry without sender and class continues the one before."""
        sides = [self._sides.is_own(href) for href in event.links]
        named = set(sides) - {None}
        by_class = (not event.other) if event.item and classes_tell else None
        if len(named) > 1 or (named and by_class is not None and named != {by_class}):
            raise PageUnreadableError(f"{_UNKNOWN}a message's sender is contradictory.")
        continues = before if not event.links else None  # a sender who cannot be told is not the one before
        for side in (*named, by_class, continues):
            if side is not None:
                return side
        raise PageUnreadableError(f"{_UNKNOWN}nothing tells who sent a message.")

    def _local(self, day: date | None, stamp: str) -> date | None:
        """The account's local day of a message that the page puts on `day` of the browser's zone."""
        if day is None:
            return None
        match = CLOCK.search(stamp)
        if match is not None:
            hour, half = int(match[1]), (match[3] or "").lower()
            hour = hour % 12 + (12 if half == "p" else 0) if half else hour
            if hour < 24 and int(match[2]) < 60:
                moment = datetime.combine(day, time(hour, int(match[2])), tzinfo=self._page_zone)
                return moment.astimezone(self._zone).date()
        noon = datetime.combine(day, time(12), tzinfo=self._page_zone)
        return day if noon.utcoffset() == noon.astimezone(self._zone).utcoffset() else None
