"""A hundred accounts on one machine: the schedule's tick, launches of some, and the memory of what runs meanwhile.

What all their campaigns deliver is played by `make load`; here as many run as end while others are launched.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from linkedin_pipelines_tests.bench.figures import Figure, counted
from linkedin_pipelines_tests.load.crowd import Crowd, tags_of
from linkedin_pipelines_tests.load.meter import RESTING, Meter

PEOPLE, CONTACTS, AT_ONCE = 2, 1_000, 4
LAUNCHED = 40
TICK_SECONDS, LAUNCH_SECONDS = 60.0, 1.0
"""Dagster's own limit of a tick, and what a launch may take."""


def figures(folder: Path, *, accounts: int) -> Iterator[Figure]:
    """Launch the first of those that the schedule asks for, one after the other."""
    crowd = Crowd(folder, accounts, contacts=CONTACTS, people=PEOPLE, at_once=AT_ONCE)
    try:
        crowd.start()
        crowd.stop_schedule()  # launched here as it would; its own tick in the middle would launch the rest beside us
        meter = Meter(crowd.processes)
        with meter.running():
            launches = crowd.launch_all()
            tick, seconds = next(launches), list(islice(launches, LAUNCHED))
        requests, _ = crowd.requests_of_schedule()
        again = [one for one in requests if crowd.has_campaign(tags_of(one)["dagster/partition/account"])]
        ended = [one.end_time - one.start_time for one in crowd.campaigns() if one.end_time and one.start_time]
        assert ended, "no campaign ended while the others were launched"
        name = f"{accounts} accounts"
        yield counted(f"{name}: the schedule's tick, wall s", tick, bound=TICK_SECONDS)
        yield counted(f"{name}: a launch beside {AT_ONCE} runs, wall s", median(seconds), bound=LAUNCH_SECONDS)
        yield counted(f"{name}: asked for again by the schedule's next tick", len(again), bound=0)
        yield counted(f"{name}: a run of {PEOPLE} messages, wall s", median(ended), floor=f"of {len(ended)} that ended")
        yield counted(f"{name}: browsers at most", meter.most_browsers, bound=AT_ONCE)
        most = meter.heaviest.memory
        yield counted(f"{name}: memory at most, MB", sum(most.values()), floor=str(dict(most)))
        yield counted(f"{name}: of it besides runs and browsers, MB", sum(most.get(role, 0.0) for role in RESTING))
    finally:
        crowd.close()
