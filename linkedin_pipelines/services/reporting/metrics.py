"""Metrics, read from the database at scrape: counters as the ledger kept them, and how each account stands now.

No label names a person. Everything is read through indexes or from small tables, so that a scrape does not grow with
the ledger.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import registry as account_rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.ledger import counters
from linkedin_pipelines.db.ledger.counters import Series
from linkedin_pipelines.db.reporting import gauges, machine
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.selector_health import SelectorUse
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.accounts.registry import AccountView, view_of
from linkedin_pipelines.services.maintenance.backups import list_backups
from linkedin_pipelines.services.reporting.account_metrics import gauge, of_accounts
from linkedin_pipelines.services.reporting.audits import audit_quotas, selector_health
from linkedin_pipelines.settings import Settings

_SENT = {
    InteractionKind.BIRTHDAY_MESSAGE: ("linkedin_birthday_messages_sent", "Birthday messages, by how they ended."),
    InteractionKind.PROFILE_VISIT: ("linkedin_profile_visits", "Profile visits, by how they ended."),
    InteractionKind.INVITATION_WITHDRAWAL: ("linkedin_invitation_withdrawals", "Withdrawals, by how they ended."),
    InteractionKind.MOMENT_MESSAGE: ("linkedin_moment_messages_sent", "Congratulations, by how they ended."),
}
_ENDS = [status for status in InteractionStatus if status is not InteractionStatus.SENDING]


def collect(database: Database, settings: Settings, clock: Clock) -> list[Metric]:
    """Every family of ours, with its series as of one moment of the database.

    Raises:
        DatabaseUnavailableError: the database is away; nothing is known then.
    """
    with database.reading() as session:
        accounts = [view_of(row) for row in account_rows.all_accounts(session) if row.retired_at is None]
        series = counters.all_series(session)
        families = [
            *_counted(accounts, series),
            *of_accounts(session, accounts, clock.now()),
            *_of_database(session, clock),
        ]
    quota_kept = gauge(
        "linkedin_quota_check_passed", "Whether spending, counted afresh, kept every ceiling.", "account"
    )
    for account in accounts:
        quota_kept.add_metric([account.slug], all(each.kept for each in audit_quotas(database, clock, account.slug)))
    elements = gauge("linkedin_selector_element_found", "Whether an element is found.", "surface", "element")
    for each in selector_health(database):
        elements.add_metric([each.surface, each.element], each.state is not SelectorUse.LOST)
    return [*families, quota_kept, elements, *_of_home(settings, clock)]


def _counted(accounts: Sequence[AccountView], series: Sequence[Series]) -> Iterator[Metric]:
    """What the ledger's own transactions counted. Series of an account are there, at 0, before anything happened."""
    settled = {
        (one.labels["account"], one.labels["kind"], one.labels["status"]): one.value
        for one in series
        if one.name == counters.SETTLED
    }
    slugs = sorted({account.slug for account in accounts} | {account for account, _, _ in settled})
    for kind, (name, help_text) in _SENT.items():
        family = CounterMetricFamily(name, help_text, labels=["account", "status"])
        for slug in slugs:
            for status in _ENDS:
                family.add_metric([slug, status.value], settled.get((slug, kind.value, status.value), 0.0))
        yield family
    errors = CounterMetricFamily("linkedin_errors", "Attempts that failed.", labels=["account", "type", "service"])
    success = gauge("linkedin_last_success_timestamp_seconds", "When an attempt last succeeded.", "account", "kind")
    for one in series:
        if one.name == counters.ERRORS:
            errors.add_metric([one.labels[name] for name in ("account", "type", "service")], one.value)
        elif one.name == counters.LAST_SUCCESS:
            success.add_metric([one.labels["account"], one.labels["kind"]], one.value)
    yield errors
    yield success
    yield _histogram(slugs, series)
    yield _pages(series)


def _histogram(slugs: Sequence[str], series: Sequence[Series]) -> Metric:
    family = HistogramMetricFamily(
        "linkedin_send_duration_seconds", "From claim to proof of an attempt that was sent.", labels=["account", "kind"]
    )
    values = {
        (one.labels["account"], one.labels["kind"], one.labels["le"]): one.value
        for one in series
        if one.name == counters.SEND_SECONDS
    }
    bounds = [*(f"{bound:g}" for bound in counters.SEND_BUCKETS), "+Inf"]
    for slug in slugs:
        for kind in InteractionKind:
            total, buckets = 0.0, []
            for bound in bounds:
                total += values.get((slug, kind.value, bound), 0.0)
                buckets.append((bound, total))
            family.add_metric([slug, kind.value], buckets, values.get((slug, kind.value, "sum"), 0.0))
    return family


def _pages(series: Sequence[Series]) -> Metric:
    """Only pages that were opened: which those are depends on what the account does."""
    family = HistogramMetricFamily(
        "linkedin_page_duration_seconds",
        "From asking for a page of the site to its main part.",
        labels=["account", "page"],
    )
    values: dict[tuple[str, str], dict[str, float]] = {}
    for one in series:
        if one.name == counters.PAGE_SECONDS:
            values.setdefault((one.labels["account"], one.labels["page"]), {})[one.labels["le"]] = one.value
    bounds = [*(f"{bound:g}" for bound in counters.PAGE_BUCKETS), "+Inf"]
    for (account, page), found in values.items():
        total, buckets = 0.0, []
        for bound in bounds:
            total += found.get(bound, 0.0)
            buckets.append((bound, total))
        family.add_metric([account, page], buckets, found.get("sum", 0.0))
    return family


def _of_database(session: Session, clock: Clock) -> Iterator[Metric]:
    size = gauge("linkedin_database_size_bytes", "Size of the database.")
    size.add_metric([], machine.database_bytes(session))
    yield size
    if (events := machine.event_log_bytes(session)) is not None:
        log_size = gauge("linkedin_event_log_size_bytes", "Size of Dagster's event log.")
        log_size.add_metric([], events)
        yield log_size
    number, beat = gauges.oldest_heartbeat(session)
    under_way = gauge("linkedin_runs_under_way", "Runs that have not ended, by their own heartbeats.")
    under_way.add_metric([], number)
    yield under_way
    age = gauge("linkedin_oldest_run_heartbeat_age_seconds", "Age of the oldest heartbeat of a run under way.")
    age.add_metric([], 0.0 if beat is None else (clock.now() - beat).total_seconds())
    yield age
    build = gauge("linkedin_build_info", "Version of the product and its database.", "version", "database")
    build.add_metric([version("linkedin-pipelines"), session.get_bind().dialect.name], 1)
    yield build


def _of_home(settings: Settings, clock: Clock) -> Iterator[Metric]:
    free = gauge("linkedin_disk_free_bytes", "Free space where the home is.")
    free.add_metric([], shutil.disk_usage(settings.home).free)
    yield free
    backups = list_backups(settings)
    number = gauge("linkedin_backups", "Backups that are kept.")
    number.add_metric([], len(backups))
    yield number
    if backups:
        age = gauge("linkedin_backup_age_seconds", "Age of the newest backup.")
        age.add_metric([], (clock.now() - backups[0].taken_at).total_seconds())
        yield age
    if (history := settings.home / "history").is_dir():
        log_size = gauge("linkedin_event_log_size_bytes", "Size of Dagster's event log.")
        log_size.add_metric([], sum(_size(path) for path in history.rglob("*.db*")))
        yield log_size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # SQLite's own side files come and go
        return 0
