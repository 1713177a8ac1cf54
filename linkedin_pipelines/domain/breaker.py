"""The circuit breaker of one account, as pure steps from one state to the next.

`closed` lets work through; three failures in a row open it. An `open` one waits, each time twice as long, then admits a
single probe (`half_open`), whose outcome closes it or opens it again. A stop sign opens it without an end: only a human
who has looked at the account closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linkedin_pipelines.domain.states import BreakerState

FAILURES_TO_OPEN = 3
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
PROBE_PATIENCE = timedelta(minutes=10)
"""How long a probe may be out before it counts as lost with its run, so that another may try."""
JITTER = 0.2
"""A wait is shortened by up to this share, so that accounts that failed together do not return together."""

Random = Callable[[], float]
"""Gives numbers from 0 up to, not including, 1."""


@dataclass(frozen=True)
class Breaker:
    """Where an account's breaker stands."""

    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    """Failures in a row."""
    openings: int = 0
    """Openings in a row; the wait doubles with each."""
    opened_at: datetime | None = None
    retry_at: datetime | None = None
    """Open: when a probe may try. Half open: when the probe that is out counts as lost. None: a human decides."""
    stop_sign: str | None = None
    cause: str | None = None
    evidence: str | None = None
    """Picture of the stop sign, as a path below the evidence folder."""


Step = Callable[[Breaker], Breaker]


def admits(breaker: Breaker, now: datetime) -> bool:
    """Whether one piece of work may start now; if so, `admit` says what the breaker is then.

    A wait longer than any wait there is was set under a clock that has been set back since, and binds nobody.
    """
    if breaker.state is BreakerState.CLOSED:
        return True
    if breaker.retry_at is None:
        return False
    return now >= breaker.retry_at or breaker.retry_at - now > LONGEST_WAIT


def admit(breaker: Breaker, now: datetime) -> Breaker:
    """The breaker once the admitted work has started: half open if that work is the probe."""
    if breaker.state is BreakerState.CLOSED:
        return breaker
    return replace(breaker, state=BreakerState.HALF_OPEN, retry_at=now + PROBE_PATIENCE)


def after_lost_probe(breaker: Breaker, now: datetime) -> Breaker:
    """The probe's run died: that says nothing about the site, so another probe may try at once."""
    if breaker.state is not BreakerState.HALF_OPEN:
        return breaker
    return replace(breaker, state=BreakerState.OPEN, retry_at=now)


def after_success(breaker: Breaker) -> Breaker:
    """Work ended well. An open breaker stays open: what ended now had started before it opened."""
    return breaker if breaker.state is BreakerState.OPEN else Breaker()


def after_failure(breaker: Breaker, now: datetime, cause: str, random: Random) -> Breaker:
    """Work failed in a way that says something about the site or the browser."""
    if breaker.state is BreakerState.OPEN:
        return breaker
    failures = breaker.failures + 1
    if breaker.state is BreakerState.CLOSED and failures < FAILURES_TO_OPEN:
        return replace(breaker, failures=failures, cause=cause)
    return Breaker(
        state=BreakerState.OPEN,
        failures=failures,
        openings=breaker.openings + 1,
        opened_at=now,
        retry_at=now + wait_before_probe(breaker.openings, random),
        cause=cause,
    )


def after_stop_sign(breaker: Breaker, now: datetime, sign: str, cause: str, evidence: str | None = None) -> Breaker:
    """The site told us to stop: open until a human resumes the account."""
    return replace(
        breaker,
        state=BreakerState.OPEN,
        failures=breaker.failures + 1,
        opened_at=breaker.opened_at or now,
        retry_at=None,
        stop_sign=sign,
        cause=cause,
        evidence=evidence,
    )


def wait_before_probe(openings: int, random: Random) -> timedelta:
    """The wait after `openings` earlier ones in a row: 15 minutes, doubled each time, 6 hours at most, less jitter."""
    doublings = min(openings, 16)  # far beyond the longest wait, and no number too large for a timedelta
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return wait * (1 - JITTER * random())
