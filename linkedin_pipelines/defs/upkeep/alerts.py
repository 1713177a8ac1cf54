"""Alerts: one line in the log, and the checks judged anew, when something new is to be told of an account."""

import json
from collections.abc import Iterator

import dagster as dg
import structlog

from linkedin_pipelines.defs.birthdays.jobs import account_checks
from linkedin_pipelines.defs.birthdays.launches import today_of
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.orchestrator.partitions import accounts, partition_tags
from linkedin_pipelines.services.accounts.registry import list_accounts
from linkedin_pipelines.services.reporting.account_health import Verdict, verdicts_of

log = structlog.get_logger(__name__)


@dg.sensor(
    job=account_checks,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells of every stop sign of the site, and of every session that ends soon or has ended: one line in the log "
        "(event `alert`; a session's once a day), and a run that judges the checks `no_stop_sign` and `session_lasts` "
        "of the account's day anew. When it is over it tells that too."
    ),
)
def alerts_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """A campaign that a stop sign ended never comes to its checks, and no other starts, so they are asked for here."""
    told: dict[str, str] = json.loads(context.cursor or "{}")
    now = linkedin.clock.now()
    current: dict[str, str] = {}
    alerts: list[str] = []
    asked = 0
    for account in list_accounts(linkedin.database):
        news = False
        for verdict in verdicts_of(linkedin.database, linkedin.clock, account.slug):
            key = f"{account.slug}/{verdict.name}"
            current[key] = verdict.state
            if verdict.state != told.get(key, ""):
                _log(verdict)
                news = True
            if not verdict.passed:
                alerts.append(f"{account.slug}: {verdict.sentence}")
        if news and context.instance.has_dynamic_partition(accounts.name or "", account.slug):
            asked += 1
            yield dg.RunRequest(
                run_key=f"{account.slug}:{now:%Y%m%dT%H%M%S}",
                # By tags: Dagster knows no partitions of a job that has checks and no assets.
                tags=partition_tags(account.slug, today_of(linkedin, account)),
            )
    context.update_cursor(json.dumps(current))
    if not asked:
        yield dg.SkipReason(" ".join(alerts) or "Nothing to tell.")


def _log(verdict: Verdict) -> None:
    write = log.info if verdict.passed else log.error if verdict.grave else log.warning
    outcome = "over" if verdict.passed else "action needed" if verdict.grave else "action needed soon"
    write("alert", account=verdict.account, check=verdict.name, outcome=outcome, **verdict.facts)
