"""`python -m linkedin_pipelines_tests.load.rest`: what `up` takes while nothing is to be done, and whether it grows."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
import dagster as dg

from linkedin_pipelines.orchestrator.runs import instance_of
from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.load.crowd import Crowd, as_json, tick_seconds, unfinished
from linkedin_pipelines_tests.load.hurried import EVERY_SECONDS
from linkedin_pipelines_tests.load.meter import RESTING, Meter, between, machine_share

SLICE_SECONDS = 10.0
SETTLING_SECONDS, HURRIED_SETTLING_SECONDS = 60.0, 20.0
"""From `up` on, not counted: the first tick of every sensor loads what it needs."""
CPU_PERCENT, MEMORY_MB = 4.0, 450.0
CHECKOUT = Path(__file__).parents[2]


class HurriedCrowd(Crowd):
    """One whose sensors tick once a second at most, and its schedules once a minute."""

    command = (sys.executable, "-m", "linkedin_pipelines_tests.load.hurried")


@dataclass
class Rest:
    """What was measured, slice by slice; those in which a run was going on are left out."""

    hurried: bool
    minutes: float
    machine_share: float = 0.0
    slices: int = 0
    with_runs: int = 0
    percent: dict[str, float] = field(default_factory=dict)
    """Of one core, by role."""
    memory: list[dict[str, float]] = field(default_factory=list)
    """Megabytes by role (PSS), at each slice's end, runs or not."""
    files: list[dict[str, float]] = field(default_factory=list)
    threads: list[dict[str, float]] = field(default_factory=list)
    ticks: dict[str, int] = field(default_factory=dict)
    """How often each schedule and sensor ticked."""
    failed_ticks: list[str] = field(default_factory=list)

    @property
    def percent_of_a_core(self) -> float:
        return sum(self.percent.values())

    @property
    def megabytes(self) -> float:
        """Of all its processes, at the end."""
        return sum(self.memory[-1][role] for role in RESTING if role in self.memory[-1])

    @property
    def gained(self) -> float:
        """Megabytes of all its processes, from the second quarter to the last: by then everything was loaded."""
        return sum(quarters[-1] - quarters[1] for quarters in self.growth("memory").values())

    def growth(self, of: str) -> dict[str, tuple[float, ...]]:
        """By role: the mean over each quarter of the slices."""
        rows: list[dict[str, float]] = getattr(self, of)
        size = max(1, len(rows) // 4)
        quarters = [rows[:size], rows[size : 2 * size], rows[-2 * size : -size], rows[-size:]]
        return {
            role: tuple(_mean(quarter, role) for quarter in quarters if quarter)
            for role in sorted(RESTING)
            if any(role in row for row in rows)
        }


def measured(folder: Path, *, minutes: float, hurried: bool = False) -> Rest:
    """One account with 1,000 contacts and nothing to wish today; `up` for so many minutes."""
    # The tests are no installed package, and the code server loads one of them.
    os.environ["PYTHONPATH"] = str(CHECKOUT)
    kind = HurriedCrowd if hurried else Crowd
    crowd = kind(folder, 1, contacts=1_000, people=0, at_once=4)
    rest = Rest(hurried, minutes, machine_share())
    try:
        crowd.start()
        threading.Event().wait(HURRIED_SETTLING_SECONDS if hurried else SETTLING_SECONDS)
        _measure(rest, crowd)
        longest, rest.failed_ticks = tick_seconds(crowd.settings.home)
        rest.ticks = {name: _ticks(crowd.settings.home, name) for name in longest}
    finally:
        crowd.close()
    return rest


def _measure(rest: Rest, crowd: Crowd) -> None:
    meter = Meter(crowd.processes)
    end = time.monotonic() + rest.minutes * 60
    used = dict.fromkeys(RESTING, 0.0)
    seconds = 0.0
    before, busy_before = meter.now(), _is_busy(crowd)
    while time.monotonic() < end:
        threading.Event().wait(SLICE_SECONDS)
        after, busy_after = meter.now(), _is_busy(crowd)
        rest.memory.append(dict(after.memory))
        rest.files.append(dict(after.files))
        rest.threads.append(dict(after.threads))
        if busy_before or busy_after:
            rest.with_runs += 1
        else:
            rest.slices += 1
            for role, part in between(before.cpu, after.cpu).items():
                used[role] = used.get(role, 0.0) + part
            seconds += after.at - before.at
        before, busy_before = after, busy_after
    rest.percent = {role: 100 * used[role] / seconds for role in RESTING} if seconds else {}


def _is_busy(crowd: Crowd) -> bool:
    with instance_of(crowd.settings.home) as instance:
        return bool(instance.get_runs_count(dg.RunsFilter(statuses=unfinished())))


def _ticks(home: Path, name: str) -> int:
    with instance_of(home) as instance:
        [state] = [one for one in instance.all_instigator_state() if one.instigator_name == name]
        return len(instance.get_ticks(state.instigator_origin_id, state.selector_id))


def _mean(rows: list[dict[str, float]], role: str) -> float:
    return sum(row.get(role, 0.0) for row in rows) / len(rows)


def lines(rest: Rest) -> Iterator[str]:
    """The rest for a person to read."""
    hurried = f"each sensor every {EVERY_SECONDS} s at most, each schedule every minute"
    pace = hurried if rest.hurried else "at its own pace"
    yield f"`up` at rest, {rest.minutes:g} minutes, {pace}; part of a core: {rest.machine_share:.2f}"
    yield f"slices of {SLICE_SECONDS:g} s without a run: {rest.slices}; with one, left out: {rest.with_runs}"
    bounds = "" if rest.hurried else f" (bounds {CPU_PERCENT:g} % and {MEMORY_MB:g} MB)"
    yield f"{rest.percent_of_a_core:.1f} % of a core, {rest.megabytes:.0f} MB{bounds}"
    yield "  % of a core: " + ", ".join(f"{role} {part:.2f}" for role, part in rest.percent.items())
    for of in ("memory", "files", "threads"):
        yield f"  {of}, by quarters: " + ", ".join(
            f"{role} {' → '.join(f'{mean:.1f}' for mean in quarters)}" for role, quarters in rest.growth(of).items()
        )
    yield f"  gained from the second quarter to the last: {rest.gained:.1f} MB"
    yield f"  ticks: {rest.ticks}; failed: {len(rest.failed_ticks)} {rest.failed_ticks[:2] or ''}"


@click.command()
@click.option("--minutes", default=5.0, show_default=True)
@click.option("--hurried", is_flag=True, help="Each sensor once a second at most, each schedule once a minute.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for everything as JSON.")
def main(*, minutes: float, hurried: bool, out: Path | None) -> None:
    """Measure and print."""
    folder = scratch.make()
    rest = measured(folder, minutes=minutes, hurried=hurried)
    for line in lines(rest):
        click.echo(line)
    if out is not None:
        out.write_text(as_json(asdict(rest)))
    scratch.remove_at_exit(folder)


if __name__ == "__main__":
    main()
