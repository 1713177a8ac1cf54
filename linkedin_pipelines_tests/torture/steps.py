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
from multiprocessing.connection import Connection
from types import FrameType

from linkedin_pipelines.db.database import Database, Session
from linkedin_pipelines.domain.canary import Part, Sight
from linkedin_pipelines.domain.messaging import Composer, Messenger, Recipient, ThreadEvent


@dataclass(frozen=True)
class Halt:
    """Where to hold: the `turn`th time that `step` is reached."""

    step: str
    turn: int = 1


class Steps:
    """Tells the controller, over `link`, which step the main thread has reached."""

    def __init__(self, link: Connection, halt: Halt | None) -> None:
        self._link = link
        self._halt = halt
        self._turns: Counter[str] = Counter()

    def at(self, step: str) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # the lease is renewed in the background too; that is not a step of the campaign
        self._turns[step] += 1
        here = Halt(step, self._turns[step])
        self._link.send(("at", here.step, here.turn))
        if here == self._halt:
            self._link.recv()

    def tell(self, what: str, *facts: object) -> None:
        self._link.send((what, *facts))


class AnnouncedDatabase(Database):
    """The product's store; every writing transaction is announced where it begins, before its commit, and after it."""

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
        if module.startswith("linkedin_pipelines.") and module != "linkedin_pipelines.db.database":
            return f"{module.rsplit('.', 1)[-1]}.{frame.f_code.co_name.strip('_')}"
        frame = frame.f_back
    return "harness"


class AnnouncedMessenger:
    """A messenger that announces its calls."""

    def __init__(self, messenger: Messenger, steps: Steps) -> None:
        self._messenger = messenger
        self._steps = steps

    def open(self, recipient: Recipient) -> Composer:
        self._steps.at("open: before")
        composer = self._messenger.open(recipient)
        self._steps.at("open: after")
        return AnnouncedComposer(composer, self._steps)

    def look(self, part: Part, recipient: Recipient | None = None) -> list[Sight]:
        self._steps.at(f"look at {part}: before")
        seen = self._messenger.look(part, recipient)
        self._steps.at(f"look at {part}: after")
        return seen


class AnnouncedComposer:
    """A composer that announces its calls."""

    def __init__(self, composer: Composer, steps: Steps) -> None:
        self._composer = composer
        self._steps = steps

    @property
    def recipient(self) -> str:
        return self._composer.recipient

    def events(self) -> list[ThreadEvent]:
        events = self._composer.events()
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
