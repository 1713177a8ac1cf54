"""What starts the rest of a campaign: the member's approval, and the end of whatever held it up."""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from linkedin_pipelines.defs.birthdays.approved_messages import MEMBER
from linkedin_pipelines.defs.birthdays.jobs import birthday_campaign
from linkedin_pipelines.defs.birthdays.launches import (
    GOING_ON,
    SENDING,
    asked_live,
    campaign_run,
    campaign_runs,
    cut_off,
    ready_accounts,
    today_of,
)
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.domain.canary import Action
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts import AccountView
from linkedin_pipelines.services.approvals import ApprovalView, latest_approval
from linkedin_pipelines.services.birthday_lists import read_list
from linkedin_pipelines.services.canary import held_until

RESUMPTIONS = 5
"""How often a day's campaign is taken up again after failures; then it waits for the next day, or for a human."""


@dg.sensor(
    job=birthday_campaign,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts the sending of a list that the member approved by hand, as soon as the account's hours allow. A list "
        "is sent on the day on which it was built; after that its words are late, and it is built and approved again."
    ),
)
def approvals_sensor(
    context: dg.SensorEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """The list is sent as it was approved, without building it again: a rebuilt one could void the approval."""
    asked = 0
    for account in ready_accounts(context.instance, linkedin):
        for day, approval in approved_today(linkedin, account):
            asked += 1
            run_key = f"{account.slug}:{day}:{approval.content_hash[:16]}:{approval.approved_at:%Y%m%dT%H%M%S}"
            yield campaign_run(account.slug, day, run_key, assets=SENDING)
    if not asked:
        yield dg.SkipReason("No list approved by hand may be sent now.")


def approved_today(linkedin: LinkedIn, account: AccountView) -> list[tuple[date, ApprovalView]]:
    """Lists of the account that were built on its present local day and approved, as they are, by the member."""
    today = today_of(linkedin, account)
    found = []
    for days_ago in range(account.config.late.max_days + 1):
        day = today - timedelta(days=days_ago)
        approval = latest_approval(linkedin.database, account.slug, day)
        if approval is None or not approval.covers_list or approval.approved_by != MEMBER:
            continue
        view = read_list(linkedin.database, account.slug, day)
        if view is not None and local_day(view.built_at, account.config.zone) == today:
            found.append((day, approval))
    return found


@dg.sensor(
    job=birthday_campaign,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Takes up a day's campaign that failed on the way, once the account's breaker lets it (its wait is over, or a "
        "human resumed the account), its hours allow, and pages that could not be read are due to be looked at again. "
        "A run that ended because the product was stopped goes on; one that the member terminated stays terminated."
    ),
)
def breaker_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """The list is built again: it leaves out whom the failed run reached, and an approval of the rest stands."""
    asked = 0
    for account in ready_accounts(context.instance, linkedin):
        day = today_of(linkedin, account)
        runs = [run for run in campaign_runs(context.instance, account.slug, day) if asked_live(run)]
        if not runs or not cut_off(runs[0]):
            continue
        failures = sum(run.status is dg.DagsterRunStatus.FAILURE for run in runs)
        if failures > RESUMPTIONS or campaign_runs(context.instance, account.slug, day, statuses=GOING_ON):
            continue
        until = held_until(linkedin.database, account, Action.SEND_MESSAGES)
        if until is not None and until > linkedin.clock.now():
            continue  # it would find the same page; the run that comes later looks again
        asked += 1
        yield campaign_run(account.slug, day, f"{account.slug}:{day}:after:{runs[0].run_id}")
    if not asked:
        yield dg.SkipReason("No campaign that failed may be taken up now.")
