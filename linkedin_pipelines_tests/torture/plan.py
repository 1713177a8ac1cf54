"""Which process is killed where: the choice of one kill, from a seeded source of chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from linkedin_pipelines_tests.torture.steps import Halt

Target = Literal["worker", "worker and browser", "browser", "sandbox", "database"]

RANDOM = "at a random moment"

STEPS = (
    "lists.build_list: before commit",
    "lists.build_list: committed",
    "approvals.approve: before commit",
    "approvals.approve: committed",
    "lease_keeper.acquire: before commit",
    "lease_keeper.acquire: committed",
    "site_session.open_site: before commit",
    "site_session.open_site: committed",
    "lease_keeper.renew: before commit",
    "lease_keeper.renew: committed",
    "doubts.settle_doubts: before commit",
    "doubts.settle_doubts: committed",
    "browser: before its start",
    "browser: signed in",
    "executor.claim: before commit",
    "executor.claim: committed",
    "site_session.spend_visit: before commit",
    "site_session.spend_visit: committed",
    "open: before",
    "open: after",
    "thread read: after",
    "text written: after",
    "picture written: after",
    "executor.announce: before commit",
    "executor.announce: committed",
    "click: before",
    "click: looked at everything",
    "click: after",
    "proof: after",
    "picture sent: after",
    "executor.settle: before commit",
    "executor.settle: committed",
    "close: after",
    "lease_keeper.held_lease: before commit",
    "lease_keeper.held_lease: committed",
)
"""Every step of an undisturbed run, in order."""

DOUBT_STEPS = ("picture settled: after", "doubts.write: before commit", "doubts.write: committed")
"""Steps of a run that settles what an earlier one left in doubt."""

AROUND_THE_CLICK = (
    "executor.announce: before commit",
    "executor.announce: committed",
    "click: before",
    "click: looked at everything",
    "click: after",
    "proof: after",
    "executor.settle: before commit",
    "executor.settle: committed",
)


@dataclass(frozen=True)
class Kill:
    """One kill to be."""

    target: Target
    halt: Halt | None
    delay: float
    """Seconds after the step, or after the start where there is none; 0 kills exactly there."""

    @property
    def point(self) -> str:
        if self.halt is None:
            return RANDOM
        return self.halt.step if self.delay == 0 else f"{self.halt.step}, up to 1 s later"


def choose(chance: random.Random, *, has_server: bool, doubt: bool) -> Kill:
    """Choose a kill; `has_server` if the database has one, `doubt` if a send is in doubt."""
    targets: list[Target] = ["worker", "worker and browser", "browser", "sandbox"]
    weights = [30.0, 40.0, 15.0, 15.0]
    if has_server:
        targets.append("database")
        weights.append(20.0)
    target = chance.choices(targets, weights)[0]
    if chance.random() < 0.15:
        return Kill(target, None, chance.uniform(0.1, 6.0))
    if doubt and chance.random() < 0.4:
        steps: tuple[str, ...] = DOUBT_STEPS
    elif chance.random() < 0.5:
        steps = AROUND_THE_CLICK
    else:
        steps = STEPS
    step = chance.choice(steps)
    attempt = chance.choices((1, 2, 3), (80, 15, 5))[0]
    # A browser, site or database that dies while the worker is held is noticed at the worker's next word with it.
    delay = 0.0 if chance.random() < 0.6 else chance.uniform(0.001, 1.0)
    return Kill(target, Halt(step, attempt), delay)
