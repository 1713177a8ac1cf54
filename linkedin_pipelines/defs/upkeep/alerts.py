"""Alerts: one line in the log, and the check turned red or green, when something new is to be told of an account."""

import json

import dagster as dg
import structlog

from linkedin_pipelines.defs.birthdays.launches import today_of
from linkedin_pipelines.defs.birthdays.standing_checks import metadata_of
from linkedin_pipelines.defs.partitions import accounts, campaign_key
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import BIRTHDAY_LIST
from linkedin_pipelines.services.accounts import AccountView, list_accounts
from linkedin_pipelines.services.standing import Verdict, verdicts_of

log = structlog.get_logger(__name__)


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells of every stop sign of the site, and of every session that ends soon or has ended: one line in the log "
        "(event `alert`, a session's once a day), and the checks `no_stop_sign` and `session_lasts` of the account's "
        "day. When it is over it tells that too. It starts nothing."
    ),
)
def alerts_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> dg.SkipReason:
    """A run that failed by a stop sign never comes to its checks, so they are told from here."""
    told: dict[str, str] = json.loads(context.cursor or "{}")
    known = set(context.instance.get_dynamic_partitions(accounts.name or ""))
    standing: dict[str, str] = {}
    alerts: list[str] = []
    for account in list_accounts(linkedin.database):
        for verdict in verdicts_of(linkedin.database, linkedin.clock, account.slug):
            key = f"{account.slug}/{verdict.name}"
            standing[key] = verdict.state
            if verdict.state != told.get(key, ""):
                _tell(context.instance, linkedin, account, verdict, in_dagster=account.slug in known)
            if not verdict.passed:
                alerts.append(f"{account.slug}: {verdict.sentence}")
    context.update_cursor(json.dumps(standing))
    return dg.SkipReason(" ".join(alerts) or "Nothing to tell.")


def _tell(
    instance: dg.DagsterInstance, linkedin: LinkedIn, account: AccountView, verdict: Verdict, *, in_dagster: bool
) -> None:
    write = log.info if verdict.passed else log.error if verdict.grave else log.warning
    outcome = "over" if verdict.passed else "action needed" if verdict.grave else "action needed soon"
    write("alert", account=account.slug, check=verdict.name, outcome=outcome, **verdict.facts)
    if not in_dagster:
        return
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=BIRTHDAY_LIST,
            check_name=verdict.name,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity.ERROR if verdict.grave else dg.AssetCheckSeverity.WARN,
            description=verdict.sentence,
            metadata=metadata_of(linkedin.settings, verdict),
            partition=campaign_key(account.slug, today_of(linkedin, account)),
        )
    )
