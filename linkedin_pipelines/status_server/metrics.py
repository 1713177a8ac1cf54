"""`/metrics`: one scrape at a time, kept for some seconds, Dagster's own state beside ours, requests timed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.errors import LinkedInPipelinesError, OrchestratorUnavailableError
from linkedin_pipelines.status_server import dagster_state
from linkedin_pipelines.status_server.graphql import DagsterWeb

log = structlog.get_logger(__name__)

CACHE_SECONDS = 5.0


class Metrics(Collector):
    """What one registry collects. While the database is away the last state is served, with its age."""

    def __init__(self, read: Callable[[], list[Metric]], web: DagsterWeb | None, clock: Clock) -> None:
        """Take what reads our families, and Dagster's web server if one is watched."""
        self._read = read
        self._web = web
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._kept_at: float | None = None
        self._failures = 0
        self.registry = CollectorRegistry(auto_describe=False)
        self.requests = Histogram(
            "linkedin_api_request_duration_seconds",
            "Requests to this server since it started.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self.registry.register(self)

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All families, from the cache if it is fresh."""
        with self._lock:
            if self._kept_at is None or time.monotonic() - self._kept_at > CACHE_SECONDS:
                self._refresh()
            kept, age = self._kept, None if self._kept_at is None else time.monotonic() - self._kept_at
            failures = self._failures
        yield from kept
        if age is not None:
            yield _gauge("linkedin_scrape_age_seconds", "Age of what this scrape tells of the database.", age)
        yield CounterMetricFamily("linkedin_scrape_failures", "Scrapes that could not read the tables.", value=failures)

    def text(self) -> bytes:
        """The exposition, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _refresh(self) -> None:
        try:
            families = self._read()
        except (LinkedInPipelinesError, OSError) as error:
            log.warning("scrape_failed", error_type=type(error).__name__)
            self._failures += 1
            return
        if self._web is not None:
            families += of_dagster(self._web, self._clock.now())
        self._kept, self._kept_at = families, time.monotonic()


def of_dagster(web: DagsterWeb, now: datetime) -> list[Metric]:
    """Dagster's own state, under the names that its boards know; only `dagster_up` where it does not answer."""
    try:
        daemons, runs = dagster_state.daemons(web, now), dagster_state.runs(web)
    except OrchestratorUnavailableError:
        log.warning("dagster_does_not_answer")
        return [_gauge("dagster_up", "Whether the web server answers.", 0.0)]
    healthy = GaugeMetricFamily("dagster_daemon_healthy", "Whether its heartbeat is fresh.", labels=["daemon"])
    beat = GaugeMetricFamily("dagster_daemon_heartbeat_age_seconds", "Since its last heartbeat.", labels=["daemon"])
    for daemon in daemons:
        healthy.add_metric([daemon.name], daemon.alive)
        if daemon.age_seconds is not None:
            beat.add_metric([daemon.name], daemon.age_seconds)
    active = GaugeMetricFamily("dagster_active_runs", "Runs that have not ended.", labels=["status"])
    for status in ("queued", "starting", "started", "canceling"):
        active.add_metric([status], runs[status]["count"])
    completed = CounterMetricFamily("dagster_completed_runs", "Runs that have ended.", labels=["status"])
    for status in ("success", "failure", "canceled"):
        completed.add_metric([status], runs[status]["count"])
    waits = [now.timestamp() - each["creationTime"] for each in runs["queue"]["results"]]
    families: list[Metric] = [
        _gauge("dagster_up", "Whether the web server answers.", 1.0),
        healthy,
        beat,
        active,
        completed,
        _gauge("dagster_oldest_queued_run_age_seconds", "How long the oldest queued run waits.", max(waits, default=0)),
        _durations(runs["recent"]["results"]),
        *_ticks(runs["repositoryOrError"]),
    ]
    return families


def _durations(recent: Sequence[dict[str, Any]]) -> Metric:
    family = GaugeMetricFamily("dagster_last_run_duration_seconds", "How long its last run took.", labels=["job"])
    seen: set[str] = set()
    for run in recent:
        job = run["jobName"] if not run["jobName"].startswith("__") else "assets"
        if job not in seen and run["startTime"] is not None and run["endTime"] is not None:
            seen.add(job)
            family.add_metric([job], run["endTime"] - run["startTime"])
    return family


def _ticks(repository: dict[str, Any]) -> Iterator[Metric]:
    for kind, plural, state in (("schedule", "schedules", "scheduleState"), ("sensor", "sensors", "sensorState")):
        ticked = GaugeMetricFamily(f"dagster_{kind}_last_tick_status", "1 for how it ended.", labels=[kind, "status"])
        running = GaugeMetricFamily(f"dagster_{kind}_running", "Whether it is turned on.", labels=[kind])
        for each in repository.get(plural, []):
            running.add_metric([each["name"]], each[state]["status"] == "RUNNING")
            for tick in each[state]["ticks"]:
                ticked.add_metric([each["name"], tick["status"].lower()], 1)
        yield ticked
        yield running


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)
