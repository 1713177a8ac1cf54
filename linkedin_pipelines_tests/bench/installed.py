"""The whole product, running: a run besides its messages, from launch to first page, and `up` at rest.

Seconds and megabytes stand in the place of the ratio, since no floor does without Dagster. Processor seconds hold
beside other work; with wall time the JSON tells the part of a core that a busy thread got.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from linkedin_pipelines.orchestrator.runs import Launcher, tags_of
from linkedin_pipelines_tests.bench.figures import Figure, counted
from linkedin_pipelines_tests.load import rest
from linkedin_pipelines_tests.load.crowd import Crowd, message_seconds
from linkedin_pipelines_tests.load.meter import BROWSER, DRIVER, RUN, Meter, between, machine_share
from linkedin_pipelines_tests.torture.installation import CAMPAIGN
from linkedin_pipelines_tests.torture.test_two_machines import LIVE

FEW, MANY = 1, 4
"""Messages of a run; the difference tells what a message takes, and so what the rest of the run does."""
RUN_SECONDS, LAUNCH_SECONDS = 6.0, 1.0
OF_THE_RUN = (RUN, BROWSER, DRIVER)


class Ended(NamedTuple):
    """What one run took."""

    messages: int
    cpu: float
    besides: float
    """Wall seconds from its launch to its end, without its messages' own steps."""
    to_first_page: float
    launch: float
    """Wall seconds until the launch was answered."""


def figures(folder: Path, *, turns: int, minutes: float, hurried_minutes: float) -> Iterator[Figure]:
    """Runs one after the other; then installations that rest, one at its own pace, one with a tick a second."""
    (folder / "runs").mkdir()
    share = machine_share()
    runs = list(_runs(folder / "runs", turns))
    few, many = (median(run.cpu for run in runs if run.messages == number) for number in (FEW, MANY))
    a_message = (many - few) / (MANY - FEW)
    told = f"a busy thread got {share:.2f} of a core before"
    yield counted("a run besides its messages, processor s", few - FEW * a_message, bound=RUN_SECONDS, floor=told)
    yield counted("a message in a run, processor s", a_message)
    yield counted(
        "a run besides its messages, wall s", median(run.besides for run in runs), bound=RUN_SECONDS, floor=told
    )
    first = median(run.to_first_page for run in runs)
    yield counted("from launch to the first page, wall s", first, bound=RUN_SECONDS, floor=told)
    yield counted("a launch, wall s", median(run.launch for run in runs), bound=LAUNCH_SECONDS, floor=told)
    (folder / "rest").mkdir()
    resting = rest.measured(folder / "rest", minutes=minutes)
    yield counted("`up` at rest, percent of a core", resting.percent_of_a_core, bound=rest.CPU_PERCENT)
    yield counted("`up` at rest, MB", resting.megabytes, bound=rest.MEMORY_MB)
    (folder / "hurried").mkdir()
    hurried = rest.measured(folder / "hurried", minutes=hurried_minutes, hurried=True)
    assert hurried.failed_ticks == [], hurried.failed_ticks
    ticks = f"{sum(hurried.ticks.values()):,} ticks, {min(hurried.ticks.values()):,} of the rarest"
    yield counted("`up` hurried, MB gained from its second quarter to its last", hurried.gained, floor=ticks)


def _runs(folder: Path, turns: int) -> Iterator[Ended]:
    crowd = Crowd(folder, 2 * turns, contacts=1_000, people=MANY, at_once=4)
    few = crowd.accounts[::2]
    for account in few:
        crowd.keep_birthdays(account, FEW)
    try:
        crowd.start()
        crowd.stop_schedule()
        meter = Meter(crowd.processes, every=0.2, memory_every=float("inf"))
        with meter.running():
            for account in crowd.accounts:
                yield _ended(crowd, meter, account, FEW if account in few else MANY)
    finally:
        crowd.close()


def _ended(crowd: Crowd, meter: Meter, account: str, messages: int) -> Ended:
    launcher = Launcher(crowd.settings.home)
    tags = tags_of(crowd.settings.home, CAMPAIGN, account, crowd.today)
    before = meter.samples[-1].cpu if meter.samples else {}
    asked = time.monotonic()
    launched = launcher.launch(CAMPAIGN, tags, LIVE)
    answered = time.monotonic()
    launcher.wait(launched)  # as seldom as a user's `run` asks: a question takes the web server a core for a moment
    used = between(before, meter.samples[-1].cpu)
    record = next(one for one in crowd.campaigns() if one.dagster_run.run_id == launched.run_id)
    steps = message_seconds(crowd.settings.home, launched.run_id)
    assert len(steps) == len(crowd.deliveries(account)) == messages, (steps, crowd.deliveries(account))
    assert record.end_time is not None
    begun = record.create_timestamp.replace(tzinfo=UTC).timestamp()
    return Ended(
        messages,
        sum(used.get(role, 0.0) for role in OF_THE_RUN),
        record.end_time - begun - sum(steps),
        datetime.fromisoformat(crowd.first_pages()[account]).timestamp() - begun,
        answered - asked,
    )
