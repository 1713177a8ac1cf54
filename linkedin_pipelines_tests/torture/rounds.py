"""One round: an account at work, killed again and again, then left in peace and looked at."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import ClassVar, Literal

import psutil

from linkedin_pipelines_tests.torture.oracle import compare
from linkedin_pipelines_tests.torture.plan import Kill, choose
from linkedin_pipelines_tests.torture.played import Played
from linkedin_pipelines_tests.torture.servers import KillablePostgres, family, forks, is_browser, kill
from linkedin_pipelines_tests.torture.stage import Stage
from linkedin_pipelines_tests.torture.steps import Halt
from linkedin_pipelines_tests.torture.worker import Order, Task, work

PATIENCE_SECONDS = 150.0
"""How long a run may go on without a word; then it hangs, which is a fault."""
AFTERMATH_SECONDS = 20.0
"""How long the browser of a killed worker may take to end by itself."""


@dataclass
class Run:
    """A worker process, as its controller sees it."""

    process: BaseProcess
    link: Connection
    words: list[tuple[object, ...]] = field(default_factory=list)
    reached: Halt | None = None
    end: Literal["", "ended", "failed", "gone"] = ""
    orphans: list[psutil.Process] = field(default_factory=list)
    """What the worker had started, if the worker alone was killed."""

    def listen(self, seconds: float, halt: Halt | None = None) -> bool:
        """Take in what it says for so long, or until it ends or holds at `halt`; whether it holds there."""
        deadline = time.monotonic() + seconds
        while not self.end:
            left = deadline - time.monotonic()
            if left <= 0 or not self.link.poll(left):
                return False
            try:
                word = self.link.recv()
            except (EOFError, ConnectionResetError):
                self.end = "gone"
                return False
            self.words.append(word)
            if word[0] in {"ended", "failed"}:
                self.end = word[0]
            if word[0] == "at" and halt is not None and word[1:] == (halt.step, halt.attempt):
                return True
        return False

    def told(self, what: str) -> tuple[object, ...] | None:
        return next((word[1:] for word in reversed(self.words) if word[0] == what), None)


class Round:
    """Plays one round."""

    stage_type: ClassVar[type[Stage]] = Stage
    task: ClassVar[Task] = "campaign"

    def __init__(self, number: int, seed: str, postgres: KillablePostgres | None) -> None:
        self._chance = random.Random(f"{seed}/{number}")
        self._postgres = postgres
        self._runs = 0
        self.played = Played(number, seed, "postgres" if postgres else "sqlite")
        self.stage = self._furnished(self._chance)
        self.played.folder = str(self.stage.folder)

    def _furnished(self, chance: random.Random) -> Stage:
        return self.stage_type(chance, self._postgres)

    def play(self, kills: int) -> Played:
        """Kill `kills` times, settle, compare."""
        with self._judged():
            tries = 0
            while self.played.kills.total() < kills:
                self._one()
                tries += 1
                if tries > 6 * kills + 20:
                    self.played.wrong.append(f"only {self.played.kills.total()} kills in {tries} runs")
                    break
        return self.played

    def play_pause(self, step: str) -> Played:
        """Stop a run at `step` until another one has taken the account over and finished; then let it go on."""
        with self._judged(), self._running(self.task, Halt(step)) as sleeper:
            if not sleeper.listen(PATIENCE_SECONDS, Halt(step)):
                self.played.wrong.append(f"the run never came to {step}: {sleeper.words[-1:]}")
            else:
                self._outlive(sleeper)
        return self.played

    @contextmanager
    def _judged(self) -> Iterator[None]:
        """After the block, let everything settle and compare; the files of a round that went wrong stay."""
        begun = time.monotonic()
        keep = True
        try:
            yield
            self._leave_in_peace()
            self._compare()
            keep = bool(self.played.wrong)
        finally:
            self.stage.close(keep=keep)
            self.played.seconds = time.monotonic() - begun

    def _outlive(self, sleeper: Run) -> None:
        process = psutil.Process(sleeper.process.pid)
        with self.stage.database.writing():  # stopped while its lease's thread writes, it would keep everybody out
            process.suspend()
        with self._running(self.task, None) as other:
            self._await_end(other)
        if other.end != "ended":
            self.played.wrong.append(f"the run that took over came to {other.words[-1:]}")
        process.resume()
        self._let_go(sleeper)
        self._await_end(sleeper)
        if (told := sleeper.told("failed")) is None or told[0] != "LeaseLostError":
            self.played.wrong.append(f"the run that slept came to {sleeper.words[-1:]}")

    # -- one kill -----------------------------------------------------------------------------------------------

    def _one(self) -> None:
        planned = self._choose()
        self._say(f"kill of {planned.target} {planned.point} turn {planned.halt.attempt if planned.halt else '-'}")
        with self._running(self.task, planned.halt) as run:
            struck = self._strike(run, planned)
            self._await_end(run)
        (self.played.kills if struck else self.played.missed)[f"{planned.target} | {planned.point}"] += 1
        self._mend()
        if not struck:
            # Nobody disturbed that run: whom it left, it left for want of quota or of people.
            self._advance(run)

    def _choose(self) -> Kill:
        return choose(self._chance, has_server=self._postgres is not None, doubt=self.stage.in_doubt())

    def _strike(self, run: Run, planned: Kill) -> bool:
        """Wait for the moment and kill; False if the run was over before."""
        if planned.halt is None:
            run.listen(planned.delay)
        elif not run.listen(PATIENCE_SECONDS, planned.halt):
            if not run.end:
                self.played.wrong.append(f"a run said nothing for {PATIENCE_SECONDS:g} s: {run.words[-1:]}")
            return False
        elif planned.delay > 0:
            self._let_go(run)
            run.listen(planned.delay)
        if run.end:
            return False
        self._kill(run, planned)
        if planned.halt is not None and planned.delay == 0:
            self._let_go(run)
        return True

    def _kill(self, run: Run, planned: Kill) -> None:
        pid = run.process.pid or 0
        match planned.target:
            case "worker":
                worker, *run.orphans = family(pid)
                kill([worker])
            case "worker and browser":
                kill(family(pid))
            case "browser":
                kill(one for one in family(pid) if is_browser(one))
            case "sandbox":
                self.stage.sandbox.kill()
                if self._chance.random() < 0.7:
                    self.stage.sandbox.start()
            case "database":
                assert self._postgres is not None
                self._postgres.kill()
                if self._chance.random() < 0.5:
                    self._postgres.start()

    @staticmethod
    def _let_go(run: Run) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            run.link.send("go")

    def _await_end(self, run: Run) -> None:
        """Let the run come to its end, by itself or not, and everything that it started with it."""
        if not run.end:
            run.listen(PATIENCE_SECONDS)
        if not run.end:
            self.played.wrong.append(f"a run hangs after {run.words[-1:]}")
        run.process.join(AFTERMATH_SECONDS)
        # What the browser had begun must not reach the site after this: the clock is about to jump.
        _, left = psutil.wait_procs(run.orphans, timeout=AFTERMATH_SECONDS)
        if left:
            self.played.wrong.append(f"{len(left)} processes outlive their worker: {[one.pid for one in left]}")
            kill(left)

    # -- between and after --------------------------------------------------------------------------------------

    def _mend(self) -> None:
        """Start again what was killed, as whoever runs the machine would."""
        if self._postgres is not None:
            self._postgres.start()
        self.stage.sandbox.start()
        if (sign := self.stage.wait_out_the_breaker()) is not None:
            self.played.wrong.append(f"the account stopped for {sign}, which the site never showed")
            raise AssertionError(self.played.wrong[-1])
        self.stage.keep_the_day()

    def _advance(self, run: Run) -> None:
        if run.end == "ended" and self.stage.left_today() == 0:
            self.stage.next_day(8 if self.stage.week_left() == 0 or self.stage.visits_left() == 0 else 1)
            self._say(f"day {self.stage.day}")

    def _leave_in_peace(self) -> None:
        """Let it settle, then use up the day: exactly what is left goes out."""
        with self._running("settle", None) as run:
            self._await_end(run)
        if run.end != "ended":
            self.played.wrong.append(f"undisturbed settling came to {run.words[-1:]}")
        self._mend()
        left, before = self.stage.left_today(), len(self.stage.deliveries())
        for _ in range(8):
            with self._running(self.task, None) as run:
                self._await_end(run)
            if run.end != "ended":
                self.played.wrong.append(f"an undisturbed run came to {run.words[-1:]}")
            if run.told("planned") == (0,):
                break
        went_out = len(self.stage.deliveries()) - before
        if went_out != left:
            self.played.wrong.append(f"{left} messages were left to send, {went_out} went out")

    def _compare(self) -> None:
        self.played.books = compare(
            self.stage.database, self.stage.account_id, self.stage.deliveries(), self.stage.quota, self.stage.zone
        )
        self.played.wrong += self.played.books.wrong

    @contextmanager
    def _running(self, task: Task, halt: Halt | None) -> Iterator[Run]:
        self._runs += 1
        mine, theirs = forks().Pipe()
        process = self._start(self._order(task, halt), theirs)
        theirs.close()
        run = Run(process, mine)
        tree: list[psutil.Process] = []
        try:
            yield run
        finally:
            tree = family(process.pid or 0)
            kill(tree)
            process.join()
            mine.close()
            process.close()

    def _order(self, task: Task, halt: Halt | None) -> Order:
        folder = self.stage.folder
        return Order(self.stage.settings, folder / "clock", folder / "worker.log", f"run-{self._runs}", halt, task)

    def _start(self, order: Order, link: Connection) -> BaseProcess:
        process = forks().Process(target=work, args=(order, link), daemon=False)
        process.start()
        return process

    def _say(self, what: str) -> None:
        with (self.stage.folder / "worker.log").open("a") as log:
            log.write(f"=== round {self.played.number}, run {self._runs + 1}: {what}\n")
