"""A site in memory that implements the site's real interface, for tests of what stands above the browser.

It keeps its own record of deliveries, as the bundled sandbox does, and can be told to fail at any step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part, ProbeOutcome, ProbeResult
from linkedin_pipelines.domain.invitations import PendingInvitation, SeenInvitations
from linkedin_pipelines.domain.messaging import Recipient, SeenDay, ThreadEvent
from linkedin_pipelines.domain.moments import Moment, MomentKind, SeenMoments
from linkedin_pipelines.domain.people_searches import FoundPerson, SeenResults
from linkedin_pipelines.domain.profiles import Depth, ReadProfile
from linkedin_pipelines.errors import InvitationGoneError, PageUnreadableError, ProfileGoneError


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
    polls: list[tuple[Part, str]] = field(default_factory=list)
    """Looks taken, and of whom."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Member numbers that profiles show, by slug."""
    editor: str = ""
    pages: int | None = None
    """How many of a thread's newest messages can be read; None for all. An older day than theirs cannot be reached."""
    rendered: Callable[[str], str] = str
    """How the page shows what was typed into it."""
    contact_infos: dict[str, tuple[int, int]] = field(default_factory=dict)
    visits: list[str] = field(default_factory=list)
    """Contact infos and profiles opened."""
    invitations: list[PendingInvitation] = field(default_factory=list)
    withdrawals: list[str] = field(default_factory=list)
    profiles: dict[str, ReadProfile | None] = field(default_factory=dict)
    """What a search finds, in order, and what each profile shows; None for one that is missing."""
    searches: list[str] = field(default_factory=list)
    moment_cards: list[Moment] = field(default_factory=list)
    """What the tabs of moments show."""

    def at(self, step: str, recipient: Recipient) -> None:
        if hook := self.hooks.get(step):
            hook(recipient)

    def say(self, slug: str, text: str, sent_on: date | None, *, own: bool = True, wordless: bool = False) -> None:
        event = ThreadEvent(f"event-{slug}-{len(self.threads[slug])}", own, text, sent_on, wordless)
        self.threads[slug].append(event)

    def sent_invitations(self) -> SeenInvitations:
        return SeenInvitations(tuple(self.invitations), {}, None)

    def prepare_withdrawal(self, slug: str, name: str) -> MemoryWithdrawal:
        person = Recipient(0, slug, name)
        self.at("dialog", person)
        if not self.holds_invitation(slug):
            raise InvitationGoneError("the invitation is no longer among those that wait.")
        return MemoryWithdrawal(self, person)

    def holds_invitation(self, slug: str) -> bool:
        return any(each.slug == slug for each in self.invitations)

    def search(self, query: str, max_pages: int) -> SeenResults:
        self.searches.append(query)
        people = [FoundPerson(slug, slug.title(), 1, place) for place, slug in enumerate(self.profiles, 1)]
        return SeenResults(people, pages=min(1, max_pages))

    def profile(self, slug: str, depth: Depth) -> ReadProfile:
        self.visits.append(slug)
        self.at("profile", Recipient(0, slug, slug))
        read = self.profiles[slug]
        if read is None:
            raise ProfileGoneError("there is no such profile any more.")
        return read.model_copy(update={"depth": depth})

    def moments(self, kind: MomentKind, today: date) -> SeenMoments:  # noqa: ARG002 - a moment has its own day
        return SeenMoments(tuple(each for each in self.moment_cards if each.kind is kind), None)

    def birthdays(self) -> SeenDay:
        return SeenDay((), None)

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        self.visits.append(slug)
        return self.contact_infos.get(slug)

    def open(self, recipient: Recipient) -> MemoryComposer:
        self.at("open", recipient)
        self.opened.append(recipient.profile_slug)
        return MemoryComposer(self, recipient, list(self.threads[recipient.profile_slug]))

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        self.polls.append((part, recipient.profile_slug if recipient else ""))
        if recipient is not None:
            self.at("look", recipient)
        return [
            ProbeResult(element, ProbeOutcome.FAILED, f"expected {element}, but there is none.", f"demo/{element}.png")
            if element in self.unreadable
            else ProbeResult(element, ProbeOutcome.OK)
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

    @property
    def member_number(self) -> str | None:
        return self.site.numbers.get(self.to.profile_slug, self.to.member_number)

    def events(self, back_to: date) -> list[ThreadEvent]:
        self.site.at("events", self.to)
        shown = self.seen if self.site.pages is None else self.seen[-self.site.pages :]
        oldest = shown[0].sent_on if shown else None
        if len(shown) < len(self.seen) and (oldest is None or oldest >= back_to):
            raise PageUnreadableError("The conversation cannot be read back far enough.")
        return list(shown)

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
            self.site.say(slug, self.site.rendered(self.site.editor), self.site.today())
        self.site.editor = ""
        self.site.at("after-click", self.to)

    def wait_for_press(self, since: date, before: list[ThreadEvent], goes_on: Callable[[], bool]) -> str | None:
        known = {event.event_id for event in before}
        while goes_on():
            self.site.at("wait", self.to)
            thread = self.site.threads[self.to.profile_slug]
            fresh = [e for e in thread if e.own and e.event_id not in known and e.sent_on and e.sent_on >= since]
            if fresh and self.to.profile_slug not in self.site.unproven:
                return fresh[-1].text
        return None

    def read_again(self) -> list[ThreadEvent]:
        self.site.at("read-again", self.to)
        return list(self.site.threads[self.to.profile_slug])

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


@dataclass
class MemoryWithdrawal:
    site: MemorySite
    of: Recipient

    def screenshot(self, label: str, *, refusal: bool = False) -> str:  # noqa: ARG002 - it keeps nothing
        return f"{self.of.profile_slug}-{label}.png"

    def commit(self, announce: Callable[[], None]) -> None:
        self.site.at("before-press", self.of)
        announce()
        self.site.at("press", self.of)
        if self.of.profile_slug not in self.site.lose_after_click:
            self.site.withdrawals.append(self.of.profile_slug)
            self.site.invitations = [each for each in self.site.invitations if each.slug != self.of.profile_slug]
        self.site.at("pressed", self.of)

    def proof(self) -> bool:
        self.site.at("proof", self.of)
        return not self.site.holds_invitation(self.of.profile_slug) and self.of.profile_slug not in self.site.unproven

    def cancel(self) -> None:
        self.site.at("cancel", self.of)
