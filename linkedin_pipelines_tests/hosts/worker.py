"""One run of a campaign on one of the hosts: in its network, and by its clock."""

from __future__ import annotations

import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from linkedin_pipelines_tests.hosts.namespaces import enter
from linkedin_pipelines_tests.torture.steps import Halt, Steps
from linkedin_pipelines_tests.torture.worker import Order, work


@dataclass(frozen=True)
class Shift:
    """Another time on the host's clock from `at` on, by so many seconds; from the start where `at` is None."""

    seconds: int
    at: Halt | None = None


@dataclass(frozen=True, kw_only=True)
class HostOrder(Order):
    """What one process is to do, and on which host."""

    namespace: str
    time_file: Path
    """What the host's clock is off by, as libfaketime reads it."""
    shift: Shift | None = None


class ShiftingSteps(Steps):
    """Steps at one of which the host's clock is set to another time."""

    def __init__(self, link: Connection, order: HostOrder) -> None:
        super().__init__(link, order.halt)
        self._order = order

    def reached(self, here: Halt) -> None:
        shift = self._order.shift
        if shift is not None and shift.at == here:
            set_clock(self._order.time_file, shift.seconds)


def set_clock(file: Path, seconds: int) -> None:
    """Let all processes whose libfaketime reads `file` be off by so many seconds, at once."""
    made = file.with_suffix(".new")
    made.write_text(f"{seconds:+d}\n")
    made.replace(file)


def work_on_host(order: HostOrder, link: Connection) -> None:
    """Carry out an order on its host."""
    enter(order.namespace)
    os.environ.pop("LD_PRELOAD", None)  # this process has it by now; a browser is not to be slowed down by it
    work(order, link, ShiftingSteps(link, order))
