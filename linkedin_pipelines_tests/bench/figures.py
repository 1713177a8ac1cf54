"""A figure: what something costs, against a floor, over several turns."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, NamedTuple

Work = Callable[[], object]


class Cost(NamedTuple):
    """What one turn took, in seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Figure:
    """Medians over the turns; the spread is that of the ratio of each turn."""

    name: str
    seconds_cpu: float
    floor_cpu: float
    ratio: float
    lowest: float
    highest: float
    seconds_wall: float
    floor_wall: float
    bound: float | None
    """The ratio to reach; None where none was set."""
    floor: str
    """What the floor does."""

    @property
    def kept(self) -> bool | None:
        """Whether the bound is met; None where there is none."""
        return None if self.bound is None else self.ratio <= self.bound

    def as_json(self) -> dict[str, Any]:
        """For a file that later runs are compared with."""
        return asdict(self) | {"kept": self.kept}


def figure(
    name: str,
    work: Work,
    floor: Work,
    does: str,
    *,
    turns: int = 5,
    bound: float | None = None,
    wall: bool = False,
) -> Figure:
    """Take turns, the floor first; one turn before them, which warms caches, is not counted, if there are several.

    The ratio is that of processor time, or of `wall` time where most of it is waiting for another program.
    """
    if turns > 1:
        floor()
        work()
    return figure_of(name, [(cost_of(floor), cost_of(work)) for _ in range(turns)], does, bound=bound, wall=wall)


def figure_of(
    name: str, pairs: Sequence[tuple[Cost, Cost]], does: str, *, bound: float | None = None, wall: bool = False
) -> Figure:
    """The figure of turns that were measured elsewhere: of each, what the floor cost, and what ours did."""
    ratios = [ours[wall] / max(bare[wall], 1e-9) for bare, ours in pairs]
    return Figure(
        name=name,
        seconds_cpu=median(ours.cpu for _, ours in pairs),
        floor_cpu=median(bare.cpu for bare, _ in pairs),
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        seconds_wall=median(ours.wall for _, ours in pairs),
        floor_wall=median(bare.wall for bare, _ in pairs),
        bound=bound,
        floor=does,
    )


def counted(name: str, number: float, *, bound: float | None = None, floor: str = "") -> Figure:
    """A number that no floor goes with; it stands in the place of the ratio."""
    return Figure(name, 0.0, 0.0, number, number, number, 0.0, 0.0, bound, floor)


def table(figures: Sequence[Figure]) -> str:
    """The figures for a person to read."""
    lines = [f"{'figure':58} {'cpu s':>9} {'floor s':>9} {'ratio':>7} {'spread':>15} {'bound':>6}"]
    for one in figures:
        spread = f"{one.lowest:.2f} to {one.highest:.2f}"
        bound = "" if one.bound is None else f"{one.bound:g}{'' if one.kept else ' !'}"
        numbers = f"{one.seconds_cpu:9.4f} {one.floor_cpu:9.4f} {one.ratio:7.2f}"
        lines.append(f"{one.name:58} {numbers} {spread:>15} {bound:>6}")
    return "\n".join(lines)


def cost_of(work: Work) -> Cost:
    """Processor seconds of this process and of those that it has waited for meanwhile, and wall seconds."""
    cpu, wall = _processor(), time.perf_counter()
    work()
    return Cost(_processor() - cpu, time.perf_counter() - wall)


def _processor() -> float:
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system
