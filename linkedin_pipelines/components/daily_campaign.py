"""A campaign of a kind beside birthdays: its job, and the schedule that begins it and takes it up again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import dagster as dg
from pydantic import AfterValidator, Field

from linkedin_pipelines.defs.birthdays.jobs import birthday_campaign
from linkedin_pipelines.defs.birthdays.launches import (
    GOING_ON,
    RESUMPTIONS,
    campaign_runs,
    cut_off,
    ready_accounts,
    today_of,
)
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import LIVE_TAG
from linkedin_pipelines.domain.account import AccountConfig, Approval
from linkedin_pipelines.domain.jobs import LIVE_STEPS, live_config
from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.services.accounts.registry import AccountView


def _known_job(name: str) -> str:
    if name not in LIVE_STEPS:
        raise ValueError(f"is no job that acts for an account; those are {', '.join(LIVE_STEPS)} (domain/jobs.py)")
    return name


def _known_setting(path: str) -> str:
    model: object = AccountConfig
    for name in path.split("."):
        fields = getattr(model, "model_fields", {})
        if name not in fields:
            raise ValueError(f"names no setting of an account: there is no {name} in {path}")
        model = fields[name].annotation
    return path


class DailyCampaign(dg.Component, dg.Model, dg.Resolvable):
    """A job that acts for one account on its present day, and a schedule for it that is off until it is switched on.

    The assets are Python, in the folder of their kind; the day's birthdays always go before them, since they are due
    on their day and share messages and visits with the others.
    """

    job: Annotated[str, AfterValidator(_known_job)] = Field(
        description="Name of the job.", examples=["moments_campaign"]
    )
    description: str = Field(description="What the job does, for whoever launches it.")
    assets: list[str] = Field(
        min_length=1, description="Assets that the job materializes.", examples=[["moments_seen", "moment_messages"]]
    )
    list_asset: str | None = Field(
        default=None,
        description="Asset materialized alone where the member approves by hand. Without it nothing is approved.",
    )
    only_with: Annotated[str, AfterValidator(_known_setting)] | None = Field(
        default=None,
        description="Setting of an account without which there is nothing to do, as a path in accounts.yaml.",
        examples=["sourcing.search"],
    )

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """The job and its schedule."""
        del context  # nothing here depends on where the file lies
        job = dg.define_asset_job(
            self.job, selection=self.assets, executor_def=dg.in_process_executor, description=self.description
        )
        return dg.Definitions(jobs=[job], schedules=[self._schedule(job)])

    def wanted(self, account: AccountView) -> bool:
        """Whether the account has anything for it to do."""
        value: object = account.config
        for name in self.only_with.split(".") if self.only_with else ():
            value = getattr(value, name)
        return bool(value)

    def _schedule(self, job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
        @dg.schedule(
            name=f"{self.job}_schedule",
            job=job,
            cron_schedule="*/15 * * * *",
            execution_timezone="UTC",
            default_status=dg.DefaultScheduleStatus.STOPPED,
            description=(
                "Off until you switch it on. Looks every quarter of an hour where the day's birthday campaign is over, "
                f"and starts {self.job} there, once a day, within the account's own hours. Takes up what failed, was "
                "held, or ended because the product was stopped, five times a day at most; a run that the member "
                "terminated stays terminated. Live is asked for; an account whose mode is rehearsal rehearses. "
                + self._about_approval()
            ),
        )
        def begin(context: dg.ScheduleEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
            asked = [
                request
                for account in ready_accounts(context, linkedin, self.wanted)
                if (request := self._due(context.instance, linkedin, account)) is not None
            ]
            yield from asked
            if not asked:
                yield dg.SkipReason(
                    "Nothing is to begin or to go on: birthdays are not over, or it ended today already."
                )

        return begin

    def _about_approval(self) -> str:
        if self.list_asset is None:
            return "It needs no approval."
        return "With manual approval only the list is read; approving it starts the rest."

    def _due(self, instance: dg.DagsterInstance, linkedin: LinkedIn, account: AccountView) -> dg.RunRequest | None:
        """The run that the account's present day still lacks, if any."""
        day = today_of(linkedin, account)
        runs = campaign_runs(instance, account.slug, day)
        if any(run.status in GOING_ON for run in runs):
            return None
        own = [run for run in runs if run.job_name == self.job]
        live = [run for run in own if run.tags.get(LIVE_TAG) == "true"]
        partition = campaign_key(account.slug, day)
        if live and cut_off(live[0]):
            failures = sum(run.status is not dg.DagsterRunStatus.CANCELED and cut_off(run) for run in live)
            # The list is read again; whoever was reached is off it, and an approval of the rest stands.
            return (
                self._live(f"{account.slug}:{day}:after:{live[0].run_id}", partition)
                if failures <= RESUMPTIONS
                else None
            )
        # A schedule's run keys hold within one tick only, so earlier ticks are asked of the runs they left.
        if any(run.tags.get("dagster/schedule_name") for run in own):
            return None
        if all(run.job_name != birthday_campaign.name for run in runs):
            return None
        if self.list_asset is not None and account.config.approval is Approval.MANUAL:
            return dg.RunRequest(
                run_key=f"{account.slug}:{day}", partition_key=partition, asset_selection=[dg.AssetKey(self.list_asset)]
            )
        return self._live(f"{account.slug}:{day}", partition)

    def _live(self, run_key: str, partition: dg.MultiPartitionKey) -> dg.RunRequest:
        """A run of the whole job; live is asked for, and the account's mode has the last word."""
        return dg.RunRequest(
            run_key=run_key, partition_key=partition, run_config=live_config(self.job), tags={LIVE_TAG: "true"}
        )
