"""Announces each step of a campaign from outside of it: around every transaction, and around every call of a composer.

What belongs here: subclasses and wrappers of the product's own interfaces that do what the originals do and say so.
A step that the controller asked for holds the process exactly there until the controller lets it go, or kills it.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from types import FrameType

from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.domain.canary import Part, ProbeResult
from linkedin_pipelines.domain.invitations import SeenInvitations
from linkedin_pipelines.domain.messaging import Composer, PageSite, Recipient, SeenDay, ThreadEvent
from linkedin_pipelines.domain.moments import MomentKind, SeenMoments
from linkedin_pipelines.domain.network_pages import PreparedWithdrawal
from linkedin_pipelines.domain.people_searches import SeenResults
from linkedin_pipelines.domain.profiles import Depth, ReadProfile


@dataclass(frozen=True)
class Halt:
    """Where to hold: the `attempt`th time that `step` is reached."""

    step: str
    attempt: int = 1


class Steps:
    """Tells the controller, over `link`, which step the main thread has reached."""

    def __init__(self, link: Connection, halt: Halt | None) -> None:
        self._link = link
        self._halt = halt
        self._attempts: Counter[str] = Counter()

    def at(self, step: str) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # the lease is renewed in the background too; that is not a step of the campaign
        self._attempts[step] += 1
        here = Halt(step, self._attempts[step])
        self.reached(here)
        self._link.send(("at", here.step, here.attempt))
        if here == self._halt:
            self._link.recv()

    def reached(self, here: Halt) -> None:
        """What else is to happen at a step; nothing, unless a harness says otherwise."""

    def tell(self, what: str, *facts: object) -> None:
        self._link.send((what, *facts))


class AnnouncedDatabase(Database):
    """The product's database; every writing transaction is announced where it begins, before and after its commit."""

    def __init__(self, url: str, steps: Steps) -> None:
        super().__init__(url)
        self._steps = steps

    @contextmanager
    def writing(self) -> Iterator[Session]:
        name = _caller(sys._getframe(1))
        with super().writing() as session:
            yield session
            self._steps.at(f"{name}: before commit")
        self._steps.at(f"{name}: committed")


def _caller(frame: FrameType | None) -> str:
    """The product's function that opened the transaction."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("linkedin_pipelines.") and module != "linkedin_pipelines.db.core.database":
            return f"{module.rsplit('.', 1)[-1]}.{frame.f_code.co_name.strip('_')}"
        frame = frame.f_back
    return "harness"


class AnnouncedMessenger:
    """A messenger that announces its calls."""

    def __init__(self, messenger: PageSite, steps: Steps) -> None:
        self._messenger = messenger
        self._steps = steps

    def open(self, recipient: Recipient) -> Composer:
        self._steps.at("open: before")
        composer = self._messenger.open(recipient)
        self._steps.at("open: after")
        return AnnouncedComposer(composer, self._steps)

    def probe(self, part: Part, recipient: Recipient | None = None) -> list[ProbeResult]:
        self._steps.at(f"look at {part}: before")
        seen = self._messenger.probe(part, recipient)
        self._steps.at(f"look at {part}: after")
        return seen

    def birthdays(self) -> SeenDay:
        return self._messenger.birthdays()

    def sent_invitations(self) -> SeenInvitations:
        seen = self._messenger.sent_invitations()
        self._steps.at("invitations read: after")
        return seen

    def moments(self, kind: MomentKind, today: date) -> SeenMoments:
        seen = self._messenger.moments(kind, today)
        self._steps.at("moments read: after")
        return seen

    def prepare_withdrawal(self, slug: str, name: str) -> PreparedWithdrawal:
        prepared = self._messenger.prepare_withdrawal(slug, name)
        self._steps.at("dialog: after")
        return AnnouncedWithdrawal(prepared, self._steps)

    def holds_invitation(self, slug: str) -> bool:
        held = self._messenger.holds_invitation(slug)
        self._steps.at("invitation looked for: after")
        return held

    def search(self, query: str, max_pages: int) -> SeenResults:
        seen = self._messenger.search(query, max_pages)
        self._steps.at("search read: after")
        return seen

    def profile(self, slug: str, depth: Depth) -> ReadProfile:
        self._steps.at("visit: before")
        read = self._messenger.profile(slug, depth)
        self._steps.at("visit: after")
        return read

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        return self._messenger.contact_birthday(slug)


class AnnouncedWithdrawal:
    """A prepared withdrawal that announces its calls."""

    def __init__(self, prepared: PreparedWithdrawal, steps: Steps) -> None:
        self._prepared = prepared
        self._steps = steps

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        return self._prepared.screenshot(label, refusal=refusal)

    def commit(self, announce: Callable[[], None]) -> None:
        def announced() -> None:
            announce()
            self._steps.at("press: before")

        self._prepared.commit(announced)
        self._steps.at("press: after")

    def proof(self) -> bool:
        gone = self._prepared.proof()
        self._steps.at("withdrawal proven: after")
        return gone

    def cancel(self) -> None:
        self._prepared.cancel()


class AnnouncedComposer:
    """A composer that announces its calls."""

    def __init__(self, composer: Composer, steps: Steps) -> None:
        self._composer = composer
        self._steps = steps

    @property
    def recipient(self) -> str:
        return self._composer.recipient

    @property
    def member_number(self) -> str | None:
        return self._composer.member_number

    def events(self, back_to: date) -> list[ThreadEvent]:
        events = self._composer.events(back_to)
        self._steps.at("thread read: after")
        return events

    def write(self, text: str) -> str:
        written = self._composer.write(text)
        self._steps.at("text written: after")
        return written

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        path = self._composer.screenshot(label, refusal=refusal)
        self._steps.at(f"picture {label}: after")
        return path

    def wait_for_press(self, since: date, before: list[ThreadEvent], goes_on: Callable[[], bool]) -> str | None:
        return self._composer.wait_for_press(since, before, goes_on)

    def read_again(self) -> list[ThreadEvent]:
        return self._composer.read_again()

    def click_send(self, may_still: Callable[[], None] = lambda: None) -> None:
        def ask_last() -> None:
            self._steps.at("click: looked at everything")
            may_still()

        self._steps.at("click: before")
        self._composer.click_send(ask_last)
        self._steps.at("click: after")

    def proof(self, text: str, before: list[ThreadEvent]) -> ThreadEvent | None:
        event = self._composer.proof(text, before)
        self._steps.at("proof: after")
        return event

    def close(self) -> None:
        self._composer.close()
        self._steps.at("close: after")
