"""What steps are given: the product's database, settings and clock, and the one campaign that a run carries out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from typing import Any, Protocol, Self, TypeVar, cast

import dagster as dg
from pydantic import PrivateAttr

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.logging import configure_logging, correlated
from linkedin_pipelines.orchestrator import migration_scripts
from linkedin_pipelines.services.accounts.installation import Database, open_database
from linkedin_pipelines.services.actions.site_session import SiteFactory
from linkedin_pipelines.services.maintenance.run_heartbeats import beating
from linkedin_pipelines.settings import Settings


class LinkedIn(dg.ConfigurableResource["LinkedIn"]):
    """The database, settings and clock of this installation; a run that holds it keeps a heartbeat."""

    _settings: Settings = PrivateAttr()
    _database: Database = PrivateAttr()
    _clock: Clock = PrivateAttr()

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def database(self) -> Database:
        return self._database

    @property
    def clock(self) -> Clock:
        return self._clock

    def read_settings(self) -> Settings:
        """Where this installation keeps its things."""
        return Settings.from_environment()

    def new_clock(self) -> Clock:
        """The clock that everything goes by."""
        return SystemClock()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Open the database for the time of a run, or of one look of a sensor.

        Raises:
            ConfigurationError, SchemaError, DatabaseUnavailableError: the run cannot begin; each says what to do.
        """
        self._settings = self.read_settings()
        self._clock = self.new_clock()
        configure_logging(self._settings.log_format)
        run = context.run  # None in sensors and schedules
        with ExitStack() as stack:
            self._database = open_database(self._settings)
            stack.callback(self._database.dispose)
            self._database.require_current_schema()
            if run is None:
                migration_scripts.read_once()
            else:
                stack.enter_context(correlated(run_id=run.run_id))
                stack.enter_context(beating(self._settings.database_url, self._clock, run.run_id))
            yield self


class Person(Protocol):
    """Somebody to act on, as every kind's own plan names them."""

    @property
    def contact_id(self) -> int: ...
    @property
    def full_name(self) -> str: ...
    @property
    def slug(self) -> str | None: ...


class Run(Protocol):
    """What a kind's campaign under way has in common with every other's."""

    live: bool

    @property
    def account(self) -> AccountConfig: ...
    def act(self, *, live: bool) -> None: ...
    def told_by(self, tell: Callable[[str], None], /) -> None: ...
    def planned(self) -> Sequence[Any]: ...
    def deliver(self, entry: Any, /) -> Outcome: ...
    def finish(self) -> None: ...


R = TypeVar("R", bound=Run)
R_co = TypeVar("R_co", bound=Run, covariant=True)


class Opener(Protocol[R_co]):
    """A kind's own way to begin: its use case, such as `services.birthdays.campaigns.CampaignRun.opened`."""

    def __call__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        account_slug: str,
        list_date: date,
        run_id: str,
        *,
        live: bool,
        site_factory: SiteFactory | None,
    ) -> AbstractContextManager[R_co]: ...


class Campaign(dg.ConfigurableResource["Campaign"]):
    """The campaign that a run carries out: opened by the step that plans, shared by every person's step.

    With the in-process executor a resource lives as long as its run, so the lease and the browser are held once, and
    let go however the run ends, termination included.
    """

    linkedin: LinkedIn
    _run: Run | None = PrivateAttr(default=None)
    _stack: ExitStack = PrivateAttr()
    _fault: str | None = PrivateAttr(default=None)
    _done: int = PrivateAttr(default=0)
    _people: int = PrivateAttr(default=0)

    def site_factory(self) -> SiteFactory | None:
        """What opens the signed-in browser; None leaves it to the campaign, which opens the account's own."""
        return None

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:  # noqa: ARG002
        """Nothing is opened before it is needed: most runs of the graph never come as far as a browser."""
        with ExitStack() as self._stack:
            self._run = self._fault = None
            self._done = self._people = 0
            yield self

    def open(self, opener: Opener[R], account: str, list_date: date, run_id: str, *, live: bool) -> R:
        """Begin the campaign, or go on with what the run has begun: take the account's lease.

        The browser opens with the first person, or with the look before them.
        """
        it = self.linkedin
        if self._run is not None:
            self._run.act(live=live)
            return cast("R", self._run)  # a run carries out one kind alone
        begun = self._stack.enter_context(
            opener(
                it.database,
                it.settings,
                it.clock,
                account,
                list_date,
                run_id,
                live=live,
                site_factory=self.site_factory(),
            )
        )
        self._run = begun
        return begun

    def deliver(self, person: Person) -> Outcome:
        """Act on one person. After a fault the rest are deferred, each saying so, instead of failing one by one.

        Only faults that name themselves are outcomes; anything else is a defect, and fails the person's step.
        """
        self._done += 1
        if self._fault is not None:
            why = f"Not tried, since this run had to stop: {self._fault}"
            return deferred(Reason.INTERRUPTED, why)
        try:
            return self.under_way.deliver(person)
        except LinkedInPipelinesError as error:
            self._fault = str(error)
            return deferred(Reason.INTERRUPTED, self._fault)

    def expect(self, people: int) -> None:
        """Note how many people the run is going to act on."""
        self._people = people

    @property
    def progress(self) -> tuple[int, int]:
        """How many people have had their turn, and how many there are."""
        return self._done, max(self._people, self._done)

    @property
    def fault(self) -> str | None:
        """What ended the campaign before its time: no browser, no session, the lease or the database lost."""
        return self._fault

    @property
    def under_way(self) -> Run:
        """The campaign that the planning step began.

        Raises:
            dg.Failure: the run was started at a person's step, without the planning one.
        """
        if self._run is None:
            raise dg.Failure("The campaign is not open: launch the asset as a whole, not single steps of it.")
        return self._run
