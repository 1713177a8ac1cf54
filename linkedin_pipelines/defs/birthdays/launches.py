"""What schedules and sensors have in common: whether an account may begin now, and the runs they ask for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

from linkedin_pipelines.db import ledger
from linkedin_pipelines.defs.partitions import accounts, campaign_key
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import (
    BIRTHDAY_LIST,
    BIRTHDAY_MESSAGES,
    CAMPAIGN_REPORT,
    INTERACTIONS,
    LIVE_TAG,
    SITE_CANARY,
    STOPPED_TAG,
)
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts import AccountView, list_accounts

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


def today_of(linkedin: LinkedIn, account: AccountView) -> date:
    """The account's own date now."""
    return local_day(linkedin.clock.now(), account.config.zone)


def ready_accounts(instance: dg.DagsterInstance, linkedin: LinkedIn) -> list[AccountView]:
    """Accounts that may act now: known to Dagster, not paused, terms accepted, within their hours, breaker not open."""
    known = set(instance.get_dynamic_partitions(accounts.name or ""))
    listed = [account for account in list_accounts(linkedin.database) if account.slug in known]
    with linkedin.database.reading() as session:
        return [a for a in listed if ledger.may_act(session, a.id, linkedin.clock.now()) is None]


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
    """Whether the run ended on the way against everybody's will: it failed, or the product was stopped under it."""
    stopped = run.status is dg.DagsterRunStatus.CANCELED and run.tags.get(STOPPED_TAG) == "true"
    return stopped or run.status is dg.DagsterRunStatus.FAILURE
