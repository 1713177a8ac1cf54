"""Two hosts at work for one account: the cable of one is pulled at a step, or its clock set to another time.

The other host goes to work meanwhile. At the end both are heard again, what is left of the day is used up, and the
site's own record is compared with the ledger.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.resource_tracker import ensure_running
from pathlib import Path

from linkedin_pipelines_tests.hosts.namespaces import HOSTS, Network
from linkedin_pipelines_tests.hosts.stage import HostsStage, SharedPostgres
from linkedin_pipelines_tests.hosts.worker import HostOrder, Shift, set_clock, work_on_host
from linkedin_pipelines_tests.torture.played import Played
from linkedin_pipelines_tests.torture.rounds import PATIENCE_SECONDS, Round, Run
from linkedin_pipelines_tests.torture.servers import forks
from linkedin_pipelines_tests.torture.steps import Halt
from linkedin_pipelines_tests.torture.worker import Order, Task

FIRST, SECOND = HOSTS
GIVEN_UP = {"LeaseLostError", "LeaseHeldError", "DatabaseUnavailableError", "LedgerConflictError", "ClockOffError"}
"""What may end the run of a host that lost its cable or its time; anything else is a fault."""
OTHER_SECONDS = 240.0
"""How long the other host may take until it is through: Postgres keeps a lost host's locks for up to two minutes."""
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
"""Debian's libfaketime, with which a process's clock is off; None where it is not installed."""


@dataclass(frozen=True)
class Scene:
    """What happens to the first host when it comes to a step for the `attempt`th time."""

    step: str
    seconds: float = 0.0
    """How long its cable is out at least; it is so until the other host is through."""
    held: bool = False
    """Whether it stands still at the step meanwhile, else it goes on at once."""
    cut: bool = True
    """Whether its cable is pulled; else its clock alone is off."""
    shift: Shift | None = None
    attempt: int = 1

    @property
    def name(self) -> str:
        cut = ("cut, stands still" if self.held else "cut, goes on") if self.cut else "clock"
        if self.shift is None:
            return f"{cut} | {self.step}"
        since = f" since {self.shift.at.step}" if self.shift.at else ""
        return f"{cut}, {self.shift.seconds:+d} s{since} | {self.step}"


class HostsRound(Round):
    """Plays one scene on a stage of its own."""

    stage: HostsStage

    def __init__(self, number: int, seed: str, postgres: SharedPostgres, network: Network) -> None:
        self._network = network
        self._on = FIRST
        self._shift: Shift | None = None
        super().__init__(number, seed, postgres)

    def _furnished(self, chance: random.Random) -> HostsStage:
        assert isinstance(self._postgres, SharedPostgres)
        return HostsStage(chance, self._postgres, self._network)

    def play_scene(self, scene: Scene) -> Played:
        """Play it, let both come to rest, compare."""
        with self._judged():
            self._shift = scene.shift
            set_clock(self.stage.time_file(FIRST), scene.shift.seconds if scene.shift and not scene.shift.at else 0)
            halt = Halt(scene.step, scene.attempt)
            with self._running("campaign", halt) as struck:
                if struck.listen(PATIENCE_SECONDS, halt):
                    self.played.kills[scene.name] += 1
                    self._part(struck, scene)
                else:
                    self.played.missed[scene.name] += 1
                    self._other_goes_on()
                self._await_end(struck)
            self._must_have_ended(struck, scene)
            set_clock(self.stage.time_file(FIRST), 0)
            self._shift = None
        return self.played

    def _part(self, struck: Run, scene: Scene) -> None:
        begun = time.monotonic()
        if scene.cut:
            self._network.cut(FIRST)
        try:
            if not scene.held:
                self._let_go(struck)
            # Where no cable is out, the one that stood still goes on as soon as the other has clicked.
            self._other_goes_on(None if scene.cut else struck)
            struck.listen(scene.seconds - (time.monotonic() - begun))
        finally:
            self._network.mend(FIRST)
        if scene.held:
            self._let_go(struck)

    def _other_goes_on(self, stands_still: Run | None = None) -> None:
        """Let the second host work until a run of its own is through, as its schedule and sensors would."""
        begun = time.monotonic()
        while time.monotonic() - begun < OTHER_SECONDS:
            with self._at(SECOND), self._running("campaign", Halt("click: after") if stands_still else None) as other:
                if stands_still and other.listen(PATIENCE_SECONDS, Halt("click: after")):
                    self._let_go(stands_still)
                    stands_still.listen(2)
                    self._let_go(other)
                self._await_end(other)
            if other.end == "ended":
                return
            told = other.told("failed") or ("it vanished",)
            if told[0] not in GIVEN_UP:
                break
        self.played.wrong.append(f"the other host does not get to work: {other.words[-1:]}")

    def _must_have_ended(self, struck: Run, scene: Scene) -> None:
        told = struck.told("failed")
        if struck.end != "ended" and (told is None or told[0] not in GIVEN_UP):
            self.played.wrong.append(f"{scene.name}: the host came to {struck.words[-1:]}")

    @contextmanager
    def _at(self, host: str) -> Iterator[None]:
        before, self._on = self._on, host
        try:
            yield
        finally:
            self._on = before

    def _order(self, task: Task, halt: Halt | None) -> Order:
        folder, host = self.stage.folder, self._on
        return HostOrder(
            self.stage.homes[host],
            folder / "clock",
            folder / f"worker-{host}.log",
            f"run-{self._runs}-of-{host}",
            halt,
            task,
            namespace=self._network.namespace(host),
            time_file=self.stage.time_file(host),
            shift=self._shift if host == FIRST else None,
        )

    def _start(self, order: Order, link: Connection) -> BaseProcess:
        assert isinstance(order, HostOrder)
        if order.shift is None:
            process: BaseProcess = forks().Process(target=work_on_host, args=(order, link), daemon=False)
            process.start()
            return process
        # libfaketime is taken in when a program is loaded, so this one is loaded anew instead of forked.
        ensure_running()  # what multiprocessing starts once for all is not to live by that time
        process = multiprocessing.get_context("spawn").Process(target=work_on_host, args=(order, link), daemon=False)
        with _environment(
            LD_PRELOAD=str(FAKETIME),
            FAKETIME_TIMESTAMP_FILE=str(order.time_file),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
        ):
            process.start()
        return process


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """What is started within has these, too."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]
