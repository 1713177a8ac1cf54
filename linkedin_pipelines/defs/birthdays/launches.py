"""What schedules and sensors have in common: whether an account may begin now, and the runs they ask for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import (
    BIRTHDAY_LIST,
    BIRTHDAY_MESSAGES,
    CAMPAIGN_REPORT,
    HELD_TAG,
    INTERACTIONS,
    LIVE_TAG,
    SITE_CANARY,
    STOPPED_TAG,
)
from linkedin_pipelines.domain.jobs import live_config
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.orchestrator.partitions import accounts, campaign_key
from linkedin_pipelines.services.accounts.installation import Database
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.actions.doubts import able_to_act
from linkedin_pipelines.services.birthdays.approvals import MEMBER

LIST_ALONE = (BIRTHDAY_LIST,)
ASKING_LIVE = {"ops": {"birthday_messages": {"config": {"live": True}}}}
SENDING = (SITE_CANARY, BIRTHDAY_MESSAGES, INTERACTIONS, CAMPAIGN_REPORT)

GOING_ON = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

RESUMPTIONS = 5
"""How often a day's campaign is taken up again after failures; then it waits for the next day, or for a human."""


def today_of(linkedin: LinkedIn, account: AccountView) -> date:
    """The account's own date now."""
    return local_day(linkedin.clock.now(), account.config.zone)


def ready_accounts(
    context: dg.SensorEvaluationContext | dg.ScheduleEvaluationContext,
    linkedin: LinkedIn,
    wanted: Callable[[AccountView], bool] = lambda _: True,
) -> list[AccountView]:
    """Accounts that may act now: not paused, terms accepted, within their hours, breaker not open, known to Dagster.

    Those that are not `wanted` are left out. Dagster is asked last, and only if some are left: each look of a sensor at
    its instance opens its storage anew, and most looks find nothing to do.
    """
    listed = list_accounts(linkedin.database)
    able = able_to_act(linkedin.database, linkedin.clock, [account.id for account in listed])
    ready = [account for account in listed if account.id in able and wanted(account)]
    if not ready:
        return []
    known = set(context.instance.get_dynamic_partitions(accounts.name or ""))
    return [account for account in ready if account.slug in known]


def campaign_run(
    account: str, day: date, run_key: str, *, assets: Sequence[dg.AssetKey] | None = None, live: bool = True
) -> dg.RunRequest:
    """A run of the campaign, or of some of its assets. Live is asked for; the account's mode has the last word."""
    sends = assets is None or BIRTHDAY_MESSAGES in assets
    return dg.RunRequest(
        run_key=run_key,
        partition_key=campaign_key(account, day),
        asset_selection=list(assets) if assets else None,
        run_config=ASKING_LIVE if live and sends else None,
        tags={LIVE_TAG: "true"} if live and sends else {},
    )


def campaign_runs(
    instance: dg.DagsterInstance,
    account: str,
    day: date,
    tags: dict[str, str] | None = None,
    statuses: Sequence[dg.DagsterRunStatus] | None = None,
) -> Sequence[dg.DagsterRun]:
    """The campaign's runs of that account and day, newest first, whoever started them and by whichever job."""
    wanted = {"dagster/partition/account": account, "dagster/partition/date": day.isoformat(), **(tags or {})}
    return instance.get_runs(filters=dg.RunsFilter(tags=wanted, statuses=statuses))


def asked_live(run: dg.DagsterRun) -> bool:
    """Whether the run asked for the real thing, by its configuration."""
    config: Any = run.run_config
    for key in ("ops", "birthday_messages", "config", "live"):
        config = config.get(key) if isinstance(config, Mapping) else None
    return config is True


def cut_off(run: dg.DagsterRun) -> bool:
    """Whether the campaign ended on the way though it was not terminated: failed, held, or stopped with the product."""
    stopped = run.status is dg.DagsterRunStatus.CANCELED and run.tags.get(STOPPED_TAG) == "true"
    held = run.status is dg.DagsterRunStatus.SUCCESS and run.tags.get(HELD_TAG) == "true"
    return stopped or held or run.status is dg.DagsterRunStatus.FAILURE


def approved_by_hand(
    context: dg.SensorEvaluationContext,
    linkedin: LinkedIn,
    job: str,
    acting: dg.AssetKey,
    latest_approval: Callable[[Database, str, date], Any],
    wants: Callable[[AccountView], bool] = lambda _: True,
) -> Iterator[dg.RunRequest]:
    """Runs of `job` for plans that the member approved by hand today: once an approval, beside no other run.

    What was approved is acted on by the asset `acting`; what the site shows is not read again.
    """
    for account in ready_accounts(context, linkedin, wants):
        day = today_of(linkedin, account)
        approval = latest_approval(linkedin.database, account.slug, day)
        if approval is None or not approval.covers_list or approval.approved_by != MEMBER:
            continue
        if campaign_runs(context.instance, account.slug, day, statuses=GOING_ON):
            continue
        yield dg.RunRequest(
            run_key=f"{account.slug}:{day}:{approval.content_hash[:16]}:{approval.approved_at:%Y%m%dT%H%M%S}",
            partition_key=campaign_key(account.slug, day),
            asset_selection=[acting, INTERACTIONS, CAMPAIGN_REPORT],
            run_config=live_config(job),
            tags={LIVE_TAG: "true"},
        )
