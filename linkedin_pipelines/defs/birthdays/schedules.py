"""When campaigns begin by themselves."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.birthdays.jobs import birthday_campaign, read_birthdays
from linkedin_pipelines.defs.birthdays.launches import (
    GOING_ON,
    LIST_ALONE,
    campaign_run,
    campaign_runs,
    ready_accounts,
    today_of,
)
from linkedin_pipelines.defs.birthdays.readings import READING_SCHEDULE, reading_awaited, reading_due
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.domain.account import Approval
from linkedin_pipelines.orchestrator.partitions import campaign_key

NAME = "birthday_campaign_schedule"


@dg.schedule(
    name=NAME,
    job=birthday_campaign,
    # A quarter of an hour: there are zones that differ from the others by that much.
    cron_schedule="*/15 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Looks every quarter of an hour which accounts' own hours have begun, and starts the day's campaign of each, "
        "once. Live is asked for; an account whose mode is rehearsal rehearses. With manual approval only the list is "
        "built; the member's approval starts the rest. It waits for the day's reading of the catch-up page, or for "
        "that to have failed as often as it is tried."
    ),
)
def birthday_campaign_schedule(
    context: dg.ScheduleEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Judged by the present moment, not by the tick's: one made up for after downtime must not begin at night."""
    asked = 0
    for account in ready_accounts(context, linkedin):
        day = today_of(linkedin, account)
        # A schedule's run keys hold within one tick only, so earlier ticks are asked of the runs they left.
        if campaign_runs(context.instance, account.slug, day, {"dagster/schedule_name": NAME}):
            continue
        # Whoever launched it: with many accounts the queue is longer than a quarter of an hour, and a second run of the
        # same day would only wait behind the first. The next tick looks again.
        if campaign_runs(context.instance, account.slug, day, statuses=GOING_ON):
            continue
        if reading_awaited(context.instance, linkedin, account, day):
            continue
        manual = account.config.approval is Approval.MANUAL
        asked += 1
        yield campaign_run(account.slug, day, f"{account.slug}:{day}", assets=LIST_ALONE if manual else None)
    if not asked:
        yield dg.SkipReason("No account's hours have begun since its last campaign.")


@dg.schedule(
    name=READING_SCHEDULE,
    job=read_birthdays,
    cron_schedule="*/15 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Has each account's catch-up page read once a day, as soon as the account's hours have begun and before its "
        "campaign; a second time if the first could not read it. Accounts that switched it off, and those in which "
        "nobody is signed in, are left out."
    ),
)
def birthdays_seen_schedule(
    context: dg.ScheduleEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """The campaign asks `reading_awaited` in the same tick, so it never begins beside a reading."""
    asked = 0
    for account in ready_accounts(context, linkedin):
        day = today_of(linkedin, account)
        if (attempt := reading_due(context.instance, linkedin, account, day)) is not None:
            asked += 1
            yield dg.RunRequest(
                run_key=f"{account.slug}:{day}:{attempt}", partition_key=campaign_key(account.slug, day)
            )
    if not asked:
        yield dg.SkipReason("No catch-up page is to be read now.")
