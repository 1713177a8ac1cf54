"""What the processes of a running stack take, by what they are for: processor time, memory, browsers at once."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil

from linkedin_pipelines_tests.torture.servers import is_browser

RUN = "run"
BROWSER = "browser"
DRIVER = "browser's driver"
_ROLES = {
    "dagster-daemon": "daemon",
    "hurried_daemon": "daemon",
    "web_server": "web server",
    "status_server": "status server",
    "api grpc": "code server",
    "run-driver": DRIVER,
    "load.hurried up": "up",
    "linkedin-pipelines": "up",
}
"""Words of a command line, and what the process is for."""
RESTING = frozenset({"up", "daemon", "web server", "status server", "code server"})
"""What runs while nothing is to be done."""
_PROFILE = "--user-data-dir="
"""Each browser has a profile of its own, which its main process names."""
_SPIN = 200_000


Amounts = dict[str, float]
"""Something of each role; a role that has no process any more may be missing."""


@dataclass(frozen=True)
class Sample:
    """The stack at one moment."""

    at: float
    cpu: Amounts
    """Processor seconds since the start, by role; those of processes that ended are kept."""
    memory: Amounts
    """Megabytes by role, pages that several share counted in parts (PSS)."""
    files: Amounts
    """Open files and connections by role."""
    threads: Amounts
    browsers: int
    """Browsers, each of which is many processes."""


@dataclass
class Meter:
    """Reads the processes that `processes` names again and again, in a thread of its own."""

    processes: Callable[[], Sequence[psutil.Process]]
    every: float = 0.5
    memory_every: float = 5.0
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cpu: dict[tuple[int, float], tuple[str, float]] = {}
        self._roles: dict[tuple[int, float], str] = {}
        self._ended = threading.Event()

    @contextmanager
    def running(self) -> Iterator[Meter]:
        """Read until the block ends."""
        thread = threading.Thread(target=self._read, name="meter", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def now(self, *, memory: bool = True) -> Sample:
        """The stack as it is now."""
        taken: dict[str, Amounts] = defaultdict(lambda: defaultdict(float))
        profiles: set[str] = set()
        for process in self.processes():
            with suppress(psutil.Error, OSError):
                key = (process.pid, process.create_time())
                role = self._role_of(key, process)
                times = process.cpu_times()
                self._cpu[key] = (role, times.user + times.system)
                if role == BROWSER:
                    profiles |= {word for word in process.cmdline() if word.startswith(_PROFILE)}
                if memory:
                    taken["memory"][role] += process.memory_full_info().pss / 2**20
                    taken["files"][role] += process.num_fds()
                    taken["threads"][role] += process.num_threads()
        cpu: Amounts = defaultdict(float)
        for role, seconds in self._cpu.values():
            cpu[role] += seconds
        return Sample(time.monotonic(), cpu, taken["memory"], taken["files"], taken["threads"], len(profiles))

    def _role_of(self, key: tuple[int, float], process: psutil.Process) -> str:
        if key not in self._roles:
            words = " ".join(process.cmdline())
            named = next((role for part, role in _ROLES.items() if part in words), None)
            role = BROWSER if is_browser(process) else named or RUN
            if len(words) > 0 and process.cpu_times().user > 0:  # one that has just been forked bears its parent's name
                self._roles[key] = role
            return role
        return self._roles[key]

    def _read(self) -> None:
        read_at = 0.0
        while not self._ended.wait(self.every):
            due = time.monotonic() - read_at >= self.memory_every
            if due:
                read_at = time.monotonic()
            self.samples.append(self.now(memory=due))

    # -- what the samples say -----------------------------------------------------------------------------------

    @property
    def most_browsers(self) -> int:
        """How many there were at once."""
        return max((sample.browsers for sample in self.samples), default=0)

    @property
    def heaviest(self) -> Sample:
        """The moment at which all processes together took most memory."""
        return max(self.samples, key=lambda sample: sum(sample.memory.values()))


def between(before: Amounts, after: Amounts) -> Amounts:
    """How much was added meanwhile, by role."""
    return {role: amount - before.get(role, 0.0) for role, amount in after.items()}


def machine_share() -> float:
    """The part of a core that one busy thread gets now: 1 on an idle machine, less where others wait for it too."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(10):
        sum(range(_SPIN))
    return (time.process_time() - cpu) / (time.perf_counter() - wall)
