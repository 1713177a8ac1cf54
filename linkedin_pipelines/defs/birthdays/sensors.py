"""What starts the rest of a campaign: the member's approval, and the end of whatever held it up."""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from linkedin_pipelines.defs.birthdays.jobs import birthday_campaign
from linkedin_pipelines.defs.birthdays.launches import (
    GOING_ON,
    RESUMPTIONS,
    SENDING,
    asked_live,
    campaign_run,
    campaign_runs,
    cut_off,
    ready_accounts,
    today_of,
)
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.actions.canary import held_until
from linkedin_pipelines.services.birthdays.approvals import MEMBER, ApprovalView, approved_days, latest_approval
from linkedin_pipelines.services.birthdays.campaigns import KIND
from linkedin_pipelines.services.reporting.reports import campaign_report as report_of


@dg.sensor(
    job=birthday_campaign,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts the sending of a list that the member approved by hand, as soon as the account's hours allow. A list "
        "is sent on the day on which it was built or approved; after that it is built and approved again."
    ),
)
def approvals_sensor(
    context: dg.SensorEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """The list is sent as it was approved, without building it again: a rebuilt one could void the approval."""
    asked = 0
    outdated: list[str] = []
    for account in ready_accounts(context, linkedin, lambda account: bool(_approved(linkedin, account))):
        outdated += approved_too_early(linkedin, account)
        for day, approval in approved_today(linkedin, account):
            asked += 1
            run_key = f"{account.slug}:{day}:{approval.content_hash[:16]}:{approval.approved_at:%Y%m%dT%H%M%S}"
            yield campaign_run(account.slug, day, run_key, assets=SENDING)
    if not asked:
        yield dg.SkipReason(" ".join(["No list approved by hand may be sent now.", *outdated]))


def approved_today(linkedin: LinkedIn, account: AccountView) -> list[tuple[date, ApprovalView]]:
    """Lists of the account that were built or approved on its present local day, as they are, by the member."""
    return [(day, approval) for day, approval, fresh in _approved(linkedin, account) if fresh]


def approved_too_early(linkedin: LinkedIn, account: AccountView) -> list[str]:
    """A sentence for each approved list that has wishes left and whose words are late by now: why it is not sent."""
    return [
        f"The list of {account.slug} for {day} was approved on an earlier day and not sent in time: materialize "
        "birthday_list of that day again, then approve it."
        for day, approval, fresh in _approved(linkedin, account)
        if not fresh and _has_wishes_left(linkedin, account, day)
    ]


def _has_wishes_left(linkedin: LinkedIn, account: AccountView, day: date) -> bool:
    planned = report_of(linkedin.database, linkedin.clock, account.slug, day).people
    return any(person.status == EntryOutcome.PLANNED.value for person in planned)


def _approved(linkedin: LinkedIn, account: AccountView) -> list[tuple[date, ApprovalView, bool]]:
    """Lists that the member approved as they are, and whether they may still be sent today."""
    today = today_of(linkedin, account)
    found = []
    first = today - timedelta(days=account.config.late.max_days)
    for day in approved_days(linkedin.database, account.id, first, today):
        approval = latest_approval(linkedin.database, account.slug, day)
        if approval is None or not approval.covers_list or approval.approved_by != MEMBER:
            continue
        assert approval.list_built_at is not None  # the approval covers the list, so there is one
        # A list that was approved after its own day has no wish that turned late since (the approval sees to that).
        moments = (approval.list_built_at, approval.approved_at)
        fresh = {local_day(moment, account.config.zone) for moment in moments}
        found.append((day, approval, today in fresh))
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
    for account in ready_accounts(context, linkedin):
        day = today_of(linkedin, account)
        runs = [run for run in campaign_runs(context.instance, account.slug, day) if asked_live(run)]
        if not runs or not cut_off(runs[0]):
            continue
        failures = sum(run.status is not dg.DagsterRunStatus.CANCELED and cut_off(run) for run in runs)
        if failures > RESUMPTIONS or campaign_runs(context.instance, account.slug, day, statuses=GOING_ON):
            continue
        until = held_until(linkedin.database, account, KIND.needs)
        if until is not None and until > linkedin.clock.now():
            continue  # it would find the same page; the run that comes later looks again
        asked += 1
        yield campaign_run(account.slug, day, f"{account.slug}:{day}:after:{runs[0].run_id}")
    if not asked:
        yield dg.SkipReason("No campaign that failed may be taken up now.")
