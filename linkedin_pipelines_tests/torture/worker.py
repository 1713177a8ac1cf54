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
from linkedin_pipelines.domain.messaging import Messenger
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.logging import configure_logging
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.approvals import approve
from linkedin_pipelines.services.birthday_lists import build_list
from linkedin_pipelines.services.campaigns import open_campaign
from linkedin_pipelines.services.signed_in import open_messenger
from linkedin_pipelines.services.upkeep import settle_open_interactions
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.torture.clock import SkewedClock
from linkedin_pipelines_tests.torture.steps import AnnouncedDatabase, AnnouncedMessenger, Halt, Steps

ACCOUNT = "torture"
QUICK = Timeouts(rest=400, empty_rest=500, proof_stays=500, poll=200, draft=600)
"""The sandbox is on this machine and shows a message within 0.3 s; the more kills fit into an hour."""


@dataclass(frozen=True)
class Order:
    """What one process is to do."""

    settings: Settings
    clock: Path
    log: Path
    run_id: str
    halt: Halt | None = None
    task: Literal["campaign", "settle"] = "campaign"


def work(order: Order, link: Connection) -> None:
    """Carry out an order; tells `planned`, `outcome` and at last `ended` or `failed` over the link."""
    os.setsid()
    log = order.log.open("a", buffering=1)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    sys.stdout = sys.stderr = log
    configure_logging("console", stream=log)
    steps = Steps(link, order.halt)
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
    def messenger(settings: Settings, account: AccountView, day: date) -> Iterator[Messenger]:
        steps.at("browser: before its start")
        with open_messenger(settings, account, day, clock, timeouts=QUICK) as opened:
            steps.at("browser: signed in")
            yield AnnouncedMessenger(opened, steps)

    if order.task == "settle":
        settled = settle_open_interactions(database, order.settings, clock, ACCOUNT, order.run_id, messenger)
        steps.tell("settled", settled.found, settled.left)
        return
    today = local_day(clock.now(), get_account(database, ACCOUNT).config.zone)
    build_list(database, clock, ACCOUNT, today, order.run_id)
    approve(database, clock, ACCOUNT, today, "torture", order.run_id)
    with open_campaign(
        database, order.settings, clock, ACCOUNT, today, order.run_id, live=True, messenger_factory=messenger
    ) as run:
        planned = run.planned()
        steps.tell("planned", len(planned))
        for entry in planned:
            delivery = run.deliver(entry)
            steps.tell("outcome", str(delivery.outcome), str(delivery.reason or ""))
        run.finish()
    database.dispose()
