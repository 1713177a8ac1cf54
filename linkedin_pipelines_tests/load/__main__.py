"""`python -m linkedin_pipelines_tests.load`: the campaigns of many accounts at once, and what they take."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import click

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.runtime.home import UpNote
from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.load.crowd import Crowd, as_json, message_seconds, tick_seconds
from linkedin_pipelines_tests.load.meter import RESTING, Meter, Sample, between, machine_share
from linkedin_pipelines_tests.load.readers import Readers
from linkedin_pipelines_tests.postgres import PostgresForTests
from linkedin_pipelines_tests.torture.servers import wait_until

TICK_SECONDS = 60.0
"""Dagster's own limit of a tick of a sensor or a schedule."""
LAUNCH_SECONDS = 1.0
LAUNCHING = ("web server", "code server")
"""What a launch keeps busy; runs that begin meanwhile are processes of their own."""


@dataclass
class Told:
    """What one play measured."""

    accounts: int
    people: int
    contacts: int
    at_once: int
    readers: int
    database: str
    machine: str = ""
    machine_share: list[float] = field(default_factory=list)
    """The part of a core that a busy thread got, before and after."""
    furnish_seconds: float = 0.0
    schedule_seconds: float = 0.0
    launch_seconds: list[float] = field(default_factory=list)
    launch_cpu: float = 0.0
    """Processor seconds of all processes from the first launch to the last, a launch."""
    launched: int = 0
    launched_twice: list[str] = field(default_factory=list)
    longest_ticks: dict[str, float] = field(default_factory=dict)
    failed_ticks: list[str] = field(default_factory=list)
    all_seconds: float = 0.0
    """From the first launch until the last run had ended."""
    run_seconds: list[float] = field(default_factory=list)
    """From a run's own start to its end."""
    message_seconds: list[float] = field(default_factory=list)
    most_browsers: int = 0
    rest_memory: dict[str, float] = field(default_factory=dict)
    most_memory: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    files: dict[str, float] = field(default_factory=dict)
    over_time: list[dict[str, float]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    answer_seconds: dict[str, float] = field(default_factory=dict)
    deliveries: int = 0
    wrong: list[str] = field(default_factory=list)
    """Whatever ledger and site disagree about: over quota, twice, a wrong person or text, lost."""

    @property
    def kept(self) -> bool:
        """Whether nothing went wrong; no time is judged here but the limit that Dagster itself sets."""
        fine = not self.wrong and not self.launched_twice and not self.failed_ticks
        return fine and self.launched == self.accounts and self.most_browsers <= self.at_once


def play(told: Told, folder: Path, database_url: str | None, minutes: float) -> Told:
    """Furnish, launch, wait, compare."""
    begun = time.monotonic()
    crowd = Crowd(
        folder,
        told.accounts,
        contacts=told.contacts,
        people=told.people,
        at_once=told.at_once,
        database_url=database_url,
    )
    told.furnish_seconds = time.monotonic() - begun
    told.machine_share.append(machine_share())
    try:
        crowd.start()
        _play(told, crowd, minutes)
    finally:
        crowd.close()
    told.machine_share.append(machine_share())
    return told


def _play(told: Told, crowd: Crowd, minutes: float) -> None:
    meter = Meter(crowd.processes)
    with ExitStack() as stack:
        stack.enter_context(meter.running())
        launched = crowd.launch_all()
        told.schedule_seconds = next(launched)
        before = meter.now()
        told.rest_memory = dict(before.memory)
        begun = time.monotonic()
        told.launch_seconds = list(launched)
        used = between(before.cpu, meter.now(memory=False).cpu)
        told.launch_cpu = sum(used.get(role, 0.0) for role in LAUNCHING) / max(1, len(told.launch_seconds))
        url = UpNote.read(crowd.settings.home).status_url
        readers = Readers(url, crowd.key, crowd.accounts, told.readers, rest_seconds=1.0)
        stack.enter_context(readers.reading())
        try:
            wait_until(lambda: _rested(crowd, told), "campaigns are still going on", minutes * 60)
        except TimeoutError as error:
            told.wrong.append(str(error))
        told.all_seconds = time.monotonic() - begun
        last = meter.now()
    records = crowd.campaigns()
    told.launched, told.launched_twice = len(records), crowd.launched_twice()
    told.run_seconds = [one.end_time - one.start_time for one in records if one.end_time and one.start_time]
    told.message_seconds = [
        seconds for one in records for seconds in message_seconds(crowd.settings.home, one.dagster_run.run_id)
    ]
    told.longest_ticks, told.failed_ticks = tick_seconds(crowd.settings.home)
    told.most_browsers = meter.most_browsers
    told.most_memory, told.files = dict(meter.heaviest.memory), dict(meter.heaviest.files)
    told.cpu = dict(last.cpu)
    told.over_time = list(_over_time(meter.samples))
    told.answers = dict(readers.answers)
    told.answer_seconds = {"half": readers.within(0.5), "95 of 100": readers.within(0.95), "all": readers.within(1.0)}
    books = crowd.compare()
    told.deliveries = books.deliveries
    told.wrong += books.wrong
    told.wrong += [f"{account}: not everybody was written to" for account in crowd.lost(told.people)]


def _rested(crowd: Crowd, told: Told) -> bool:
    time.sleep(2)  # each question opens Dagster's storage, which is part of the load otherwise
    return crowd.at_rest(told.accounts)


def _over_time(samples: list[Sample]) -> Iterator[dict[str, float]]:
    """Twelve moments of those at which memory was read, evenly apart."""
    full = [sample for sample in samples if sample.memory]
    for sample in full[:: 1 + len(full) // 12]:
        yield {
            "minute": round((sample.at - full[0].at) / 60, 1),
            "cpu_s": round(sum(sample.cpu.values())),
            "memory_mb": round(sum(sample.memory.values())),
            "status_server_mb": round(sample.memory.get("status server", 0.0)),
            "files": sum(sample.files.values()),
            "browsers": sample.browsers,
        }


def lines(told: Told) -> Iterator[str]:
    """The play for a person to read."""
    share = " and ".join(f"{one:.2f}" for one in told.machine_share)
    yield f"{told.accounts} accounts, {told.people} messages and {told.contacts:,} contacts each, {told.database}, "
    yield f"{told.at_once} runs at once, {told.readers} readers"
    yield f"{told.machine}; part of a core before and after: {share}"
    yield f"the schedule's tick: {told.schedule_seconds:.1f} s of {TICK_SECONDS:g}"
    if told.launch_seconds:
        longest = max(told.launch_seconds)
        half = median(told.launch_seconds)
        yield f"a launch: {half:.2f} s, at most {longest:.2f} (bound {LAUNCH_SECONDS:g} s)"
        yield f"a launch's processor time in {' and '.join(LAUNCHING)}: {told.launch_cpu:.2f} s"
    yield f"campaigns launched: {told.launched}; accounts launched twice: {len(told.launched_twice)}"
    slowest = sorted(told.longest_ticks.items(), key=lambda one: -one[1])[:5]
    yield "longest ticks: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest)
    yield f"ticks that failed: {len(told.failed_ticks)} {told.failed_ticks[:3] or ''}"
    run, message = _half(told.run_seconds), _half(told.message_seconds)
    yield f"all campaigns: {told.all_seconds:.0f} s; a run from its start: {run:.1f} s, a message: {message:.1f} s"
    yield f"browsers at once, at most: {told.most_browsers} of {told.at_once}"
    rest, most = _sum(told.rest_memory, RESTING), _sum(told.most_memory)
    heaviest = sorted(told.most_memory.items(), key=lambda one: -one[1])
    yield f"memory, MB (PSS): at rest {rest:.0f}, at most {most:.0f}: " + ", ".join(
        f"{role} {mb:.0f}" for role, mb in heaviest
    )
    yield "processor time, s: " + ", ".join(
        f"{role} {seconds:.0f}" for role, seconds in sorted(told.cpu.items(), key=lambda one: -one[1])
    )
    yield f"open files: {told.files}"
    for moment in told.over_time:
        yield "  " + ", ".join(f"{name} {value:g}" for name, value in moment.items())
    answered = ", ".join(f"{part} within {seconds:.2f} s" for part, seconds in told.answer_seconds.items())
    yield f"readers' answers: {told.answers}; {answered}"
    yield f"delivered: {told.deliveries} of {told.accounts * told.people}; violations: {len(told.wrong)}"
    yield from (f"  {one}" for one in told.wrong[:20])


def _half(values: list[float]) -> float:
    return median(values) if values else 0.0


def _sum(by_role: dict[str, float], roles: frozenset[str] | None = None) -> float:
    return sum(mb for role, mb in by_role.items() if roles is None or role in roles)


@click.command()
@click.option("--accounts", default=100, show_default=True)
@click.option("--people", default=2, show_default=True, help="Birthdays today, an account; at most 10.")
@click.option("--contacts", default=1_000, show_default=True, help="Connections, an account.")
@click.option("--at-once", default=4, show_default=True, help="Runs, and so browsers, at once.")
@click.option("--readers", default=20, show_default=True, help="Programs that read the status server's API meanwhile.")
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite", show_default=True)
@click.option("--minutes", default=180.0, show_default=True, help="How long the campaigns may take.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for everything as JSON.")
def main(
    *,
    accounts: int,
    people: int,
    contacts: int,
    at_once: int,
    readers: int,
    database: str,
    minutes: float,
    out: Path | None,
) -> None:
    """Play, print, compare; 1 if anything is wrong."""
    folder = scratch.make()
    server = PostgresForTests() if database == "postgres" else None
    machine = f"{platform.platform()}, {SystemClock().now():%H:%M} UTC"
    told = Told(accounts, people, contacts, at_once, readers, database, machine)
    try:
        play(told, folder, server.create() if server is not None else None, minutes)
    finally:
        if server is not None:
            server.stop()
    for line in lines(told):
        click.echo(line)
    if out is not None:
        out.write_text(as_json(asdict(told)))
    if not told.kept:
        click.echo(f"something is wrong; the logs are in {folder}", err=True)
        sys.exit(1)
    scratch.remove_at_exit(folder)


if __name__ == "__main__":
    main()
