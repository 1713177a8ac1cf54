"""One run of a campaign in a process of its own, without Dagster: what the harness kills."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.logging import configure_logging
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.accounts.signed_in import open_signed_in
from linkedin_pipelines.services.actions.site_session import SiteFactory
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.list_amendments import write_own_text
from linkedin_pipelines.services.birthdays.lists import ListView, build_list
from linkedin_pipelines.services.invitations.campaigns import CleanupRun
from linkedin_pipelines.services.invitations.lists import WITHDRAWALS, read_pending
from linkedin_pipelines.services.maintenance.upkeep import settle_open_interactions
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS
from linkedin_pipelines.services.moments.campaigns import MomentRun
from linkedin_pipelines.services.moments.lists import read_moments
from linkedin_pipelines.services.visits.campaigns import VisitRun
from linkedin_pipelines.services.visits.searches import read_search
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.torture.clock import SkewedClock
from linkedin_pipelines_tests.torture.steps import AnnouncedDatabase, AnnouncedMessenger, Halt, Steps

ACCOUNT = "torture"
QUICK = Timeouts(rest=400, empty_rest=500, proof_stays=500, poll=200, draft=600)
"""The sandbox is on this machine and shows a message within 0.3 s; the more kills fit into an hour."""


Task = Literal["campaign", "network", "settle"]


@dataclass(frozen=True)
class Order:
    """What one process is to do."""

    settings: Settings
    clock: Path
    log: Path
    run_id: str
    halt: Halt | None = None
    task: Task = "campaign"


CAKE = "\N{BIRTHDAY CAKE}"


def work(order: Order, link: Connection, steps: Steps | None = None) -> None:
    """Carry out an order; tells `planned`, `outcome` and at last `ended` or `failed` over the link."""
    os.setsid()
    log = order.log.open("a", buffering=1)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    sys.stdout = sys.stderr = log
    configure_logging("console", stream=log)
    steps = steps or Steps(link, order.halt)
    try:
        _carry_out(order, steps)
    except LinkedInPipelinesError as error:
        steps.tell("failed", type(error).__name__, str(error))
    except BaseException as error:
        traceback.print_exc(file=log)
        steps.tell("failed", type(error).__name__, str(error))
        raise
    else:
        steps.tell("ended")


def _carry_out(order: Order, steps: Steps) -> None:
    clock = SkewedClock(order.clock)
    database = AnnouncedDatabase(order.settings.database_url, steps)

    @contextmanager
    def messenger(settings: Settings, account: AccountView) -> Iterator[PageSite]:
        steps.at("browser: before its start")
        with open_signed_in(settings, account, clock, timeouts=QUICK) as opened:
            steps.at("browser: signed in")
            yield AnnouncedMessenger(opened, steps)

    if order.task == "settle":
        settled = settle_open_interactions(database, order.settings, clock, ACCOUNT, order.run_id, messenger)
        steps.tell("settled", settled.found, settled.left)
        return
    today = local_day(clock.now(), get_account(database, ACCOUNT).config.zone)
    if order.task == "network":
        _network(order, steps, database, clock, today, messenger)
        database.dispose()
        return
    _amend(build_list(database, clock, ACCOUNT, today, order.run_id), database, clock, today, order.run_id)
    approve(database, clock, ACCOUNT, today, "torture", order.run_id)
    with CampaignRun.opened(
        database, order.settings, clock, ACCOUNT, today, order.run_id, live=True, site_factory=messenger
    ) as run:
        planned = run.planned()
        steps.tell("planned", len(planned))
        for entry in planned:
            delivery = run.deliver(entry)
            steps.tell("outcome", str(delivery.status), str(delivery.reason or ""))
        run.finish()
    database.dispose()


def _amend(view: ListView, database: Database, clock: SkewedClock, today: date, run_id: str) -> None:
    """Words of the member's own for every second person, which some pages show otherwise than they were typed."""
    for entry in view.entries:
        if entry.body is not None and entry.contact_id % 2 and CAKE not in entry.body:
            write_own_text(database, clock, ACCOUNT, today, entry.contact_id, f"{entry.body} {CAKE} :)", run_id)


def _network(
    order: Order, steps: Steps, database: Database, clock: SkewedClock, today: date, messenger: SiteFactory
) -> None:
    """Congratulations, a cleanup and visits, one after the other, in a lease and a browser each, as their jobs are."""
    around = (database, order.settings, clock, ACCOUNT, today, order.run_id)
    planned = 0
    read_moments(*around, messenger)
    CONGRATULATIONS.approve(database, clock, ACCOUNT, today, "torture", order.run_id)
    with MomentRun.opened(*around, live=True, site_factory=messenger) as moments:
        for moment in moments.planned():
            planned += _told(steps, moments.deliver(moment))
    read_pending(*around, messenger)
    WITHDRAWALS.approve(database, clock, ACCOUNT, today, "torture", order.run_id)
    with CleanupRun.opened(*around, live=True, site_factory=messenger) as cleanup:
        for invitation in cleanup.planned():
            planned += _told(steps, cleanup.deliver(invitation))
    read_search(*around, site_factory=messenger)
    with VisitRun.opened(*around, live=True, site_factory=messenger) as visits:
        for person in visits.planned():
            planned += _told(steps, visits.deliver(person))
    steps.tell("planned", planned)


def _told(steps: Steps, outcome: Outcome) -> bool:
    """Tell what became of somebody; whether anything was done."""
    steps.tell("outcome", str(outcome.status), str(outcome.reason or ""))
    return isinstance(outcome.status, InteractionStatus)
