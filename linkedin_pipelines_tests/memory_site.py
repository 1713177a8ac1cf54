"""A site in memory that implements the messenger's real interface, for tests of what stands above the browser.

It keeps its own record of deliveries, as the bundled sandbox does, and can be told to fail at any step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part, Sight, SightOutcome
from linkedin_pipelines.domain.messaging import Recipient, ThreadEvent


@dataclass
class MemorySite:
    """Threads by profile slug, the deliveries, and hooks that run (and may raise) at named steps."""

    today: Callable[[], date]
    threads: dict[str, list[ThreadEvent]] = field(default_factory=lambda: defaultdict(list))
    deliveries: list[tuple[str, str]] = field(default_factory=list)
    hooks: dict[str, Callable[[Recipient], None]] = field(default_factory=dict)
    lose_after_click: set[str] = field(default_factory=set)
    """People whose message vanishes after the click: no event, no delivery."""
    unproven: set[str] = field(default_factory=set)
    """People whose message is delivered, but does not show until the thread is opened anew."""
    opened: list[str] = field(default_factory=list)
    unreadable: set[CanaryElement] = field(default_factory=set)
    """Elements that a look cannot read."""
    looks: list[tuple[Part, str]] = field(default_factory=list)
    """Looks taken, and of whom."""
    editor: str = ""

    def at(self, step: str, recipient: Recipient) -> None:
        if hook := self.hooks.get(step):
            hook(recipient)

    def say(self, slug: str, text: str, sent_on: date | None, *, own: bool = True) -> None:
        self.threads[slug].append(ThreadEvent(f"event-{slug}-{len(self.threads[slug])}", own, text, sent_on))

    def open(self, recipient: Recipient) -> MemoryComposer:
        self.at("open", recipient)
        self.opened.append(recipient.profile_slug)
        return MemoryComposer(self, recipient, list(self.threads[recipient.profile_slug]))

    def look(self, part: Part, recipient: Recipient | None = None) -> list[Sight]:
        self.looks.append((part, recipient.profile_slug if recipient else ""))
        if recipient is not None:
            self.at("look", recipient)
        return [
            Sight(element, SightOutcome.FAILED, f"expected {element}, but there is none.", f"demo/{element}.png")
            if element in self.unreadable
            else Sight(element, SightOutcome.OK)
            for element in PARTS[part]
        ]


@dataclass
class MemoryComposer:
    site: MemorySite
    to: Recipient
    seen: list[ThreadEvent]

    @property
    def recipient(self) -> str:
        return self.to.profile_slug

    def events(self) -> list[ThreadEvent]:
        self.site.at("events", self.to)
        return list(self.seen)

    def write(self, text: str) -> str:
        self.site.editor = text
        self.site.at("write", self.to)
        return self.site.editor

    def screenshot(self, label: str, *, refusal: bool = False) -> str:  # noqa: ARG002 - it keeps nothing
        self.site.at(f"screenshot-{label}", self.to)
        return f"{self.to.contact_id}-{label}.png"

    def click_send(self, may_still: Callable[[], None] = lambda: None) -> None:
        slug = self.to.profile_slug
        self.site.at("before-click", self.to)
        may_still()
        if slug not in self.site.lose_after_click:
            self.site.deliveries.append((slug, self.site.editor))
            self.site.say(slug, self.site.editor, self.site.today())
        self.site.editor = ""
        self.site.at("after-click", self.to)

    def proof(self, text: str, before: list[ThreadEvent]) -> ThreadEvent | None:
        self.site.at("proof", self.to)
        if self.to.profile_slug in self.site.unproven:
            return None
        known = {event.event_id for event in before}
        fresh = [
            e for e in self.site.threads[self.to.profile_slug] if e.event_id not in known and e.own and e.text == text
        ]
        return fresh[-1] if fresh else None

    def close(self) -> None:
        self.site.at("close", self.to)
        self.site.editor = ""
