"""Whether the installation can work: each part looked at by itself, with its own time limit."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass

import structlog

from linkedin_pipelines.browser.executable import executable_of
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting import machine
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

OK = "ok"
DISK_BYTES = 500 * 1024 * 1024
"""Free space below which screenshots and databases are in danger."""
CLOCK_SECONDS = 5.0
"""How far this machine's clock may be from the database's."""


@dataclass(frozen=True)
class Part:
    """One look: raises a `LinkedInPipelinesError` or `OSError` with the reason if the part is not well."""

    examine: Callable[[], None]
    seconds: float


class NotReadyError(LinkedInPipelinesError):
    """A part of the installation is not well; says which fact."""


class Readiness:
    """Looks at all parts at once. A part that hangs is not asked again until it answers."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        """Take the parts by name."""
        self._parts = dict(parts)
        self._pool = ThreadPoolExecutor(max_workers=len(self._parts), thread_name_prefix="ready")
        self._asked: dict[str, Future[None]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give the threads up; one that hangs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def examine(self) -> dict[str, str]:
        """`ok`, or what is wrong, by part."""
        with self._lock:
            asked = {}
            for name, part in self._parts.items():
                earlier = self._asked.get(name)
                asked[name] = earlier if earlier and not earlier.done() else self._pool.submit(part.examine)
            self._asked = asked
            return {name: self._answer(name, future) for name, future in asked.items()}

    def _answer(self, name: str, future: Future[None]) -> str:
        seconds = self._parts[name].seconds
        try:
            future.result(seconds)
        except NotInTimeError:
            return f"no answer within {seconds:g} seconds"
        except (LinkedInPipelinesError, OSError) as error:
            return str(error)
        except Exception as error:
            log.exception("readiness_failed", check=name)
            return f"the look itself failed ({type(error).__name__}); the log says where"
        return OK


def own_parts(settings: Settings, database: Database, clock: Clock) -> dict[str, Part]:
    """The parts that need no other process: database, disk, browser, clock."""

    def check_database() -> None:
        database.require_current_schema()

    def check_disk() -> None:
        free = shutil.disk_usage(settings.home).free
        if free < DISK_BYTES:
            raise NotReadyError(f"{free // 2**20} MB are free at {settings.home}: {DISK_BYTES // 2**20} MB are needed")

    def check_browser() -> None:
        executable_of(settings)

    def check_clock() -> None:
        with database.reading() as session:
            offset = (machine.now_of(session, clock.now()) - clock.now()).total_seconds()
        if abs(offset) > CLOCK_SECONDS:
            raise NotReadyError(f"this machine's clock is {offset:+.1f} seconds from the database's: set it right")

    return {
        "database": Part(check_database, 5),
        "disk": Part(check_disk, 2),
        "browser": Part(check_browser, 2),
        "clock": Part(check_clock, 5),
    }
