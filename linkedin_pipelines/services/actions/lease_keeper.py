"""Holds an account's lease while a campaign runs, and tells at once when it is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.clocks import require_clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import ClockOffError, DatabaseUnavailableError, LeaseHeldError, LeaseLostError

log = structlog.get_logger(__name__)

TTL = timedelta(seconds=60)
"""How long a lease outlives its last heartbeat. A stranded run gives its account free after this."""
RENEWAL_SECONDS = TTL.total_seconds() / 4
PATIENCE_SECONDS = TTL.total_seconds() + 15
"""How long a new run waits for a lease whose holder may have died; a living holder keeps it and the new run ends."""
_POLL_SECONDS = 5.0


class LeaseKeeper:
    """The lease of one account, renewed in the background and on demand."""

    def __init__(self, database: Database, clock: Clock, lease: leases.Lease) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._lock = threading.Lock()
        self._done = threading.Event()

    @property
    def lease(self) -> leases.Lease:
        """The lease as last renewed; its fencing token never changes."""
        return self._lease

    def renew(self) -> leases.Lease:
        """Prolong the lease now.

        Raises:
            LeaseLostError: another run holds it; this one must not touch the account any more.
            ClockOffError: the machine's clock was set to another time since; others could not tell the lease any more.
            DatabaseUnavailableError: the database is away; nothing may be sent until it is back.
        """
        require_clock(self._database)
        with self._lock, self._database.writing() as session:
            self._lease = leases.renew(session, self._lease, self._clock.now(), TTL)
            return self._lease

    def _keep(self) -> None:
        while not self._done.wait(RENEWAL_SECONDS):
            try:
                self.renew()
            except DatabaseUnavailableError as error:
                # The database may come back before the lease runs out; claims and settlements need it anyway.
                log.warning("lease_not_renewed", account_id=self._lease.account_id, problem=str(error))
            except (ClockOffError, LeaseLostError) as error:
                log.error("lease_lost", account_id=self._lease.account_id, problem=str(error))  # noqa: TRY400
                return

    def pause(self, seconds: float) -> None:
        """Let `seconds` pass with the lease held throughout."""
        while seconds > 0:
            step = min(seconds, RENEWAL_SECONDS)
            self._clock.sleep(step)
            seconds -= step
            self.renew()


@contextmanager
def held_lease(database: Database, clock: Clock, account_id: int, holder: str) -> Iterator[LeaseKeeper]:
    """Take the account's lease, keep it, and give it back.

    Raises:
        LeaseHeldError: another run keeps the lease alive for longer than a dead one could.
        ClockOffError: this machine could not tell a living lease from a dead one.
    """
    require_clock(database)
    keeper = LeaseKeeper(database, clock, _acquire(database, clock, account_id, holder))
    thread = threading.Thread(target=keeper._keep, name=f"lease-{account_id}", daemon=True)  # noqa: SLF001
    thread.start()
    try:
        yield keeper
    finally:
        keeper._done.set()  # noqa: SLF001
        thread.join()
        try:
            with database.writing() as session:
                leases.release(session, keeper.lease)
        except DatabaseUnavailableError as error:
            # It runs out by itself; the run's own outcome matters more than this courtesy.
            log.warning("lease_not_released", account_id=account_id, problem=str(error))


def _acquire(database: Database, clock: Clock, account_id: int, holder: str) -> leases.Lease:
    waited = 0.0
    while True:
        try:
            with database.writing() as session:
                return leases.acquire(session, account_id, holder, clock.now(), TTL)
        except LeaseHeldError:
            if waited >= PATIENCE_SECONDS:
                raise
            log.info("lease_awaited", account_id=account_id, waited_seconds=waited)
            clock.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
