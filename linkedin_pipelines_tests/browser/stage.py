"""A sandbox world of one member and a few people, and a browser signed in to it: what every browser test stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from playwright.sync_api import Browser

from linkedin_pipelines.browser.session import SignedInBrowser, signed_in
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.messaging import Composer, Recipient
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Event, Member, Moment, Person, Relation, SentInvitation, World
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.site_control import arm, storage_state, told

TODAY = date(2026, 3, 18)
JANE = "jane-doe"
THIERRY = "thierry-hier"
SECOND = "john-second"
TEXT = "Happy birthday, Jane! Have a lovely day."
BRISK = Timeouts(rest=80, empty_rest=200, proof=6_000, proof_stays=150, poll=60, draft=400)
"""The sandbox answers at once, so its lists come to rest sooner; what has to come has a hundred looks all the same."""
QUICK: dict[str, Any] = {"latency_ms": (0, 60), "event_delay_ms": (50, 200)}

PEOPLE = (
    Person(slug=JANE, first_name="Jane", last_name="Doe", headline="30 days of today", birthday="03-18"),
    Person(slug="jane-doe-2", first_name="Jane", last_name="Doe", headline="Another one", birthday="03-17"),
    Person(slug=THIERRY, first_name="Thierry", last_name="Hier", headline="birthday cakes", birthday="03-10"),
    Person(slug=SECOND, first_name="John", last_name="Second", headline="weekly limit", birthday="03-18"),
)


def said(by: str, text: str, day: date, hour: int = 9) -> Event:
    """One message of a thread's past."""
    return Event.model_validate(
        {"by": by, "text": text, "at": datetime(day.year, day.month, day.day, hour, tzinfo=UTC)}
    )


def world(
    interface: Mapping[str, Any] | None = None,
    *,
    jane: Mapping[str, Any] | None = None,
    open_bubbles: tuple[str, ...] = (),
    moments: tuple[Moment, ...] = (),
    invited: tuple[SentInvitation, ...] = (),
    people: tuple[Person, ...] = PEOPLE,
) -> World:
    """The member and her people; `jane` says how she stands to Jane."""
    special = {JANE: dict(jane or {}), SECOND: {"degree": 2}}
    relations = tuple(Relation(person=person.slug, **special.get(person.slug, {})) for person in people)
    member = Member(
        account="demo",
        slug="demo-member",
        first_name="Demo",
        last_name="Member",
        timezone="UTC",
        interface=Interface(**{**QUICK, **(interface or {})}),
        relations=relations,
        open_bubbles=open_bubbles,
        moments=moments,
        sent_invitations=invited,
    )
    return World(today=TODAY, members=(member,), people=people)


@dataclass
class Stage:
    """A browser before a site."""

    server: SandboxServer
    browser: SignedInBrowser
    account: AccountConfig

    def open(self, slug: str = JANE) -> Composer:
        return self.browser.messenger().open(Recipient(7, slug, "whoever"))

    def wish(self, text: str = TEXT, slug: str = JANE) -> str | None:
        """The whole way to the proof; the text of the proven event."""
        composer = self.open(slug)
        try:
            before = composer.events(date(2026, 1, 1))
            assert composer.write(text) == text
            composer.click_send()
            event = composer.proof(text, before)
            return event.text if event else None
        finally:
            composer.close()

    def fault(self, name: str, **more: object) -> None:
        arm(self.server.url, name, **more)

    def told(self, what: str) -> list[dict[str, Any]]:
        """What the site recorded: `deliveries`, `conduct`, `visits`."""
        return told(self.server.url, what)

    def deliveries(self) -> list[tuple[str, str]]:
        return [(each["recipient"], each["text"]) for each in self.told("deliveries")]


@contextmanager
def stage_of(
    chromium: Browser, settings: Settings, clock: ManualClock, of: World, timeouts: Timeouts = BRISK
) -> Iterator[Stage]:
    """A server for the world, and a context of the browser with the member's session."""
    with SandboxServer(of) as server:
        state = storage_state(server.url)
        account = AccountConfig(
            slug="demo",
            display_name="Demo",
            profile_url=f"{server.url}/in/demo-member",
            base_url=server.url,
            timezone="UTC",
        )
        with signed_in(chromium, settings, account, state, clock=clock, timeouts=timeouts) as browser:
            yield Stage(server, browser, account)
