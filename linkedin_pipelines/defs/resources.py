"""What steps are given: the product's store, settings and clock, and the one campaign that a run carries out."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Self

import dagster as dg
from pydantic import PrivateAttr

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.defs.heartbeat import beating
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.logging import configure_logging, correlated
from linkedin_pipelines.services.birthday_lists import EntryView
from linkedin_pipelines.services.campaigns import CampaignRun, MessengerFactory, open_campaign
from linkedin_pipelines.services.sending import Delivery
from linkedin_pipelines.services.store import open_store
from linkedin_pipelines.settings import Settings


class LinkedIn(dg.ConfigurableResource["LinkedIn"]):
    """The database, settings and clock of this installation; a run that holds it gives signs of life."""

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
        """Open the store for the time of a run, or of one look of a sensor.

        Raises:
            ConfigurationError, SchemaError, StoreUnavailableError: the run cannot begin; each says what to do.
        """
        self._settings = self.read_settings()
        self._clock = self.new_clock()
        configure_logging(self._settings.log_format)
        run = context.run  # None in sensors and schedules
        with ExitStack() as stack:
            self._database = open_store(self._settings)
            stack.callback(self._database.dispose)
            self._database.require_current_schema()
            if run is not None:
                stack.enter_context(correlated(run_id=run.run_id))
                stack.enter_context(beating(self._settings.database_url, self._clock, run.run_id))
            yield self


class BirthdayCampaign(dg.ConfigurableResource["BirthdayCampaign"]):
    """The campaign that a run carries out: opened by the step that plans, shared by every person's step.

    With the in-process executor a resource lives as long as its run, so the lease and the browser are held once, and
    given back however the run ends, termination included.
    """

    linkedin: LinkedIn
    _campaign: CampaignRun | None = PrivateAttr(default=None)
    _stack: ExitStack = PrivateAttr()
    _fault: str | None = PrivateAttr(default=None)

    def messenger_factory(self) -> MessengerFactory | None:
        """What opens the signed-in browser; None leaves it to the campaign, which opens the account's own."""
        return None

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:  # noqa: ARG002
        """Nothing is opened before it is needed: most runs of the graph never come as far as a browser."""
        with ExitStack() as self._stack:
            self._campaign = self._fault = None
            yield self

    def open(self, account: str, list_date: date, run_id: str, *, live: bool) -> CampaignRun:
        """Begin the campaign, or go on with what the run has begun: take the account's lease.

        The browser opens with the first person, or with the look before them.
        """
        it = self.linkedin
        if self._campaign is not None:
            self._campaign.act(live=live)
            return self._campaign
        self._campaign = self._stack.enter_context(
            open_campaign(
                it.database,
                it.settings,
                it.clock,
                account,
                list_date,
                run_id,
                live=live,
                messenger_factory=self.messenger_factory(),
            )
        )
        return self._campaign

    def deliver(self, entry: EntryView) -> Delivery:
        """Wish one person. After a fault the rest are deferred, each saying so, instead of failing one by one.

        Only faults that name themselves are outcomes; anything else is a defect, and fails the person's step.
        """
        if self._fault is not None:
            why = f"Not tried, since this run had to stop: {self._fault}"
            return Delivery(entry.contact_id, EntryOutcome.DEFERRED, Reason.INTERRUPTED, why)
        try:
            return self.under_way.deliver(entry)
        except LinkedInPipelinesError as error:
            self._fault = str(error)
            return Delivery(entry.contact_id, EntryOutcome.DEFERRED, Reason.INTERRUPTED, self._fault)

    @property
    def fault(self) -> str | None:
        """What ended the sending before its time: no browser, no session, the lease or the store lost."""
        return self._fault

    @property
    def under_way(self) -> CampaignRun:
        """The campaign that the planning step began.

        Raises:
            dg.Failure: the run was started at a person's step, without the planning one.
        """
        if self._campaign is None:
            raise dg.Failure("The campaign is not open: launch birthday_messages as a whole, not single steps of it.")
        return self._campaign
