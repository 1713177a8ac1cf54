"""When a day's catch-up page is still to be read, and whether the campaign waits for it."""

from datetime import date

import dagster as dg

from linkedin_pipelines.defs.birthdays.jobs import read_birthdays
from linkedin_pipelines.defs.birthdays.launches import GOING_ON
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.domain.canary import READING_BIRTHDAYS
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.actions.canary import held_until
from linkedin_pipelines.services.birthdays.site_days import find_reading

READING_SCHEDULE = "birthdays_seen_schedule"
READING_ATTEMPTS = 2
"""How often a day's page is tried, whoever started it; a page that was not readable twice waits for the next day."""


def reading_due(instance: dg.DagsterInstance, linkedin: LinkedIn, account: AccountView, day: date) -> int | None:
    """The number of the attempt that is due, from 0; None if none is, or one is under way."""
    reading = find_reading(linkedin.database, account.slug, day)
    if not reading.expected or reading.is_known:
        return None
    held = held_until(linkedin.database, account, READING_BIRTHDAYS)
    if held is not None and held > linkedin.clock.now():
        return None
    runs = _runs(instance, account, day)
    if len(runs) >= READING_ATTEMPTS or any(run.status in GOING_ON for run in runs):
        return None
    return len(runs)


def reading_awaited(instance: dg.DagsterInstance, linkedin: LinkedIn, account: AccountView, day: date) -> bool:
    """Whether the campaign of the day does better to wait: a reading is under way, or is due and will be started."""
    if any(run.status in GOING_ON for run in _runs(instance, account, day)):
        return True
    return reading_due(instance, linkedin, account, day) is not None and not _switched_off(instance)


def _runs(instance: dg.DagsterInstance, account: AccountView, day: date) -> list[dg.DagsterRun]:
    tags = {"dagster/partition/account": account.slug, "dagster/partition/date": day.isoformat()}
    return list(instance.get_runs(filters=dg.RunsFilter(job_name=read_birthdays.name, tags=tags)))


def _switched_off(instance: dg.DagsterInstance) -> bool:
    """Whether the member stopped the schedule of readings in the UI; nobody may wait for what nobody starts."""
    states = instance.all_instigator_state()
    return any(state.instigator_name == READING_SCHEDULE and state.status.value == "STOPPED" for state in states)
