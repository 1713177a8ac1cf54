"""What a campaign depends on, as processes that can be killed and started again: the site, and a Postgres server."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import psutil

from linkedin_pipelines.runtime.listening import port_of, reserve
from linkedin_pipelines.sandbox.server import run_forever
from linkedin_pipelines.sandbox.world import World
from linkedin_pipelines_tests.postgres import PostgresForTests
from linkedin_pipelines_tests.site_control import control

_PRELOADED = ["linkedin_pipelines_tests.torture.worker", "linkedin_pipelines.sandbox.server", "playwright.sync_api"]
PATIENCE_SECONDS = 60.0
"""How long a server may take to answer; a busy machine needs some of it."""


def forks() -> ForkServerContext:
    """Processes that start at once, from a server that has imported everything and done nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until `condition` holds.

    Raises:
        TimeoutError: it does not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {seconds:g} s")
        time.sleep(0.02)


def family(pid: int) -> list[psutil.Process]:
    """A process and everything that descends from it, grandparents first."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def is_browser(process: psutil.Process) -> bool:
    """Whether it is one of Chromium's."""
    with suppress(psutil.NoSuchProcess):
        return "chrom" in process.name().lower()
    return False


def kill(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL to each, and wait until all are gone."""
    doomed = list(processes)
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(doomed, timeout=10)


class SandboxProcess:
    """The sandbox in a process of its own, on a port that it keeps, with its record in a file."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = folder / "world.json"
        self._world.write_text(world.model_dump_json())
        self.record = folder / "sandbox.jsonl"
        self._held = reserve("127.0.0.1", 0)  # the site is away for moments, and its port must be there when it returns
        self.port = port_of(self._held)
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: BaseProcess | None = None
        self.start()

    def start(self) -> None:
        """Start it where it is not running."""
        if self._process is not None and self._process.is_alive():
            return
        self._process = self._made()
        self._process.start()
        wait_until(self._answers, "the sandbox does not answer")

    def _made(self) -> BaseProcess:
        return forks().Process(target=run_forever, args=(self.port, str(self._world), self.record), daemon=True)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def close(self) -> None:
        """End it, and let its port go."""
        self.kill()
        self._held.close()

    def _answers(self) -> bool:
        try:
            return bool(self.get("health"))
        except httpx.HTTPError:
            return False

    def get(self, what: str) -> Any:
        with control(self.url) as client:
            return client.get(what).raise_for_status().json()

    def post(self, what: str, body: object) -> None:
        with control(self.url) as client:
            client.post(what, json=body).raise_for_status()

    def set_today(self, utc_day: date) -> None:
        """Let it be that day, by UTC, on the site."""
        self.post("clock", {"today": utc_day.isoformat()})


class KillablePostgres(PostgresForTests):
    """A Postgres server that can be killed as a power cut would end it, and started again."""

    def kill(self) -> None:
        """SIGKILL to the server and all its processes."""
        kill(family(self._server.get_pid() or 0))

    def start(self) -> None:
        """Start it where it is not running."""
        for attempt in range(5):
            try:
                self._server.ensure_postgres_running()
                break
            except Exception:
                if attempt == 4:
                    raise
        self._admin.dispose()
