"""Heartbeats of runs: a run that died with its machine is told from one that takes its time."""

import os
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import heartbeats
from linkedin_pipelines.db.accounts.heartbeats import Heartbeat
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import DatabaseUnavailableError

__all__ = ["BEAT_SECONDS", "Heartbeat", "beating", "end_heartbeat", "last_heartbeats"]

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0


@contextmanager
def beating(database_url: str, clock: Clock, run_id: str) -> Iterator[None]:
    """Beat for `run_id` while the block runs, on a database connection of its own.

    Raises:
        DatabaseUnavailableError: the very first beat cannot be written, so the run must not begin.
    """
    database = Database(database_url)
    done = threading.Event()

    def beat() -> None:
        with database.writing() as session:
            heartbeats.beat(session, run_id, socket.gethostname(), os.getpid(), clock.now())

    def keep_beating() -> None:
        while not done.wait(BEAT_SECONDS):
            try:
                beat()
            except DatabaseUnavailableError as error:
                # The database may come back; until it does, nothing can be claimed anyway.
                log.warning("The heartbeat could not be written.", run_id=run_id, error_type=type(error).__name__)

    try:
        beat()
        thread = threading.Thread(target=keep_beating, name=f"heartbeat-{run_id[:8]}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            try:
                end_heartbeat(database, clock, run_id)
            except DatabaseUnavailableError as error:
                # The run's own outcome matters more: Dagster knows that it ended, and asks no heartbeat of it.
                log.warning(
                    "The end of the heartbeat could not be written.", run_id=run_id, error_type=type(error).__name__
                )
    finally:
        database.dispose()


def last_heartbeats(database: Database, run_ids: Collection[str]) -> dict[str, Heartbeat]:
    """The last heartbeat of each of the runs, be it a beat or its end; runs that never beat are left out."""
    with database.reading() as session:
        return heartbeats.last_heartbeats(session, run_ids)


def end_heartbeat(database: Database, clock: Clock, run_id: str) -> None:
    """Note that the run ended, by itself or because it was found dead.

    Raises:
        DatabaseUnavailableError: it could not be written.
    """
    with database.writing() as session:
        heartbeats.end(session, run_id, clock.now())
