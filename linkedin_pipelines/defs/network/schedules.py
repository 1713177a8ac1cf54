"""When sourcing, cleanups and congratulations begin, and go on, by themselves: once the operator switches that on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from linkedin_pipelines.defs.birthdays.jobs import birthday_campaign
from linkedin_pipelines.defs.birthdays.launches import GOING_ON, campaign_runs, cut_off, ready_accounts, today_of
from linkedin_pipelines.defs.birthdays.sensors import RESUMPTIONS
from linkedin_pipelines.defs.invitations.jobs import invitation_cleanup
from linkedin_pipelines.defs.moments.jobs import moments_campaign
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import LIVE_TAG, MOMENTS_SEEN, PENDING_INVITATIONS
from linkedin_pipelines.defs.visits.jobs import sourcing_campaign
from linkedin_pipelines.domain.account import Approval
from linkedin_pipelines.domain.jobs import live_config
from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.services.accounts.registry import AccountView


@dataclass(frozen=True)
class Daily:
    """One job that may begin each day."""

    job: Any
    """As `define_asset_job` makes it."""
    wanted: Callable[[AccountView], bool]
    """Whether an account has anything for it to do."""
    list_alone: dg.AssetKey | None = None
    """What is materialized where the member approves by hand; None for a job without approval."""

    def request(self, account: AccountView, run_key: str, day: Any) -> dg.RunRequest:
        """A run of the job; live is asked for, and the account's mode has the last word."""
        waits = self.list_alone if account.config.approval is Approval.MANUAL else None
        return dg.RunRequest(
            run_key=run_key,
            job_name=self.job.name,
            partition_key=campaign_key(account.slug, day),
            asset_selection=[waits] if waits is not None else None,
            run_config=None if waits is not None else live_config(self.job.name),
            tags={} if waits is not None else {LIVE_TAG: "true"},
        )


DAILY = (
    Daily(sourcing_campaign, lambda account: account.config.sourcing.search is not None),
    Daily(invitation_cleanup, lambda _: True, PENDING_INVITATIONS),
    Daily(moments_campaign, lambda account: bool(account.config.moments.congratulate), MOMENTS_SEEN),
)


def _of_job(runs: Sequence[dg.DagsterRun], job: Any) -> list[dg.DagsterRun]:
    """The runs of one job, newest first."""
    return [run for run in runs if run.job_name == job.name]


def _schedule(daily: Daily) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"{daily.job.name}_schedule",
        job=daily.job,
        cron_schedule="*/15 * * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=(
            "Off until you switch it on. Looks every quarter of an hour where the day's birthday campaign is over, "
            f"and starts {daily.job.name} there, once a day, within the account's own hours. Live is asked for; an "
            "account whose mode is rehearsal rehearses. With manual approval only the list is read; approving it "
            "starts the rest."
        ),
    )
    def begin(context: dg.ScheduleEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
        """Birthdays go first: they are due on their day, and share messages and visits with the others."""
        asked = 0
        for account in ready_accounts(context, linkedin, daily.wanted):
            day = today_of(linkedin, account)
            runs = campaign_runs(context.instance, account.slug, day)
            begun = any(run.tags.get("dagster/schedule_name") for run in _of_job(runs, daily.job))
            going_on = any(run.status in GOING_ON for run in runs)
            if begun or going_on or not _of_job(runs, birthday_campaign):
                continue
            asked += 1
            yield daily.request(account, f"{account.slug}:{day}", day)
        if not asked:
            yield dg.SkipReason("Nothing is to begin: birthdays are not over, or it began today already.")

    return begin


sourcing_campaign_schedule, invitation_cleanup_schedule, moments_campaign_schedule = map(_schedule, DAILY)


@dg.sensor(
    jobs=[daily.job for daily in DAILY],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description=(
        "Off until you switch it on. Takes up sourcing, cleanups and congratulations of today that failed, were held, "
        "or ended because the product was stopped, once the account may act again; five times a day at most. A run "
        "that the member terminated stays terminated."
    ),
)
def network_resumption_sensor(
    context: dg.SensorEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """The list is read again; whoever was reached is off it, and an approval of the rest stands."""
    asked = 0
    for account in ready_accounts(context, linkedin):
        day = today_of(linkedin, account)
        runs = campaign_runs(context.instance, account.slug, day)
        if any(run.status in GOING_ON for run in runs):
            continue
        for daily in DAILY:
            live = [run for run in _of_job(runs, daily.job) if run.tags.get(LIVE_TAG) == "true"]
            failures = sum(run.status is not dg.DagsterRunStatus.CANCELED and cut_off(run) for run in live)
            if live and cut_off(live[0]) and failures <= RESUMPTIONS and daily.wanted(account):
                asked += 1
                yield dg.RunRequest(
                    run_key=f"{account.slug}:{day}:after:{live[0].run_id}",
                    job_name=daily.job.name,
                    partition_key=campaign_key(account.slug, day),
                    run_config=live_config(daily.job.name),
                    tags={LIVE_TAG: "true"},
                )
                break  # one at a time for an account
    if not asked:
        yield dg.SkipReason("Nothing that was cut off may go on now.")
